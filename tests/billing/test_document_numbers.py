"""Many papers at once, against the real database: no number twice, none left out."""

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from billing import services
from billing.models import Document, DocumentSeries
from billing.sandbox import bank, faults, payer
from billing.services.reconcile import lock_order
from tests import factories as make
from tests.billing.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20


@pytest.fixture
def paid_orders(begin, maya, willow_lane):
    """Twenty orders, each paid at the sandbox, none of them noticed here yet."""
    with faults.held_deliveries():
        orders = [
            begin(maya, willow_lane, make.make_product(f"Section {number}")) for number in range(1, MANY + 1)
        ]
        for order in orders:
            payer.pay_by_card(order.stripe_checkout_session_id)
    return orders


def until_locked(act):
    """Try as whoever rings tries: again where the lock was not to be had in time."""
    for _ in range(20):
        try:
            return act()
        except OperationalError:
            continue
    return "never locked"


def fulfil(order):
    return until_locked(lambda: services.reconcile_order(order=order, now=timezone.now()).status)


def numbers(kind: str) -> list[int]:
    found = Document.objects.of_kind(kind).values_list("number", flat=True)
    return sorted(int(number.rpartition("-")[2]) for number in found)


def test_twenty_fulfilments_at_once_leave_no_gap(paid_orders):
    states = at_once([lambda order=order: fulfil(order) for order in paid_orders], MANY)
    assert set(states) == {"fulfilled"}
    assert numbers("receipt") == list(range(1, MANY + 1))
    assert DocumentSeries.objects.get(name="TEST-REC").last_number == MANY


def test_transactions_that_fail_in_between_leave_no_gap(paid_orders):
    class CrashError(Exception):
        pass

    @transaction.atomic
    def fulfil_and_crash(order):
        services.issue_document(order=lock_order(order.pk), kind="receipt", now=timezone.now())
        raise CrashError

    def crash(order):
        try:
            until_locked(lambda: fulfil_and_crash(order))
        except CrashError:
            return "crashed"

    calls = []
    for number, order in enumerate(paid_orders):
        calls.append(lambda order=order: fulfil(order))
        if number % 2:
            calls.insert(0, lambda order=order: crash(order))
    states = at_once(calls, MANY)
    assert states.count("crashed") == MANY // 2
    assert numbers("receipt") == list(range(1, MANY + 1))


def test_one_order_asked_about_by_many_threads_has_one_paper_of_each_kind(paid_orders):
    order = paid_orders[0]
    assert set(at_once([lambda: fulfil(order)] * 8, 8)) == {"fulfilled"}
    bank.give_back_from_dashboard(order.stripe_checkout_session_id, 1000)
    assert set(at_once([lambda: fulfil(order)] * 8, 8)) == {"partly_refunded"}
    assert numbers("receipt") == numbers("credit_note") == [1]
