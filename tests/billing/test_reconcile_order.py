"""reconcile_order: the one way in which an order learns what Stripe says, whatever rings, however often."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.utils import timezone

from billing import services, stripe_gateway
from billing.models import Order, OrderLine, StripeEvent, Term
from billing.sandbox import bank, deliveries, faults, payer, store
from billing.sandbox.models import SandboxEvent
from billing.services import fulfilment
from billing.services.states import ALLOWED, NotAllowedError, move_order
from tests.billing import wire
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


def change_session(order: Order, **changes) -> None:
    """Have Stripe say something else about an order's checkout."""
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    store.keep({**session, **changes})


def test_a_paid_order_gives_one_term_for_twelve_months_and_one_receipt(order, pay, reconcile):
    after = reconcile(pay(order), now=dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    assert after.status == "fulfilled"
    assert after.paid_minor == 6900
    term = Term.objects.get()
    assert (term.starts_on, term.ends_on) == (dt.date(2026, 11, 21), dt.date(2027, 11, 21))
    assert term.order_line.order_id == order.pk
    (mail,) = send_waiting_mail()
    assert mail.to == [order.contact_email]
    assert "20 November 2027" in mail.body
    assert "£69" in mail.body
    assert "VAT" not in mail.body


def test_doing_it_again_changes_nothing(order, pay, reconcile):
    pay(order)
    for _ in range(5):
        assert reconcile(order).status == "fulfilled"
    assert Term.objects.count() == 1
    assert len(send_waiting_mail()) == 1


def test_an_unpaid_order_stays_open_and_gives_nothing(order, reconcile):
    assert reconcile(order).status == "open"
    assert not Term.objects.exists()


def test_complete_is_not_paid(order, reconcile):
    payer.pay_by_bacs(order.stripe_checkout_session_id)
    assert reconcile(order).status == "processing"
    assert not Term.objects.exists()
    assert send_waiting_mail() == []


def test_a_direct_debit_that_comes_back_is_told_to_the_buyer_and_frees_the_line(order, reconcile):
    payer.pay_by_bacs(order.stripe_checkout_session_id)
    reconcile(order)
    payer.send_back(order.stripe_checkout_session_id)
    assert reconcile(order).status == "failed"
    (mail,) = send_waiting_mail()
    assert "came back" in mail.subject
    assert not OrderLine.objects.live().exists()


def test_a_code_for_the_whole_price_is_paid_without_a_payment(order, reconcile):
    totals = {"amount_discount": 6900, "amount_shipping": 0, "amount_tax": 0}
    change_session(order, amount_total=0, total_details=totals)
    payer.pay_by_card(order.stripe_checkout_session_id)
    after = reconcile(order)
    assert after.status == "fulfilled"
    assert (after.paid_minor, after.discount_minor) == (0, 6900)
    assert after.stripe_payment_intent_id == ""


def test_one_event_a_thousand_times_has_one_effect(order, pay, django_assert_max_num_queries):
    with faults.held_deliveries() as held:
        pay(order)
    body = wire.event_body(held.event_ids[0])
    signature = wire.sign(body)
    assert wire.post(body, signature) == 200
    with django_assert_max_num_queries(999):
        assert {wire.post(body, signature) for _ in range(999)} == {200}
    assert Term.objects.count() == 1
    assert StripeEvent.objects.count() == 1
    assert len(send_waiting_mail()) == 1


def test_an_event_before_our_commit_finds_the_order_by_its_reference(order, pay):
    """The answer to our call was still on its way when the buyer had paid already."""
    Order.objects.filter(pk=order.pk).update(status="draft", stripe_checkout_session_id="")
    with faults.held_deliveries() as held:
        pay(order)
    assert deliveries.deliver(held.event_ids[0]) == 200
    after = Order.objects.get(pk=order.pk)
    assert after.status == "fulfilled"
    assert after.stripe_checkout_session_id == order.stripe_checkout_session_id


def test_news_of_a_refund_before_the_news_of_the_payment_is_resolved_and_opens_nothing(order, pay):
    """An unknown payment is looked up, never dropped; refunded money opens no access."""
    with faults.held_deliveries():
        pay(order)
        refund = bank.give_back_from_dashboard(order.stripe_checkout_session_id)
    assert wire.post(wire.make_body("refund.created", refund)) == 200
    order.refresh_from_db()
    assert (order.status, order.refunded_minor) == ("refunded", 6900)
    assert order.stripe_payment_intent_id == refund["payment_intent"]
    assert not Term.objects.unrevoked().exists()


def test_a_charge_of_a_known_payment_finds_its_order(order, pay, reconcile):
    after = reconcile(pay(order))
    charge = {"id": "ch_sbx1", "object": "charge", "payment_intent": after.stripe_payment_intent_id}
    version = after.version
    assert wire.post(wire.make_body("charge.refunded", charge)) == 200
    after.refresh_from_db()
    assert after.version > version


@pytest.mark.parametrize(
    "thing",
    [
        {"id": "cs_test_nobody", "object": "checkout.session", "client_reference_id": None},
        {"id": "cs_test_nobody", "object": "checkout.session", "client_reference_id": "no uuid"},
        {
            "id": "cs_test_nobody",
            "object": "checkout.session",
            "client_reference_id": "00000000-0000-4000-8000-000000000000",
        },
        {"object": "checkout.session"},
    ],
)
def test_an_unknown_session_gets_200_and_does_nothing(thing, order):
    assert wire.post(wire.make_body("checkout.session.completed", thing)) == 200
    order.refresh_from_db()
    assert order.status == "open"


def test_the_reference_of_another_settings_order_fulfils_neither(
    order, begin, omar, harbour_house, pay, reconcile
):
    other = begin(omar, harbour_house)
    pay(order)
    change_session(order, client_reference_id=str(other.public_id))
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    assert wire.post(wire.make_body("checkout.session.completed", session)) == 200
    order.refresh_from_db()
    other.refresh_from_db()
    assert (order.status, order.review_reason) == ("review", "The payment names another order.")
    assert other.status == "open"
    assert not Term.objects.exists()


def test_a_checkout_that_only_claims_to_be_ours_is_not_adopted(order, begin, omar, harbour_house, pay):
    """A forged reference in an event: Stripe is asked whose checkout it really is."""
    other = begin(omar, harbour_house)
    Order.objects.filter(pk=order.pk).update(status="draft", stripe_checkout_session_id="")
    pay(other)
    session = store.find(store.SESSION, other.stripe_checkout_session_id)
    Order.objects.filter(pk=other.pk).update(status="draft", stripe_checkout_session_id="")
    forged = {**session, "client_reference_id": str(order.public_id)}
    assert wire.post(wire.make_body("checkout.session.completed", forged)) == 200
    order.refresh_from_db()
    assert (order.status, order.stripe_checkout_session_id) == ("draft", "")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount_subtotal": 69, "amount_total": 69}, "The amount is not the order's."),
        ({"amount_total": 100}, "The total does not follow from the amount and the discount."),
        ({"currency": "jpy"}, "The currency is not the order's."),
        ({"livemode": True}, "The payment's mode is not the site's."),
        ({"client_reference_id": None}, "The payment names another order."),
        (
            {"total_details": {"amount_discount": 0, "amount_tax": 1150}},
            "Tax was added that the order knows nothing of.",
        ),
    ],
)
def test_what_does_not_fit_goes_to_review_opens_nothing_and_tells_staff(
    order, pay, reconcile, settings, changes, why
):
    pay(order)
    change_session(order, **changes)
    after = reconcile(order)
    assert (after.status, after.review_reason) == ("review", why)
    assert not Term.objects.exists()
    (mail,) = send_waiting_mail()
    assert mail.to == [settings.SUPPORT_EMAIL]
    assert reconcile(order).status == "review"
    assert send_waiting_mail() == []


