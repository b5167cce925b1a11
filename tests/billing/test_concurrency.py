"""Many at once: deliveries, buyers and tabs in threads, against the real database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import Order, OrderLine, Rental, StripeEvent, Term
from billing.sandbox import faults, payer
from billing.sandbox.models import SandboxObject
from billing.terms import TERMS_VERSION
from tests import factories as make
from tests.billing import wire
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls, threads: int) -> list:
    """Make all calls from so many threads, the first ones together; return what they returned."""
    gate = threading.Barrier(threads)
    passed = threading.local()

    def run(call):
        try:
            if not getattr(passed, "gate", False):
                passed.gate = True
                gate.wait(timeout=20)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def paid_order(begin, maya, willow_lane):
    """An order that was paid, with the news held back: (order, body of the event)."""
    order = begin(maya, willow_lane)
    with faults.held_deliveries() as held:
        payer.pay_by_card(order.stripe_checkout_session_id)
    return order, wire.event_body(held.event_ids[0])


def deliver_until_taken(body: str) -> int:
    """Deliver as Stripe does: again after a 503."""
    for _ in range(20):
        status = wire.post(body)
        if status != 503:
            return status
    return status


@pytest.mark.parametrize("return_page_comes", ["before", "between", "after"])
def test_fifty_deliveries_from_eight_threads_give_one_term_and_one_receipt(
    paid_order, maya, as_, return_page_comes
):
    order, body = paid_order
    address = reverse("billing:return", args=[order.public_id])
    client = as_(maya)
    calls = [lambda: deliver_until_taken(body)] * 50
    if return_page_comes == "before":
        assert client.get(address).status_code == 302
    if return_page_comes == "between":
        calls.insert(3, lambda: 200 if client.get(address).status_code in (302, 503) else 500)
    assert set(at_once(calls, 8)) == {200}
    response = client.get(address)
    assert response.url == reverse("billing:ready", args=[order.public_id])
    assert Term.objects.count() == 1
    assert StripeEvent.objects.count() == 1
    assert len(send_waiting_mail()) == 1


def test_sixteen_threads_at_once_with_sixteen_different_events_have_one_effect(paid_order):
    order, body = paid_order
    number = 0
    bodies = []
    for number in range(16):
        bodies.append(body.replace('"id": "evt_', f'"id": "evt_{number}x', 1))
    statuses = at_once([lambda body=body: deliver_until_taken(body) for body in bodies], 16)
    assert set(statuses) == {200}
    assert StripeEvent.objects.processed().count() == 16
    order.refresh_from_db()
    assert order.status == "fulfilled"
    assert Term.objects.count() == Rental.objects.count() == 1
    assert len(send_waiting_mail()) == 1


def test_two_managers_and_double_clicks_get_one_checkout(maya, willow_lane, product):
    ben = make.make_user("Ben Manager")
    make.make_membership(ben, willow_lane, "manager")

    def begin(buyer):
        return services.begin_checkout(
            product=product,
            care_setting=willow_lane,
            buyer=buyer,
            terms_version=TERMS_VERSION,
            now=timezone.now(),
        )

    addresses = at_once([lambda buyer=buyer: begin(buyer) for buyer in [maya, ben] * 4], 8)
    assert len(set(addresses)) == 1
    assert Order.objects.count() == OrderLine.objects.count() == 1
    assert SandboxObject.objects.filter(kind="checkout.session").count() == 1
    assert Order.objects.get().status == "open"


def test_the_real_view_is_called_after_the_commit(begin, maya, willow_lane):
    """Nothing but the sandbox's own delivery: no return page, no clock."""
    order = begin(maya, willow_lane)
    payer.pay_by_bacs(order.stripe_checkout_session_id)
    order.refresh_from_db()
    assert order.status == "processing"
    payer.settle(order.stripe_checkout_session_id)
    order.refresh_from_db()
    assert order.status == "fulfilled"


def test_a_webhook_through_every_middleware_changes_no_ones_session(paid_order):
    client = Client()
    assert wire.post(paid_order[1]) == 200
    assert client.cookies == {}
