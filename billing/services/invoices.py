"""An order's invoice at Stripe: made step by step, each of which can be done again after a lost answer."""

import datetime as dt
import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from billing import emails, stripe_gateway
from billing.mode import is_live
from billing.models import Document, Order
from billing.services.documents import find_document, issue_document
from billing.services.drafts import DRAFT_LIFE, NoCheckoutError, PaymentUnderWayError, drop_order
from billing.services.reconcile import adopt_invoice, lock_order, reconcile_order
from billing.services.snapshots import Buyer
from billing.services.states import move_order
from billing.stripe_gateway import Invoice, KeyReusedError, StripeIsAwayError, StripeRefusedError

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("billing")
Status = Order.Status
TRIES = 3


def open_invoice(*, order: Order, now: dt.datetime) -> Order:
    """Have the invoice of an order made and sent, from where an earlier try stopped; return the order.

    While Stripe is away the order stays a draft, and the clock goes on with it. Raises NoCheckoutError when
    Stripe refuses; then the order is called off. So is one of the other mode, which nobody can pay here.
    """
    if order.livemode != is_live():
        return drop_order(order=order, now=now)
    for _ in range(TRIES):
        if order.status != Status.DRAFT:
            return order
        try:
            order = _go_on(order, now=now)
        except StripeIsAwayError:
            return Order.objects.get(pk=order.pk)
        except KeyReusedError:
            # The request was built differently by an older version of the site: a new key for a new request.
            order = _note(order, attempt=F("attempt") + 1)
        except StripeRefusedError:
            drop_order(order=order, now=now)
            raise NoCheckoutError from None
    return order


def _go_on(order: Order, *, now: dt.datetime) -> Order:
    if now - order.created_at > DRAFT_LIFE:
        order = _find_lost(order)
        if not order.stripe_invoice_id:
            return drop_order(order=order, now=now)
    if not order.stripe_customer_id:
        order = _note(order, stripe_customer_id=stripe_gateway.create_customer(order))
    paper = _issue_paper(order, now=now)
    order, invoice = _find_or_make(order, number=paper.number)
    if invoice.is_draft and now - order.created_at > DRAFT_LIFE:
        return drop_order(order=_delete_draft(order), now=now)
    if invoice.is_draft and invoice.total_minor != order.gross_minor:
        invoice = stripe_gateway.add_lines(order)
    if invoice.is_draft and invoice.total_minor != order.gross_minor:
        log.error("invoice does not add up", extra={"order": order.pk})
        return _note(_delete_draft(order), attempt=F("attempt") + 1)
    if invoice.is_draft:
        invoice = stripe_gateway.finalize_invoice(order)
    if not invoice.is_open:
        return reconcile_order(order=order, now=now)
    return _announce(order, stripe_gateway.send_invoice(order), now=now)


def _issue_paper(order: Order, *, now: dt.datetime) -> Document:
    """Return the numbered invoice of an order, issued once, with the account that is kept for its payer."""
    issued = find_document(order=order, kind=Document.Kind.INVOICE)
    if issued:
        return issued
    account = stripe_gateway.find_bank_account(order)
    with transaction.atomic():
        locked = lock_order(order.pk)
        return issue_document(
            order=locked,
            kind=Document.Kind.INVOICE,
            now=now,
            buyer=Buyer(
                name=locked.customer.name,
                address=locked.billing_address,
                contact_name=locked.billing_name,
                contact_email=locked.billing_email,
                po_number=locked.po_number,
            ),
            due_on=locked.due_on,
            how_to_pay=f"{account}\nPlease name the number of this invoice.",
        )


def _find_or_make(order: Order, *, number: str) -> tuple[Order, Invoice]:
    if order.stripe_invoice_id:
        return order, stripe_gateway.fetch_invoice(order.stripe_invoice_id)
    # Under another key the same wish would be done again: look whether it was done already.
    made_before = stripe_gateway.find_invoice_of_order(order) if order.attempt > 1 else ""
    if made_before:
        invoice = stripe_gateway.fetch_invoice(made_before)
    else:
        invoice = stripe_gateway.create_invoice(order, number=number)
    return adopt_invoice(order, invoice.invoice_id), invoice


