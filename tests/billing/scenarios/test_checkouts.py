"""Checkouts, payments, refunds and promotion codes.

A checkout cannot be paid at Stripe without a browser, so money moves by a payment of its own.
"""

import datetime as dt
import uuid

import pytest
import stripe
from django.utils import timezone

from billing import services, stripe_gateway
from billing.models import Order
from tests.billing.scenarios.conftest import ADDRESS
from tests.billing.test_sandbox import ABSENT, make_line, make_params, stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(client):
    """A payment of £69 by a good test card."""
    return client.payment_intents.create(make_payment("pm_card_visa"))


def make_payment(card: str) -> dict:
    return {
        "amount": 6900,
        "currency": "gbp",
        "payment_method": card,
        "confirm": True,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    }


def at_home(**changes) -> dict:
    """What opens a checkout, with addresses that Stripe takes."""
    return make_params(**{"success_url": f"{ADDRESS}/done", "cancel_url": f"{ADDRESS}/back", **changes})


def test_a_checkout_is_opened_and_says_what_the_order_says(order):
    answer = stripe_gateway.fetch_answer(order.stripe_checkout_session_id)
    checkout = answer.stated
    assert checkout.is_open
    assert not checkout.is_paid
    assert checkout.url.startswith("https://")
    assert (checkout.reference, checkout.currency, checkout.livemode) == (str(order.public_id), "gbp", False)
    assert (checkout.subtotal_minor, checkout.total_minor, checkout.tax_minor) == (6900, 6900, 0)
    assert services.reconcile_order(order=order, now=timezone.now()).status == "open"


def test_the_same_order_opens_the_same_checkout(order):
    again = stripe_gateway.create_checkout(order)
    assert again.session_id == order.stripe_checkout_session_id


def test_a_key_is_not_taken_for_another_request(order):
    Order.objects.filter(pk=order.pk).update(contact_email="changed@example.org")
    with pytest.raises(stripe_gateway.KeyReusedError):
        stripe_gateway.create_checkout(Order.objects.get(pk=order.pk))


def test_a_checkout_that_is_called_off_can_never_be_paid(order, maya):
    assert services.call_off(order=order, actor=maya, now=timezone.now()).status == "cancelled"
    assert stripe_gateway.fetch_checkout(order.stripe_checkout_session_id).is_expired
    with pytest.raises(stripe_gateway.StripeRefusedError):
        stripe_gateway.expire_checkout(order.stripe_checkout_session_id)


def test_a_checkout_is_in_the_list_of_its_time(order):
    since = timezone.now() - dt.timedelta(minutes=10)
    listed = {one.session_id: one for one in stripe_gateway.list_checkouts_since(since)}
    assert listed[order.stripe_checkout_session_id].reference == str(order.public_id)
    assert order.stripe_checkout_session_id not in {
        one.session_id for one in stripe_gateway.list_checkouts_since(timezone.now() + dt.timedelta(hours=1))
    }


def test_the_sweep_is_answered(order):
    since = timezone.now() - dt.timedelta(minutes=10)
    assert isinstance(stripe_gateway.list_payments_with_money_back_since(since), set)
    assert isinstance(stripe_gateway.list_undelivered_since(since), list)


def test_an_unknown_checkout_is_refused():
    with pytest.raises(stripe_gateway.StripeRefusedError) as refusal:
        stripe_gateway.fetch_checkout("cs_test_nothing")
    assert refusal.value.code == "resource_missing"


