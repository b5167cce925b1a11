"""Whatever goes wrong on the way to Stripe and back, an order is paid once, given back once, told once."""

import random
import uuid

import pytest
import stripe
from django.utils import timezone

from billing import services, stripe_gateway
from billing.models import Order, Refund, Term
from billing.sandbox import bank, deliveries, faults, payer, store
from billing.sandbox.models import SandboxEvent, SandboxObject
from tests.billing import wire
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

# How often: once (the library may try again by itself), or until we give up.
TIMES = (1, 9)


def made(kind: str) -> int:
    return SandboxObject.objects.filter(kind=kind).count()


@pytest.fixture
def paid(order, pay, reconcile):
    """A paid order, with its mail sent."""
    after = reconcile(pay(order))
    send_waiting_mail()
    return after


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("kind", faults.KINDS)
def test_whatever_happens_to_the_opening_there_is_one_checkout_and_one_term(
    begin, maya, willow_lane, pay, reconcile, kind, times
):
    with faults.injected(faults.Fault(kind, where="POST /v1/checkout/sessions", times=times)):
        try:
            begin(maya, willow_lane)
        except services.NoCheckoutError:
            assert Order.objects.get().status == "draft"
    order = begin(maya, willow_lane)
    assert (order.status, made("checkout.session"), Order.objects.count()) == ("open", 1, 1)
    assert reconcile(pay(order)).status == "fulfilled"
    assert (Term.objects.count(), len(send_waiting_mail())) == (1, 1)


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("kind", faults.KINDS)
def test_whatever_happens_to_the_asking_a_delivery_comes_again_until_it_is_paid(order, pay, kind, times):
    with faults.held_deliveries() as held:
        pay(order)
    with faults.injected(faults.Fault(kind, where="GET", times=times)):
        first = deliveries.deliver(held.event_ids[0])
    assert first in (200, 503)
    order.refresh_from_db()
    assert order.status == ("fulfilled" if first == 200 else "open")
    assert deliveries.deliver(held.event_ids[0]) == 200
    order.refresh_from_db()
    assert (order.status, Term.objects.count(), len(send_waiting_mail())) == ("fulfilled", 1, 1)


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("kind", faults.KINDS)
def test_whatever_happens_to_a_refund_the_money_goes_back_once(paid, stan, kind, times):
    with faults.injected(faults.Fault(kind, where="POST /v1/refunds", times=times)):
        services.refund_order(
            order=paid,
            amount_minor=1000,
            reason="Too many",
            key=uuid.uuid4(),
            actor=stan,
            now=timezone.now(),
        )
    services.finish_refunds(now=timezone.now())
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor, made("refund")) == ("partly_refunded", 1000, 1)
    assert Refund.objects.get().state == "succeeded"
    assert not Refund.objects.not_yet_at_stripe().exists()


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("kind", faults.KINDS)
def test_whatever_happens_to_the_calling_off_nobody_can_pay_afterwards(order, maya, kind, times):
    where = f"POST /v1/checkout/sessions/{order.stripe_checkout_session_id}/expire"
    with faults.injected(faults.Fault(kind, where=where, times=times)):
        try:
            services.call_off(order=order, actor=maya, now=timezone.now())
        except services.NoCheckoutError:
            order.refresh_from_db()
            assert order.status in ("open", "expired")
    order.refresh_from_db()
    services.call_off(order=order, actor=maya, now=timezone.now())
    order.refresh_from_db()
    assert order.status in ("cancelled", "expired")
    with pytest.raises(payer.RefusedError):
        payer.pay_by_card(order.stripe_checkout_session_id)


@pytest.mark.parametrize("kind", faults.KINDS)
def test_whatever_happens_to_the_clock_the_next_run_finds_the_payment(order, pay, kind):
    with faults.held_deliveries():
        pay(order)
    with faults.injected(faults.Fault(kind, where="GET", times=9)):
        services.reconcile_waiting(now=timezone.now())
    order.refresh_from_db()
    assert services.reconcile_waiting(now=timezone.now()).failed == 0
    order.refresh_from_db()
    assert (order.status, Term.objects.count()) == ("fulfilled", 1)


def test_too_many_requests_are_answered_with_when_to_come_again():
    client = stripe_gateway.get_client()
    with (
        faults.injected(faults.Fault("429", where="GET")),
        pytest.raises(stripe.RateLimitError) as refusal,
    ):
        client.v1.refunds.list()
    assert refusal.value.json_body["error"]["code"] == "rate_limit"
    assert refusal.value.headers["retry-after"] == faults.RETRY_AFTER_SECONDS


def test_key_reused_with_other_parameters(begin, maya, willow_lane, pay, reconcile):
    """An older version of the site built the same order's request differently; its checkout is never paid."""
    with (
        faults.injected(faults.Fault(faults.TIMEOUT_AFTER, where="POST", times=3)),
        pytest.raises(services.NoCheckoutError),
    ):
        begin(maya, willow_lane)
    Order.objects.update(contact_email="changed@example.org")
    order = begin(maya, willow_lane)
    assert (order.attempt, made("checkout.session")) == (2, 2)
    assert reconcile(pay(order)).status == "fulfilled"
    assert Term.objects.count() == 1


def test_no_webhook_ever(order, pay, settings):
    """No ring arrives, from the opening to the refund; the clock alone brings the order to its end."""
    with faults.held_deliveries() as held:
        pay(order)
        services.reconcile_waiting(now=timezone.now())
        order.refresh_from_db()
        assert order.status == "fulfilled"
        bank.give_back_from_dashboard(order.stripe_checkout_session_id)
        services.sweep(now=timezone.now())
    order.refresh_from_db()
    assert (order.status, order.refunded_minor) == ("refunded", 6900)
    assert len(held.event_ids) == 3
    assert not SandboxEvent.objects.filter(delivered_at__isnull=False).exists()


@pytest.mark.parametrize("seed", range(5))
def test_held_shuffled_and_repeated_deliveries_end_as_the_orderly_ones(order, seed):
    session_id = order.stripe_checkout_session_id
    with faults.held_deliveries() as held:
        payer.pay_by_card(session_id)
        bank.give_back_from_dashboard(session_id, 1000)
        bank.withdraw(session_id)
        bank.decide_for_us(session_id)
    for event_id in held.in_order(times=3, shuffle=random.Random(seed)):  # noqa: S311
        assert deliveries.deliver(event_id) == 200
    order.refresh_from_db()
    assert (order.status, order.refunded_minor) == ("partly_refunded", 1000)
    assert Term.objects.in_force().count() == 1


def test_an_outage_in_the_middle_of_many_deliveries_loses_none(order, begin, omar, harbour_house):
    others = [order, begin(omar, harbour_house)]
    with faults.held_deliveries() as held:
        for one in others:
            payer.pay_by_card(one.stripe_checkout_session_id)
    with faults.injected(faults.Fault("500", where="GET", times=4)):
        waiting = [one for one in held.in_order() if wire.post(wire.event_body(one)) != 200]
    assert waiting
    for event_id in waiting:
        assert deliveries.deliver(event_id) == 200
    assert set(Order.objects.values_list("status", flat=True)) == {"fulfilled"}
    assert store.find(store.SESSION, order.stripe_checkout_session_id)["payment_status"] == "paid"
