"""What happens by the clock: a missing webhook is a delay, not a loss."""

import contextlib
import datetime as dt
import logging
from typing import NamedTuple

from django.core.cache import cache
from django.db import OperationalError, transaction

from billing import emails, stripe_gateway
from billing.mode import is_live
from billing.models import Order
from billing.services.drafts import DRAFT_LIFE, NoCheckoutError, drop_order
from billing.services.groups import forget_old_lists
from billing.services.invoice_decisions import finish_marks
from billing.services.invoices import close_called_off, open_invoice
from billing.services.news import note_undelivered
from billing.services.reconcile import (
    OrderIsBusyError,
    find_order,
    find_order_of_checkout,
    find_order_of_invoice,
    find_order_of_payment,
    lock_order,
    reconcile_order,
)
from billing.services.refunds import finish_refunds
from billing.stripe_gateway import StripeIsAwayError, StripeRefusedError

log = logging.getLogger("billing")

SWEEP_DAYS = 4
SWEPT_KEY = "billing-swept"
SWEEP_SECONDS = 24 * 60 * 60
INVOICES_EVERY = dt.timedelta(hours=1)
LATE_AFTER = dt.timedelta(days=14)  # ten working days


class Report(NamedTuple):
    """How many orders were asked about, how many changed, and how many could not be asked about."""

    asked: int
    changed: int
    failed: int


def reconcile_waiting(*, now: dt.datetime) -> Report:
    """Reconcile every open order and every payment on its way, and drop drafts that can no longer be paid.

    Open invoices wait for weeks and are asked about once an hour. Invoices that are not out yet are gone on
    with, and so is what staff have marked as paid.
    """
    asked = changed = failed = 0
    for draft in Order.objects.drafts_before(now - DRAFT_LIFE).oldest_first():
        drop_order(order=draft, now=now)
    finish_invoices(now=now)
    finish_marks(now=now)
    waiting = Order.objects.waiting_for_stripe().except_invoices_asked_since(now - INVOICES_EVERY)
    for order in waiting.filter(livemode=is_live()).oldest_first():
        asked += 1
        after = _try(order, now=now)
        failed += after is None
        changed += after is not None and after.status != order.status
    finish_refunds(now=now)
    return Report(asked, changed, failed)


def finish_invoices(*, now: dt.datetime) -> None:
    """Go on with invoices that are not out yet. Raises nothing: what cannot be done now waits."""
    for order in Order.objects.invoices_being_made().filter(livemode=is_live()).oldest_first():
        try:
            open_invoice(order=order, now=now)
        except (NoCheckoutError, StripeRefusedError, OrderIsBusyError, OperationalError) as error:
            log.warning("invoice not made", extra={"order": order.pk, "kind": type(error).__name__})


def sweep(*, now: dt.datetime) -> Report:
    """Look at the last four days: checkouts, invoices, refunds, disputes, and events that did not reach us.

    Also at every order whose money is on its way back, at late payments, and at lists that were left.
    """
    since = now - dt.timedelta(days=SWEEP_DAYS)
    forget_old_lists(now=now)
    found: dict[int, Order] = {}
    for checkout in stripe_gateway.list_checkouts_since(since):
        order = find_order_of_checkout(checkout.session_id, checkout.reference)
        if order:
            found[order.pk] = order
    for invoice_id, reference in stripe_gateway.list_invoices_since(since):
        order = find_order_of_invoice(invoice_id, reference)
        if order:
            found[order.pk] = order
    for delivery in stripe_gateway.list_undelivered_since(since):
        order = find_order(delivery)
        if order:
            found[order.pk] = order
            note_undelivered(delivery=delivery, order=order, now=now)
    for intent_id in stripe_gateway.list_payments_with_money_back_since(since):
        order = find_order_of_payment(intent_id)
        if order:
            found[order.pk] = order
    for order in Order.objects.with_money_on_its_way_back().filter(livemode=is_live()):
        found[order.pk] = order
    for order in Order.objects.with_surplus().filter(livemode=is_live()):
        found[order.pk] = order
    changed = failed = 0
    for order in found.values():
        after = _try(order, now=now)
        failed += after is None
        changed += after is not None and after.status != order.status
    for order in Order.objects.processing_since_before(now - LATE_AFTER).oldest_first():
        with contextlib.suppress(OperationalError):  # somebody holds it now; the next sweep tells
            tell_of_late_payment(order)
    return Report(len(found), changed, failed)


@transaction.atomic
def tell_of_late_payment(order: Order) -> None:
    """Tell staff once that a payment is late, however many sweeps find it."""
    locked = lock_order(order.pk)
    if not emails.was_told("late_payment", about=locked):
        emails.tell_staff_of_late_payment(locked)


def is_sweep_due() -> bool:
    """Whether a day has gone by since the last sweep, on whatever process; says yes once."""
    return cache.add(SWEPT_KEY, True, timeout=SWEEP_SECONDS)


def _try(order: Order, *, now: dt.datetime) -> Order | None:
    """Reconcile one order; what goes wrong with it must not keep the others waiting."""
    try:
        close_called_off(order)
        return reconcile_order(order=order, now=now)
    except (StripeIsAwayError, StripeRefusedError, OrderIsBusyError, OperationalError) as error:
        log.warning("order not reconciled", extra={"order": order.pk, "kind": type(error).__name__})
        return None


def forget_sweep() -> None:
    """Have the next run sweep again, because this one could not."""
    cache.delete(SWEPT_KEY)