def _delete_draft(order: Order) -> Order:
    stripe_gateway.delete_draft(order)
    return _note(order, stripe_invoice_id="")


def _note(order: Order, **changes: object) -> Order:
    """Keep what was learnt on the way of a draft; return the order as it is now."""
    Order.objects.filter(pk=order.pk, status=Status.DRAFT).update(version=F("version") + 1, **changes)
    return Order.objects.get(pk=order.pk)


def _announce(order: Order, invoice: Invoice, *, now: dt.datetime) -> Order:
    """Open an order whose invoice is out, and tell whom it concerns, once."""
    with transaction.atomic():
        locked = lock_order(order.pk)
        if locked.status == Status.DRAFT:
            move_order(
                locked,
                Status.OPEN,
                now=now,
                actor=locked.buyer,
                due_on=invoice.due_on or locked.due_on,
                stripe_payment_intent_id=invoice.payment_intent_id,
            )
            emails.send_invoice(locked)
    if locked.status == Status.CANCELLED:  # called off while the invoice was being made
        stripe_gateway.void_invoice(locked)
    return locked


def invoice_pay_address(*, order: Order, now: dt.datetime) -> str:
    """Return Stripe's page of an open invoice, which shows the account to pay to; "" when it is closed.

    Raises PaymentUnderWayError when it is paid, NoCheckoutError when Stripe is away.
    """
    order = open_invoice(order=order, now=now)
    if order.status == Status.DRAFT:
        raise NoCheckoutError
    if order.status == Status.CANCELLED:
        return ""
    try:
        invoice = stripe_gateway.fetch_invoice(order.stripe_invoice_id)
        if invoice.is_open:
            return invoice.url
        order = reconcile_order(order=order, now=now)
    except (StripeIsAwayError, StripeRefusedError):
        raise NoCheckoutError from None
    if order.was_paid or order.status == Status.REVIEW:
        raise PaymentUnderWayError("This invoice has been paid. There is nothing more to pay.")
    return ""


def call_off_invoice(*, order: Order, actor: "User", now: dt.datetime) -> Order:
    """Void an unpaid order's invoice for good, at Stripe first; return the order as it is afterwards.

    An invoice that turns out to be paid is reconciled instead. Raises NoCheckoutError when Stripe is away.
    """
    order = Order.objects.get(pk=order.pk)  # how far it came at Stripe, whatever the caller knows
    if order.status not in (Status.DRAFT, Status.OPEN):
        return order
    try:
        order = _find_lost(order)
        if not order.stripe_invoice_id:
            return drop_order(order=order, now=now, actor=actor)
        if stripe_gateway.fetch_invoice(order.stripe_invoice_id).is_draft:
            return drop_order(order=_delete_draft(order), now=now, actor=actor)
        try:
            stripe_gateway.void_invoice(order)
        except (StripeRefusedError, KeyReusedError):
            log.info("invoice not voided", extra={"order": order.pk})
        return reconcile_order(order=order, now=now, actor=actor)
    except StripeRefusedError:
        # Begun with other keys, so nobody can pay it here any more.
        return drop_order(order=order, now=now, actor=actor)
    except StripeIsAwayError:
        raise NoCheckoutError from None


def close_called_off(order: Order) -> None:
    """Void the invoice of an order that was called off while Stripe was away, so that nobody pays it.

    Raises StripeIsAwayError.
    """
    if order.status != Status.CANCELLED or not order.stripe_invoice_id:
        return
    if stripe_gateway.fetch_invoice(order.stripe_invoice_id).is_open:
        stripe_gateway.void_invoice(order)


def _find_lost(order: Order) -> Order:
    """Adopt the invoice whose answer was lost, so that it can be closed. Without a customer there is none."""
    if order.stripe_invoice_id or not order.stripe_customer_id:
        return order
    found = stripe_gateway.find_invoice_of_order(order)
    return adopt_invoice(order, found) if found else order
