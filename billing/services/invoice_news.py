"""What an answer about an invoice means beyond paid or not: parts, surplus, days gone by."""

import datetime as dt

from billing import emails
from billing.models import Document, Order
from billing.services.access import lapse_provisional
from billing.services.documents import find_document, issue_document
from billing.stripe_gateway import Invoice

Status = Order.Status

LAPSE_DAYS = 30  # so many days after the last day for paying, what was opened meanwhile closes again
CLOSED = (Status.CANCELLED, Status.EXPIRED)


def describe_invoice(order: Order, invoice: Invoice) -> dict[str, object]:
    """Return what an order keeps of an answer about its invoice. Pure."""
    return {
        "received_minor": invoice.received_minor,
        "surplus_minor": invoice.surplus_minor,
        "off_stripe_minor": invoice.off_stripe_minor if invoice.is_paid else 0,
        "due_on": invoice.due_on or order.due_on,
    }


def tell_of_money(order: Order, *, received_before: int, surplus_before: int) -> None:
    """Queue the mail about money that came and is too little or too much. ``order`` is locked and newer."""
    if order.received_minor > received_before:
        emails.tell_of_part_payment(order)
    if order.surplus_minor > surplus_before:
        emails.tell_staff_of_surplus(order)


def act_on_days(order: Order, *, day: dt.date, now: dt.datetime) -> None:
    """Remind once when the last day for paying is past; close in time what was opened meanwhile.

    Runs inside the caller's transaction, on a locked order by invoice.
    """
    is_open = order.status == Status.OPEN
    if is_open and order.is_overdue_on(day) and not order.overdue_at:
        Order.objects.filter(pk=order.pk).update(overdue_at=now)
        order.overdue_at = now
        emails.tell_of_overdue_invoice(order)
    is_over = order.status in CLOSED or (is_open and is_long_overdue(order, day))
    if is_over and lapse_provisional(order, now=now):
        emails.tell_buyer_of_access(order, change="lapsed")


def is_long_overdue(order: Order, day: dt.date) -> bool:
    """Whether the last day for paying lies so far back that nothing may be open for it."""
    return order.due_on is not None and day > order.due_on + dt.timedelta(days=LAPSE_DAYS)


def credit_called_off(order: Order, *, now: dt.datetime) -> None:
    """Issue the credit note of a locked order whose invoice was called off; nothing where there was none."""
    if order.is_by_invoice and find_document(order=order, kind=Document.Kind.INVOICE):
        issue_document(order=order, kind=Document.Kind.CREDIT_NOTE, now=now)