@pytest.mark.nonsense
@pytest.mark.parametrize(
    "changes",
    [
        {"mode": ABSENT},
        {"line_items": ABSENT},
        {"colour": "red"},
        {"line_items": [{**make_line(), "quantity": 0}]},
        {"line_items": [{**make_line(), "price": "price_1"}]},
        {"line_items": [make_line(unit_amount="69.00")]},
        {"line_items": [make_line(product_data={})]},
        {"line_items": [make_line(), make_line(currency="eur")]},
        {"line_items": [make_line()] * 101},
        {"success_url": "/done"},
        {"expires_at": stamp(minutes=20)},
        {"expires_at": stamp(hours=25)},
        {"allow_promotion_codes": True, "discounts": [{"coupon": "none"}]},
        {"customer_email": "nonsense"},
        {"customer_email": ""},
        {"customer_update": {"name": "auto"}},
        {"client_reference_id": "x" * 201},
        {"metadata": {"x" * 41: "1"}},
        {"metadata": {"order": "x" * 501}},
        {"metadata": {f"name {number}": "1" for number in range(51)}},
        {"submit_type": "rent"},
        {"expand": ["colour"]},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_what_makes_no_sense_is_refused(client, changes):
    with pytest.raises(stripe.InvalidRequestError):
        client.checkout.sessions.create(at_home(**changes))


@pytest.mark.nonsense
@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 101}, {"starting_after": "cs_test_none"}, {"colour": "red"}], ids=str
)
def test_a_page_of_a_list_that_cannot_be_is_refused(client, params):
    with pytest.raises(stripe.InvalidRequestError):
        client.checkout.sessions.list(params)


def test_a_payment_is_given_back_in_parts_and_never_more_than_it_was(client, payment):
    assert payment.status == "succeeded"
    first = client.refunds.create({"payment_intent": payment.id, "amount": 1000})
    assert (first.status, first.amount) == ("succeeded", 1000)
    with pytest.raises(stripe.InvalidRequestError):
        client.refunds.create({"payment_intent": payment.id, "amount": 5901})
    client.refunds.create({"payment_intent": payment.id})
    listed = client.refunds.list({"payment_intent": payment.id, "limit": 100})
    assert sorted(refund.amount for refund in listed) == [1000, 5900]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.refunds.create({"payment_intent": payment.id})
    assert refusal.value.code == "charge_already_refunded"
    assert client.disputes.list({"payment_intent": payment.id}).data == []


def test_a_refund_under_the_same_key_is_made_once(client, payment):
    params, options = {"payment_intent": payment.id, "amount": 100}, {"idempotency_key": str(uuid.uuid4())}
    made = [client.refunds.create(params, options).id for _ in range(2)]
    assert len(set(made)) == 1
    with pytest.raises(stripe.IdempotencyError):
        client.refunds.create({**params, "amount": 200}, options)


def test_a_card_that_is_declined_pays_nothing(client):
    with pytest.raises(stripe.CardError) as refusal:
        client.payment_intents.create(make_payment("pm_card_chargeDeclined"))
    assert refusal.value.code == "card_declined"


def test_a_promotion_code_is_for_one_coupon_and_its_word_is_taken_once(client):
    coupon = client.coupons.create({"percent_off": 10, "duration": "once"})
    word = f"T{uuid.uuid4().hex[:10]}"
    code = client.promotion_codes.create({"code": word, "promotion": {"type": "coupon", "coupon": coupon.id}})
    assert (code.active, code.times_redeemed, code.promotion.coupon) == (True, 0, coupon.id)
    with pytest.raises(stripe.InvalidRequestError):
        client.promotion_codes.create(
            {"code": word.lower(), "promotion": {"type": "coupon", "coupon": coupon.id}}
        )
    session = client.checkout.sessions.create(at_home(discounts=[{"promotion_code": code.id}]))
    assert (session.amount_subtotal, session.amount_total) == (6900, 6210)
    assert session.total_details.amount_discount == 690
    assert client.promotion_codes.update(code.id, {"active": False}).active is False


@pytest.mark.nonsense
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"percent_off": 10, "amount_off": 500, "currency": "gbp"},
        {"percent_off": 101},
        {"amount_off": 500},
        {"percent_off": 10, "redeem_by": 1},
    ],
    ids=str,
)
def test_a_coupon_that_makes_no_sense_is_refused(client, params):
    with pytest.raises(stripe.InvalidRequestError):
        client.coupons.create(params)
