"""Giving money back: write down who asked and why, only then call Stripe; never more than was paid."""

import datetime as dt
import logging
import uuid
from typing import TYPE_CHECKING

from django.db import transaction

from billing import emails, stripe_gateway
from billing.models import Decision, Order, Refund
from billing.services.money import sent_by_bank
from billing.services.reconcile import OrderIsBusyError, lock_order, reconcile_order
from billing.stripe_gateway import KeyReusedError, StripeIsAwayError, StripeRefusedError

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("billing")
Status = Order.Status

REFUNDABLE = (Status.FULFILLED, Status.PARTLY_REFUNDED, Status.REVIEW)
KEY_LIFE = dt.timedelta(hours=22)  # Stripe remembers an idempotency key for 24


class CannotRefundError(Exception):
    """A refund is refused; the text is fit to show."""


def refundable_minor(order: Order) -> int:
    """What of an order Stripe can still give back, in minor units; 0 where nothing can be now."""
    if order.status not in REFUNDABLE or not order.stripe_payment_intent_id:
        return 0
    counted = Refund.objects.of_order(order).by_stripe().counting().total_minor()
    through_stripe = order.paid_minor - order.off_stripe_minor
    return max(through_stripe - max(counted, order.refunded_minor - sent_by_bank(order)), 0)


def refund_order(
    *, order: Order, amount_minor: int, reason: str, key: uuid.UUID, actor: "User", now: dt.datetime
) -> Refund:
    """Give ``amount_minor`` of an order back; return the refund as it is afterwards.

    ``key`` names one wish: pressed twice, it is done once. Where Stripe does not answer, the refund stays
    asked for, and the clock goes on. Raises CannotRefundError with words for staff.
    """
    refund = ask_for_refund(
        order=order, amount_minor=amount_minor, reason=reason, key=key, actor=actor, now=now
    )
    if refund.state == Refund.State.REQUESTED:
        send_refund(refund=refund, now=now)
        refund.refresh_from_db()
    if refund.state == Refund.State.FAILED:
        raise CannotRefundError("Stripe refused this refund. Nothing was given back.")
    return refund


@transaction.atomic
def ask_for_refund(
    *, order: Order, amount_minor: int, reason: str, key: uuid.UUID, actor: "User", now: dt.datetime
) -> Refund:
    """Write a refund down, counted from now on; return the one that the same ``key`` wrote before.

    Raises CannotRefundError when the order has not that much to give back.
    """
    locked = lock_order(order.pk)
    asked_before = Refund.objects.filter(public_id=key).first()
    if asked_before and asked_before.order_id != locked.pk:
        raise CannotRefundError("This form was sent for another order. Please open this order again.")
    if asked_before:
        return asked_before
    if locked.status not in REFUNDABLE:
        raise CannotRefundError(
            f"This order is “{locked.get_status_display()}”, so nothing can be given back."
        )
    left = refundable_minor(locked)
    if not 1 <= amount_minor <= left:
        raise CannotRefundError(f"Of this order {left / 100:.2f} is left to give back, no more.")
    refund = Refund.objects.create(
        public_id=key,
        order=locked,
        amount_minor=amount_minor,
        reason=reason,
        asked_by=actor,
        created_at=now,
        changed_at=now,
    )
    Decision.objects.create(
        order=locked, kind=Decision.Kind.REFUND, reason=reason, decided_by=actor, decided_at=now
    )
    log.info("refund asked for", extra={"order": locked.pk, "refund": refund.pk, "by": actor.pk})
    return refund


def send_refund(*, refund: Refund, now: dt.datetime) -> None:
    """Have Stripe make a refund that was asked for, and take over what it says.

    What was sent before and not answered is found again by its key or its reference, so nothing goes twice.
    """
    try:
        stripe_gateway.create_refund(refund)
    except StripeIsAwayError:
        return
    except (StripeRefusedError, KeyReusedError):
        fail_refund(refund=refund, now=now)
        return
    try:
        reconcile_order(order=refund.order, now=now)
    except (StripeIsAwayError, StripeRefusedError, OrderIsBusyError):
        log.warning("refund not confirmed yet", extra={"refund": refund.pk})


@transaction.atomic
def fail_refund(*, refund: Refund, now: dt.datetime) -> None:
    """Mark a refund that never came into being at Stripe, so that it counts no longer."""
    lock_order(refund.order_id)
    waiting = Refund.objects.filter(pk=refund.pk, state=Refund.State.REQUESTED, stripe_refund_id="")
    waiting.update(state=Refund.State.FAILED, changed_at=now)


def finish_refunds(*, now: dt.datetime) -> None:
    """Go on with refunds whose answer was lost. Raises nothing: what cannot be done now waits.

    Stripe is asked first. Later than it remembers keys, a refund that it does not know is given up, and
    staff are told, rather than sent twice.
    """
    for refund in Refund.objects.not_yet_at_stripe().select_related("order"):
        try:
            reconcile_order(order=refund.order, now=now)
        except (StripeIsAwayError, StripeRefusedError, OrderIsBusyError):
            continue
        refund.refresh_from_db()
        if refund.state != Refund.State.REQUESTED:
            continue
        if now - refund.created_at < KEY_LIFE:
            send_refund(refund=refund, now=now)
        else:
            with transaction.atomic():
                fail_refund(refund=refund, now=now)
                emails.tell_staff_of_failed_refund(refund)
