"""manage.py reconcile_orders: without any webhook, a payment is noticed late, not lost."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from billing import services
from billing.models import Order, Term
from billing.sandbox import faults, payer, store
from billing.sandbox.models import SandboxEvent, SandboxObject
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


def run(**options) -> str:
    out = io.StringIO()
    call_command("reconcile_orders", stdout=out, stderr=out, **options)
    return out.getvalue()


def test_a_payment_that_nobody_told_us_of_is_noticed(order, pay):
    pay(order)
    assert "1 changed" in run()
    order.refresh_from_db()
    assert order.status == "fulfilled"


def test_an_open_order_whose_checkout_lapsed_becomes_expired(order):
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    store.keep({**session, "expires_at": int(timezone.now().timestamp()) - 1})
    run()
    order.refresh_from_db()
    assert order.status == "expired"


def test_an_old_draft_is_dropped_and_a_young_one_left(order):
    Order.objects.update(status="draft", stripe_checkout_session_id="")
    services.reconcile_waiting(now=timezone.now())
    order.refresh_from_db()
    assert order.status == "draft"
    Order.objects.update(created_at=timezone.now() - dt.timedelta(hours=23))
    services.reconcile_waiting(now=timezone.now())
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_one_order_that_cannot_be_asked_about_does_not_keep_the_others(
    order, begin, omar, harbour_house, pay
):
    other = pay(begin(omar, harbour_house))
    SandboxObject.objects.filter(id=order.stripe_checkout_session_id).delete()
    assert "1 to try again" in run()
    other.refresh_from_db()
    assert other.status == "fulfilled"


def test_the_sweep_finds_a_payment_for_an_order_that_looked_finished(order, reconcile, pay):
    """A draft whose answer was lost was paid in another tab."""
    Order.objects.update(status="draft", stripe_checkout_session_id="")
    pay(order)
    run(sweep=True)
    order.refresh_from_db()
    assert order.status == "fulfilled"
    assert Term.objects.count() == 1


def test_the_sweep_reads_undelivered_events(order):
    payer.pay_by_card(order.stripe_checkout_session_id)
    old = timezone.now() - dt.timedelta(days=30)
    SandboxObject.objects.update(created_at=old)
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    store.keep({**session, "created": int(old.timestamp())})
    assert SandboxEvent.objects.filter(delivered_at__isnull=True).count() == 1
    report = services.sweep(now=timezone.now())
    assert (report.asked, report.changed) == (1, 1)


def test_the_sweep_comes_once_a_day():
    assert "last four days" in run()
    assert "last four days" not in run()
    assert "last four days" in run(sweep=True)


def test_a_sweep_that_failed_is_due_again():
    with faults.injected(faults.Fault("500", where="GET", times=9)):
        assert "Stripe is away" in run()
    assert "last four days" in run()


def test_staff_hear_of_a_payment_on_its_way_for_ten_working_days(order, reconcile, settings):
    payer.pay_by_bacs(order.stripe_checkout_session_id)
    reconcile(order, now=timezone.now() - dt.timedelta(days=15))
    run(sweep=True)
    (mail,) = send_waiting_mail()
    assert mail.to == [settings.SUPPORT_EMAIL]
    assert "two weeks" in mail.subject
    run(sweep=True)
    assert send_waiting_mail() == []


def test_orders_of_the_other_mode_are_left_alone(order, pay):
    pay(order)
    Order.objects.update(livemode=True)
    assert "0 waiting orders" in run()


def test_quiet_is_quiet():
    assert run(verbosity=0) == ""