def test_an_event_that_says_paid_while_the_api_says_open_gives_nothing(order):
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    lie = {**session, "status": "complete", "payment_status": "paid"}
    assert wire.post(wire.make_body("checkout.session.completed", lie)) == 200
    order.refresh_from_db()
    assert order.status == "open"
    assert not Term.objects.exists()


def test_paid_after_expiry_is_fulfilled_because_money_wins(order, reconcile, pay):
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    store.expire_session(order.stripe_checkout_session_id)
    assert reconcile(order).status == "expired"
    store.keep(session)
    assert reconcile(pay(order)).status == "fulfilled"


def test_paid_after_it_was_called_off_goes_to_review(order, maya, reconcile, pay):
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    assert services.call_off(order=order, actor=maya, now=timezone.now()).status == "cancelled"
    store.keep(session)
    after = reconcile(pay(order))
    assert (after.status, after.review_reason) == ("review", "Paid after it was called off.")
    assert not Term.objects.exists()


def test_a_second_real_payment_goes_to_review(order, begin, maya, willow_lane, reconcile, pay):
    """The first checkout lapsed, a second was paid, and then the first was paid after all."""
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    store.expire_session(order.stripe_checkout_session_id)
    reconcile(order)
    second = begin(maya, willow_lane)
    assert second.pk != order.pk
    assert reconcile(pay(second)).status == "fulfilled"
    store.keep(session)
    after = reconcile(pay(order))
    assert (after.status, Term.objects.count()) == ("review", 1)
    assert after.review_reason == "Another order was paid for the same thing meanwhile."
    assert after.paid_minor == 6900


