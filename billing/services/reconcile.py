"""The one way in which an order learns what Stripe says: ask, lock, compare, apply."""

import datetime as dt
import logging
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F

from billing import emails, stripe_gateway
from billing.mode import is_live
from billing.models import Document, Order
from billing.services.claim_letters import begin_settings_of
from billing.services.documents import issue_document
from billing.services.fulfilment import CannotFulfilError, write_terms
from billing.services.invoice_news import act_on_days, credit_called_off, describe_invoice, tell_of_money
from billing.services.lines import opens_anything
from billing.services.money import apply_money
from billing.services.states import may_move, move_order, write_order
from billing.stripe_gateway import Answer, Delivery, Demand, Invoice
from elearning.periods import london_day

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("billing")
Status = Order.Status

ROUNDS = 25
LOCK_SECONDS = 5


class OrderIsBusyError(Exception):
    """So many answers of Stripe's arrive at once that this one never was the newest. Try again later."""


def reconcile_order(
    *, order: Order, now: dt.datetime, actor: "User | None" = None, is_fresh: bool = False
) -> Order:
    """Ask Stripe how the order stands and apply the whole answer; return the order as it is afterwards.

    Webhook, return page, staff and clock all come here, in any order and any number of times, with one
    result. An answer that was fetched before another was applied is dropped and asked for again: without
    that, an older answer would undo a newer one. No lock is held while Stripe is asked. ``is_fresh`` says
    that the caller has only just read ``order``, so that it is not read again.

    Raises StripeIsAwayError, StripeRefusedError, OrderIsBusyError, or django.db.OperationalError when the
    lock is not to be had.
    """
    for number in range(ROUNDS):
        seen = order if is_fresh and number == 0 else Order.objects.get(pk=order.pk)
        answer = fetch_answer(seen)
        if answer is None:
            return seen
        with transaction.atomic():
            locked = lock_order(order.pk)
            if locked.version == seen.version:
                apply_answer(locked, answer, now=now, actor=actor)
                return locked
    raise OrderIsBusyError


def fetch_answer(order: Order) -> Answer | None:
    """Ask Stripe about an order's checkout or invoice; None when it has neither yet."""
    if order.stripe_invoice_id:
        return stripe_gateway.fetch_invoice_answer(order.stripe_invoice_id)
    if order.stripe_checkout_session_id:
        return stripe_gateway.fetch_answer(order.stripe_checkout_session_id)
    return None


