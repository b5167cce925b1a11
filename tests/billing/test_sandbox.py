"""The sandbox refuses what Stripe refuses, answers in Stripe's shapes, and remembers its keys."""

import datetime as dt
import uuid

import pytest
import stripe
from django.urls import reverse
from django.utils import timezone

from billing import mode, services, stripe_gateway
from billing.sandbox import payer, store
from billing.sandbox.models import SandboxEvent, SandboxObject
from billing.sandbox.rules import RefusedError, read_form

pytestmark = pytest.mark.django_db

ABSENT = object()


@pytest.fixture
def sessions():
    return stripe_gateway.get_client().v1.checkout.sessions


def make_params(**changes) -> dict:
    """What opens a checkout, but for ``changes``; ABSENT leaves a parameter out."""
    params = {
        "mode": "payment",
        "success_url": "http://testserver/done",
        "cancel_url": "http://testserver/back",
        "expires_at": int((timezone.now() + dt.timedelta(hours=23)).timestamp()),
        "line_items": [make_line()],
        **changes,
    }
    return {name: value for name, value in params.items() if value is not ABSENT}


def make_line(**price) -> dict:
    price_data = {"currency": "gbp", "unit_amount": 6900, "product_data": {"name": "Section"}, **price}
    return {"quantity": 1, "price_data": {k: v for k, v in price_data.items() if v is not ABSENT}}


def stamp(**ahead) -> int:
    return int((timezone.now() + dt.timedelta(**ahead)).timestamp())