def test_of_two_workers_the_older_answer_never_wins(order, pay, reconcile, monkeypatch):
    """The older answer, fetched before the payment, arrives at the lock after the newer one was applied."""
    older = stripe_gateway.fetch_answer(order.stripe_checkout_session_id)
    fetch, answers = stripe_gateway.fetch_answer, []

    def slow_first(session_id):
        answers.append(session_id)
        if len(answers) > 1:
            return fetch(session_id)
        monkeypatch.setattr(stripe_gateway, "fetch_answer", fetch)
        payer.pay_by_bacs(session_id)
        assert reconcile(order).status == "processing"
        payer.settle(session_id)
        assert reconcile(order).status == "fulfilled"
        return older

    monkeypatch.setattr(stripe_gateway, "fetch_answer", slow_first)
    after = reconcile(order)
    assert (after.status, after.paid_minor) == ("fulfilled", 6900)
    assert Term.objects.count() == 1


def test_an_answer_that_is_always_overtaken_gives_up_and_says_so(order, monkeypatch):
    fetch = stripe_gateway.fetch_answer

    def overtaken(session_id):
        Order.objects.filter(pk=order.pk).update(version=Order.objects.get(pk=order.pk).version + 1)
        return fetch(session_id)

    monkeypatch.setattr(stripe_gateway, "fetch_answer", overtaken)
    with pytest.raises(services.OrderIsBusyError):
        services.reconcile_order(order=order, now=timezone.now())


def test_a_crash_between_the_term_and_the_commit_leaves_nothing_half_done(order, pay, monkeypatch):
    pay(order)
    from billing.services import reconcile as module

    def crash(*args, **kwargs):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(module, "tell_people", crash)
        with pytest.raises(RuntimeError):
            services.reconcile_order(order=order, now=timezone.now())
    order.refresh_from_db()
    assert order.status == "open"
    assert not Term.objects.exists()
    assert services.reconcile_order(order=order, now=timezone.now()).status == "fulfilled"
    assert Term.objects.count() == 1


def test_a_state_is_only_reached_from_where_the_table_allows_it(order):
    for target, sources in ALLOWED.items():
        for source in Order.Status.values:
            Order.objects.filter(pk=order.pk).update(status=source)
            order.refresh_from_db()
            if source in sources:
                move_order(order, target, now=timezone.now())
                assert order.status == target
            else:
                with pytest.raises(NotAllowedError):
                    move_order(order, target, now=timezone.now())


def test_a_line_is_live_exactly_while_its_order_is(order):
    for status in ("processing", "failed"):
        move_order(order, status, now=timezone.now())
        assert OrderLine.objects.get().is_live is order.is_live


@pytest.mark.django_db(transaction=True)
def test_stripe_is_never_asked_while_a_transaction_is_open(begin, maya, willow_lane, product):
    """A lock held while a far server thinks stops everybody else."""
    open_ones = []

    def look(method, path):
        open_ones.append(connection.in_atomic_block)

    with faults.watched(look):
        order = begin(maya, willow_lane)
        payer.pay_by_card(order.stripe_checkout_session_id)
        services.reconcile_order(order=order, now=timezone.now())
        services.reconcile_waiting(now=timezone.now())
        services.sweep(now=timezone.now())
    assert len(open_ones) >= 4
    assert not any(open_ones)
    assert SandboxEvent.objects.get().delivered_at


def test_pretend_money_opens_nothing_on_a_live_site(order, pay, reconcile, willow_lane, settings):
    reconcile(pay(order))
    today = timezone.localdate()
    assert Term.objects.opening_on(today).exists()
    settings.STRIPE_SECRET_KEY = "sk_live_1"
    assert not Term.objects.opening_on(today).exists()
    assert services.rental_summary(willow_lane, today) == []


@transaction.atomic
def plan_again(order):
    """The terms that an order would pay for if it were paid now."""
    return fulfilment.plan_terms(order, list(order.lines.all()), now=timezone.now())


def test_real_money_takes_the_place_of_pretend_money(order, pay, reconcile, willow_lane, settings):
    reconcile(pay(order))
    settings.STRIPE_SECRET_KEY = "sk_live_1"
    (term,) = plan_again(order)
    assert term.starts_on == timezone.localdate()
    assert Term.objects.get().revoked_at
