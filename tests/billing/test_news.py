"""Warnings of fraud and deleted customers: found their order, told to staff once, and nothing broken."""

import pytest
from django.conf import settings as site

from billing import services
from billing.models import Order, StripeEvent, Term
from billing.sandbox import bank, faults
from billing.sandbox.models import SandboxEvent
from billing.stripe_gateway import DOORBELLS
from tests.billing import wire
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(order, pay, reconcile):
    after = reconcile(pay(order))
    send_waiting_mail()
    return after


def warn(order: Order) -> str:
    """The card network's warning, held back; returns its body."""
    with faults.held_deliveries() as held:
        bank.warn_of_fraud(order.stripe_checkout_session_id)
    return wire.event_body(held.event_ids[0])


def test_both_are_asked_for():
    assert {"radar.early_fraud_warning.created", "customer.deleted"} <= set(DOORBELLS)


def test_a_warning_of_fraud_is_told_to_staff_once(paid):
    body = warn(paid)
    assert [wire.post(body) for _ in range(3)] == [200, 200, 200]
    (message,) = send_waiting_mail()
    assert message.to == [site.SUPPORT_EMAIL]
    assert f"order {paid.number}" in message.body
    assert "£69" in message.body
    assert StripeEvent.objects.get(type="radar.early_fraud_warning.created").order == paid
    paid.refresh_from_db()
    assert paid.status == "fulfilled"
    assert "Mail queued: fraud warning" in [one.what for one in services.timeline_of(paid)]


def test_a_warning_that_names_only_the_charge_finds_its_order(paid):
    body = warn(paid).replace(f'"{paid.stripe_payment_intent_id}"', "null")
    assert wire.post(body) == 200
    assert StripeEvent.objects.get(type="radar.early_fraud_warning.created").order == paid


@pytest.mark.parametrize("charge", [None, 7, "ch_unknown"])
def test_a_warning_about_nothing_of_ours_is_only_noted(order, charge):
    thing = {
        "id": "issfr_1",
        "object": "radar.early_fraud_warning",
        "charge": charge,
        "payment_intent": None,
    }
    assert wire.post(wire.make_body("radar.early_fraud_warning.created", thing)) == 200
    assert StripeEvent.objects.get(type="radar.early_fraud_warning.created").processed_at
    assert send_waiting_mail() == []


def test_while_stripe_is_away_nobody_is_told_twice(paid):
    body = warn(paid)
    with faults.injected(faults.Fault("500", where="GET", times=10)):
        assert wire.post(body) == 503
    assert send_waiting_mail() == []
    assert wire.post(body) == 200
    assert len(send_waiting_mail()) == 1


def test_a_warning_that_never_arrived_is_found_by_the_sweep_and_told_once(paid, reconcile):
    body = warn(paid)
    for _ in range(2):
        services.sweep(now=paid.reconciled_at)
    wire.post(body)
    assert [message.subject for message in send_waiting_mail()] == [
        f"Order {paid.number}: a card network warns of fraud"
    ]
    assert SandboxEvent.objects.filter(type="radar.early_fraud_warning.created").exists()


def test_a_deleted_customer_is_told_to_staff_and_breaks_nothing(paid, reconcile):
    Order.objects.filter(pk=paid.pk).update(stripe_customer_id="cus_1")
    body = wire.make_body("customer.deleted", {"id": "cus_1", "object": "customer", "deleted": True})
    assert [wire.post(body), wire.post(body)] == [200, 200]
    (message,) = send_waiting_mail()
    assert "cus_1" in message.body
    assert message.to == [site.SUPPORT_EMAIL]
    assert reconcile(paid).status == "fulfilled"
    assert Term.objects.in_force().exists()


@pytest.mark.parametrize("customer_id", ["cus_other", "", None])
def test_somebody_elses_customer_is_nobodys_news(order, customer_id):
    thing = {"id": customer_id, "object": "customer"}
    assert wire.post(wire.make_body("customer.deleted", thing)) == 200
    assert send_waiting_mail() == []


def test_the_sandbox_has_a_button_for_it(client, paid, django_capture_on_commit_callbacks):
    address = f"/billing/sandbox/pay/{paid.stripe_checkout_session_id}/"
    assert "warns of fraud" in client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"action": "warn"}).status_code == 302
    assert len(send_waiting_mail()) == 1