def test_what_makes_sense_is_opened(sessions):
    session = sessions.create(make_params())
    assert session.status == "open"
    assert session.payment_status == "unpaid"
    assert session.amount_total == 6900
    assert session.livemode is False
    assert "sbx" in session.id
    assert session.url.endswith(f"/billing/sandbox/pay/{session.id}/")


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"mode": "subscription"}, "mode"),
        ({"mode": ABSENT}, "mode"),
        ({"line_items": ABSENT}, "line_items"),
        ({"line_items": [{"quantity": 1}]}, "line_items[0][price]"),
        ({"line_items": [{"quantity": 1, "price": "price_1"}]}, "line_items[0][price]"),
        ({"line_items": [{**make_line(), "price": "price_1"}]}, "line_items[0]"),
        ({"line_items": [{**make_line(), "quantity": 0}]}, "line_items[0][quantity]"),
        ({"line_items": [make_line(unit_amount=29)]}, "line_items[0][price_data][unit_amount]"),
        ({"line_items": [make_line(unit_amount="69.00")]}, "line_items[0][price_data][unit_amount]"),
        ({"line_items": [make_line(product_data={})]}, "line_items[0][price_data][product_data][name]"),
        ({"line_items": [make_line(), make_line(currency="eur")]}, "line_items"),
        ({"line_items": [make_line(colour="red")]}, "line_items[0][price_data][colour]"),
        ({"success_url": "/done"}, "success_url"),
        ({"success_url": ABSENT}, "success_url"),
        ({"expires_at": stamp(minutes=20)}, "expires_at"),
        ({"expires_at": stamp(hours=25)}, "expires_at"),
        ({"locale": "xx"}, "locale"),
        ({"allow_promotion_codes": True, "discounts": [{"coupon": "c"}]}, "discounts"),
        ({"customer": "cus_1", "customer_email": "a@example.org"}, "customer_email"),
        ({"customer_email": "nonsense"}, "customer_email"),
        ({"client_reference_id": "x" * 201}, "client_reference_id"),
        ({"metadata": {"order": "x" * 501}}, "metadata"),
        ({"metadata": {"x" * 41: "1"}}, "metadata"),
        ({"metadata": {f"name {number}": "1" for number in range(51)}}, "metadata"),
        ({"payment_intent_data": {"metadata": {"x" * 41: "1"}}}, "payment_intent_data[metadata]"),
        ({"customer_email": ""}, "customer_email"),
        ({"submit_type": "rent"}, "submit_type"),
        ({"customer_update": {"name": "auto"}}, "customer_update"),
        ({"customer": "cus_1", "customer_creation": "always"}, "customer_creation"),
        ({"customer": "cus_1", "tax_id_collection": {"enabled": True}}, "customer_update"),
        (
            {
                "customer": "cus_1",
                "tax_id_collection": {"enabled": True},
                "customer_update": {"address": "auto"},
            },
            "customer_update",
        ),
        ({"line_items": [make_line()] * 101}, "line_items"),
        ({"line_items": [make_line(unit_amount=100_000_000)]}, "line_items"),
        ({"expand": ["charge"]}, "expand"),
        ({"payment_method_types": ["card"]}, "payment_method_types[0]"),
        ({"tax_id_collections": {"enabled": True}}, "tax_id_collections[enabled]"),
        ({"expand": ["payment_intent.latest_charge.dispute"]}, "expand"),
    ],
)
@pytest.mark.nonsense
def test_what_stripe_would_refuse_is_refused_and_nothing_is_kept(sessions, changes, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        sessions.create(make_params(**changes))
    assert refusal.value.param == param
    assert not SandboxObject.objects.exists()


def test_the_same_key_gives_the_same_answer(sessions):
    params, options = make_params(), {"idempotency_key": str(uuid.uuid4())}
    assert sessions.create(params, options).id == sessions.create(params, options).id
    assert SandboxObject.objects.count() == 1


def test_the_same_key_with_other_parameters_is_refused(sessions):
    options = {"idempotency_key": str(uuid.uuid4())}
    sessions.create(make_params(), options)
    with pytest.raises(stripe.IdempotencyError):
        sessions.create(make_params(locale="en-GB"), options)


def test_a_refusal_is_not_remembered_under_its_key(sessions):
    options = {"idempotency_key": str(uuid.uuid4())}
    with pytest.raises(stripe.InvalidRequestError):
        sessions.create(make_params(mode="setup"), options)
    assert sessions.create(make_params(), options).status == "open"


def test_what_is_not_expanded_is_an_id_and_what_is_shows_the_charge(order):
    payer.pay_by_card(order.stripe_checkout_session_id)
    sessions = stripe_gateway.get_client().v1.checkout.sessions
    plain = sessions.retrieve(order.stripe_checkout_session_id)
    assert plain.payment_intent.startswith("pi_sbx")
    full = sessions.retrieve(order.stripe_checkout_session_id, {"expand": ["payment_intent.latest_charge"]})
    assert full.payment_intent.latest_charge.status == "succeeded"
    assert full.payment_intent.amount_received == 6900


def test_lists_have_pages(sessions):
    made = {sessions.create(make_params()).id for _ in range(5)}
    assert {one.id for one in sessions.list({"limit": 2}).auto_paging_iter()} == made
    assert len(sessions.list({"limit": 2}).data) == 2


def test_a_list_goes_backwards_too(sessions):
    made = [sessions.create(make_params()).id for _ in range(5)]
    assert {one.id for one in sessions.list({"limit": 3})} <= set(made)
    listed = [one.id for one in sessions.list({"limit": 5})]
    page = sessions.list({"limit": 2, "ending_before": listed[3]})
    assert ([one.id for one in page.data], page.has_more) == (listed[1:3], True)
    page = sessions.list({"limit": 2, "starting_after": listed[3]})
    assert ([one.id for one in page.data], page.has_more) == (listed[4:], False)


def test_a_list_keeps_to_its_times(sessions):
    made = sessions.create(make_params())
    now = made.created
    assert [one.id for one in sessions.list({"created": now})] == [made.id]
    assert [one.id for one in sessions.list({"created": {"gte": now, "lte": now}})] == [made.id]
    assert sessions.list({"created": {"gt": now}}).data == []
    assert sessions.list({"created": {"lt": now}}).data == []


def test_events_are_listed_by_their_type(order):
    payer.pay_by_card(order.stripe_checkout_session_id)
    events = stripe_gateway.get_client().v1.events
    assert len(events.list({"types": ["checkout.session.completed"]}).data) == 1
    assert events.list({"types": ["refund.created"]}).data == []
    assert events.list({"type": "refund.created"}).data == []


@pytest.mark.nonsense
@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "all"}, "limit"),
        ({"starting_after": "cs_test_none"}, "starting_after"),
        ({"ending_before": "cs_test_none"}, "ending_before"),
        ({"starting_after": "cs_1", "ending_before": "cs_2"}, "ending_before"),
        ({"created": {"gte": "yesterday"}}, "created"),
        ({"colour": "red"}, "colour"),
        ({"expand": ["data.charge"]}, "expand"),
    ],
)
def test_a_page_that_cannot_be_is_refused(sessions, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        sessions.list(params)
    assert refusal.value.param == param


@pytest.mark.nonsense
def test_only_checkouts_are_expanded(order):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        stripe_gateway.get_client().v1.refunds.list({"expand": ["data.charge"]})
    assert refusal.value.param == "expand[0]"


def test_a_key_that_is_too_long_is_refused(sessions):
    with pytest.raises(stripe.InvalidRequestError):
        sessions.create(make_params(), {"idempotency_key": "x" * 256})
    assert sessions.create(make_params(), {"idempotency_key": "x" * 255}).status == "open"


def test_a_tax_id_is_asked_for_where_nobody_is_known_yet(sessions):
    session = sessions.create(make_params(tax_id_collection={"enabled": True}))
    assert session.tax_id_collection.enabled is True


def test_unknown_things_and_addresses_get_404(sessions):
    client = stripe_gateway.get_client()
    for call in (
        lambda: sessions.retrieve("cs_test_nothing"),
        lambda: client.v1.payment_intents.retrieve("pi_nothing"),
        lambda: client.v1.customers.retrieve("cus_nothing"),
        lambda: client.v1.products.create({"name": "A course"}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            call()
        assert refusal.value.http_status == 404


def test_a_closed_checkout_takes_no_second_payment(order):
    payer.pay_by_card(order.stripe_checkout_session_id)
    for act in (payer.pay_by_card, payer.pay_by_bacs, payer.decline_card, payer.settle, store.expire_session):
        with pytest.raises(RefusedError):
            act(order.stripe_checkout_session_id)
    assert SandboxObject.objects.filter(kind="charge").count() == 1


def test_forms_are_read_as_stripe_reads_them():
    text = "a[0][b]=1&a[1][b]=2&c[d]=3&e=&expand[0]=x"
    assert read_form(text) == {"a": [{"b": "1"}, {"b": "2"}], "c": {"d": "3"}, "e": "", "expand": ["x"]}


def test_the_pay_page_says_that_no_money_moves(order, as_):
    address = reverse("billing_sandbox:pay", args=[order.stripe_checkout_session_id])
    page = as_().get(address).content.decode()
    assert "SANDBOX, NO MONEY MOVES" in page
    assert "£69" in page
    assert as_().get(reverse("billing_sandbox:pay", args=["cs_test_nothing"])).status_code == 404


def test_a_checkout_made_at_one_port_is_paid_at_another(order, maya, as_, settings):
    settings.BASE_URL = "http://localhost:9000"
    address = services.open_checkout(order=order, now=timezone.now())
    assert address == f"http://localhost:9000/billing/sandbox/pay/{order.stripe_checkout_session_id}/"
    client = as_(maya)
    page = address.removeprefix(settings.BASE_URL)
    assert client.post(page, {"action": "back"}).url == reverse("billing:cancelled", args=[order.public_id])
    assert client.post(page, {"action": "pay"}).url == reverse("billing:return", args=[order.public_id])
    assert "http://testserver" not in client.get(page).content.decode()


@pytest.mark.parametrize("action", ["", "nonsense", "settle", "send_back"])
def test_senseless_buttons_do_nothing(order, as_, action):
    address = reverse("billing_sandbox:pay", args=[order.stripe_checkout_session_id])
    assert as_().post(address, {"action": action}).status_code in (200, 302)
    assert store.find(store.SESSION, order.stripe_checkout_session_id)["status"] == "open"


def test_with_keys_there_is_no_sandbox(order, as_, settings):
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    address = reverse("billing_sandbox:pay", args=[order.stripe_checkout_session_id])
    assert as_().get(address).status_code == 404
    client = stripe_gateway.get_client()
    assert client._requestor._get_http_client().name == "requests"


def test_the_signing_secret_is_the_sites_own(settings):
    before = mode.webhook_secrets()
    settings.SECRET_KEY = "another"
    assert mode.webhook_secrets() != before


def test_no_card_no_secret_and_no_hidden_part_is_in_an_event(order):
    payer.pay_by_card(order.stripe_checkout_session_id)
    shown = SandboxEvent.objects.get().body["data"]["object"]
    assert "line_items" not in shown
    assert shown["client_secret"] is None


def test_neither_logs_nor_rows_hold_secrets_or_words(order, pay, reconcile, caplog, settings):
    with caplog.at_level("DEBUG"):
        reconcile(pay(order))
    text = " ".join(
        f"{record.getMessage()} {record.__dict__}"
        for record in caplog.records
        if record.name != "django.db.backends"
    )
    assert order.contact_email not in text.replace("contact_email", "")
    assert mode.SANDBOX_KEY not in text