def lock_order(order_id: int) -> Order:
    """Return the order with its row locked, and who ordered; rentals are locked after it, never before."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
    return Order.objects.with_people().select_for_update(of=("self",)).get(pk=order_id)


def apply_answer(order: Order, answer: Answer, *, now: dt.datetime, actor: "User | None" = None) -> None:
    """Make a locked order say what Stripe says: first whether it is paid, then what became of the money.

    Runs inside the caller's transaction. Money that was given back before it was noticed as paid thus ends as
    it would have otherwise, and nothing is open in between. ``actor`` is who has had Stripe change it.
    """
    before, received_before, surplus_before = order.status, order.received_minor, order.surplus_minor
    note_answer(order, answer.stated, now=now)
    receipt = None
    if not order.was_paid and order.status != Status.REVIEW:
        receipt = apply_payment(order, answer.stated, now=now, actor=actor)
    if order.was_paid or order.status == Status.REVIEW:
        apply_money(order, answer, now=now)
    if order.is_by_invoice:
        tell_of_money(order, received_before=received_before, surplus_before=surplus_before)
        act_on_days(order, day=london_day(now), now=now)
    if order.status != before:
        tell_people(order, before=before, receipt=receipt, now=now)


def note_answer(order: Order, stated: Demand, *, now: dt.datetime) -> None:
    """Keep the ids and sums of an answer with a locked order."""
    unpaid_minor = order.paid_minor if order.was_paid else 0
    # What was paid past Stripe has no payment there, whatever waited for one before.
    kept_intent_id = "" if stated.is_paid else order.stripe_payment_intent_id
    more = describe_invoice(order, stated) if isinstance(stated, Invoice) else {}
    write_order(
        order,
        stripe_payment_intent_id=stated.payment_intent_id or kept_intent_id,
        stripe_customer_id=stated.customer_id or order.stripe_customer_id,
        discount_minor=stated.discount_minor,
        paid_minor=stated.total_minor if stated.is_paid else unpaid_minor,
        paid_with=stated.paid_with[:40] or order.paid_with,
        reconciled_at=now,
        **more,
    )


def apply_payment(
    order: Order, stated: Demand, *, now: dt.datetime, actor: "User | None" = None
) -> Document | None:
    """Move a locked order that was not paid so far to where its checkout or invoice is.

    A paid one gets its receipt, which is returned; an invoice that was called off gets its credit note.
    """
    status, reason = judge(order, stated)
    if not may_move(order, status):
        return None
    if status == Status.FULFILLED:
        try:
            write_terms(order, now=now)
        except CannotFulfilError as refusal:
            status, reason = Status.REVIEW, str(refusal)
    move_order(order, status, now=now, actor=actor, review_reason=reason)
    if status == Status.FULFILLED:
        return issue_document(order=order, kind=Document.Kind.RECEIPT, now=now)
    if status == Status.CANCELLED:
        credit_called_off(order, now=now)
    return None


def tell_people(order: Order, *, before: str, receipt: Document | None = None, now: dt.datetime) -> None:
    """Queue the mail that belongs to an order's new state, in the same transaction, so that it goes once.

    ``receipt``, where one was issued just now, is sent when a payment that gives terms is first noticed, even
    if a bank asks for it by then.
    """
    if receipt and opens_anything(order):
        emails.send_receipt(order, receipt)
        begin_settings_of(order, now=now)
    elif order.status == Status.REVIEW:
        emails.tell_staff_of_review(order)
    elif order.status == Status.FAILED and before == Status.PROCESSING:
        emails.tell_buyer_of_failure(order)
    elif order.status == Status.CANCELLED and order.is_by_invoice:
        emails.tell_of_void_invoice(order)


def judge(order: Order, stated: Demand) -> tuple[str, str]:
    """Return the state that Stripe's answer asks for, and the reason where that is REVIEW.

    Pure: looks at the two and writes nothing. Money already taken always wins. An invoice that is still being
    made, or has not been sent, leaves the order as it is: ``services.open_invoice`` goes on with it.
    """
    if stated.is_draft or (order.is_by_invoice and order.status == Status.DRAFT and stated.is_open):
        return order.status, ""
    mismatch = find_mismatch(order, stated)
    if mismatch:
        return Status.REVIEW, mismatch
    if stated.is_paid:
        if order.status == Status.CANCELLED:
            return Status.REVIEW, "Paid after it was called off."
        return Status.FULFILLED, ""
    if stated.is_void:
        return Status.CANCELLED, ""
    if stated.has_failed:
        return Status.FAILED, ""
    if stated.is_complete:
        return Status.PROCESSING, ""
    if stated.is_expired:
        return Status.EXPIRED, ""
    return Status.OPEN, ""


def find_mismatch(order: Order, stated: Demand) -> str:
    """Return what does not fit between the order's snapshot and Stripe's answer, or an empty string.

    In every VAT mode Stripe is sent what is to be paid, VAT within it, and adds no tax of its own.
    """
    checks = [
        (stated.livemode == order.livemode == is_live(), "The payment's mode is not the site's."),
        (stated.reference == str(order.public_id), "The payment names another order."),
        (stated.currency == order.currency, "The currency is not the order's."),
        (stated.subtotal_minor == order.gross_minor, "The amount is not the order's."),
        (
            stated.total_minor == stated.subtotal_minor - stated.discount_minor,
            "The total does not follow from the amount and the discount.",
        ),
        (stated.tax_minor == 0, "Tax was added that the order knows nothing of."),
    ]
    return next((words for holds, words in checks if not holds), "")


# --- From an event to its order -------------------------------------------------------------------


def find_order(delivery: Delivery) -> Order | None:
    """Return the order that an event is about, or None when it is not one of ours.

    The event is a doorbell: only ids are read from it, and the rest is asked. Raises StripeIsAwayError.
    """
    thing = delivery.object
    if delivery.type.startswith("checkout.session."):
        return find_order_of_checkout(str(thing.get("id", "")), str(thing.get("client_reference_id") or ""))
    if delivery.type == "customer.deleted":
        return Order.objects.of_customer(str(thing.get("id", ""))).newest_first().first()
    if delivery.type.startswith("invoice."):
        metadata = thing.get("metadata")
        reference = str(metadata.get("order", "")) if isinstance(metadata, dict) else ""
        return find_order_of_invoice(str(thing.get("id", "")), reference)
    if delivery.type.startswith("cash_balance."):
        return Order.objects.of_invoice_customer(str(thing.get("customer") or "none")).first()
    intent_id = thing.get("id") if thing.get("object") == "payment_intent" else thing.get("payment_intent")
    if delivery.type.startswith("radar.") and not intent_id and isinstance(thing.get("charge"), str):
        intent_id = stripe_gateway.find_payment_of_charge(thing["charge"])
    if not intent_id or not isinstance(intent_id, str):
        return None
    return find_order_of_payment(intent_id)


def find_order_of_payment(intent_id: str) -> Order | None:
    """Return the order of a payment, asking Stripe for its checkout or invoice where it is new to us."""
    known = Order.objects.of_payment(intent_id).first()
    if known:
        return known
    checkout = stripe_gateway.find_checkout_of_payment(intent_id)
    if checkout:
        return find_order_of_checkout(checkout.session_id, checkout.reference)
    invoice_id = stripe_gateway.find_invoice_of_payment(intent_id)
    if not invoice_id:
        return None
    return find_order_of_invoice(invoice_id, stripe_gateway.fetch_invoice(invoice_id).reference)


def find_order_of_checkout(session_id: str, reference: str) -> Order | None:
    """Return the order of a checkout. One whose answer was lost is recognised by its reference.

    A reference alone proves nothing: Stripe is asked whether the checkout really carries it.
    """
    known = Order.objects.of_checkout(session_id).first()
    if known or not session_id:
        return known
    order = Order.objects.with_reference(reference).first()
    if order is None:
        return None
    if order.stripe_checkout_session_id:
        log.error("stray checkout", extra={"order": order.pk, "session": session_id})
        return None
    checkout = stripe_gateway.fetch_checkout(session_id)
    if checkout.reference != str(order.public_id):
        log.error("checkout of another order", extra={"order": order.pk, "session": session_id})
        return None
    return adopt_checkout(order, checkout.session_id)


def adopt_checkout(order: Order, session_id: str) -> Order:
    """Write down which checkout belongs to an order that has none yet; return the order as it is now."""
    Order.objects.filter(pk=order.pk, stripe_checkout_session_id="").update(
        stripe_checkout_session_id=session_id, version=F("version") + 1
    )
    return Order.objects.get(pk=order.pk)


def find_order_of_invoice(invoice_id: str, reference: str) -> Order | None:
    """Return the order of an invoice. One whose answer was lost is recognised by its reference.

    A reference alone proves nothing: Stripe is asked whether the invoice really carries it.
    """
    known = Order.objects.of_invoice(invoice_id).first()
    if known or not invoice_id:
        return known
    order = Order.objects.with_reference(reference).first()
    if order is None or not order.is_by_invoice:
        return None
    if order.stripe_invoice_id:
        log.error("stray invoice", extra={"order": order.pk, "invoice": invoice_id})
        return None
    if stripe_gateway.fetch_invoice(invoice_id).reference != str(order.public_id):
        log.error("invoice of another order", extra={"order": order.pk, "invoice": invoice_id})
        return None
    return adopt_invoice(order, invoice_id)


def adopt_invoice(order: Order, invoice_id: str) -> Order:
    """Write down which invoice belongs to an order that has none yet; return the order as it is now."""
    Order.objects.filter(pk=order.pk, stripe_invoice_id="").update(
        stripe_invoice_id=invoice_id, version=F("version") + 1
    )
    return Order.objects.get(pk=order.pk)
