"""Money that came past Stripe goes back past it: our bank sends it, staff write it down, the rest follows.

A transfer can bounce, on a wrong account number for example. That is a refund that failed, as Stripe's can.
"""

import datetime as dt
import logging
import uuid
from typing import TYPE_CHECKING

from django.db import transaction

from billing.models import Decision, Order, Refund
from billing.services.documents import money_back_of
from billing.services.money import note_refund, noted_money, sent_by_bank, settle
from billing.services.reconcile import lock_order, tell_people
from billing.services.refunds import REFUNDABLE, CannotRefundError
from elearning.periods import london_day

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("billing")


def sendable_minor(order: Order) -> int:
    """What of an order our own bank can still give back, in minor units: what came past Stripe."""
    if order.status not in REFUNDABLE or not order.off_stripe_minor:
        return 0
    return max(order.off_stripe_minor - sent_by_bank(order), 0)


@transaction.atomic
def record_bank_refund(
    *,
    order: Order,
    amount_minor: int,
    sent_on: dt.date,
    bank_reference: str,
    reason: str,
    key: uuid.UUID,
    actor: "User",
    now: dt.datetime,
) -> Refund:
    """Write down that our bank gave ``amount_minor`` of an order back on a London day; return the refund.

    Everything else follows in the same transaction, as from a refund of Stripe's: state, credit note, terms,
    mail. Stripe is not asked, because it knows nothing of this money. ``key`` names one wish: pressed twice,
    it is done once. Raises CannotRefundError with words for staff.
    """
    locked = lock_order(order.pk)
    recorded = Refund.objects.filter(public_id=key).first()
    if recorded and recorded.order_id == locked.pk:
        return recorded
    if recorded:
        raise CannotRefundError("This form was sent for another order. Please open this order again.")
    reference = " ".join(bank_reference.split())
    refuse_bank_refund(locked, amount_minor=amount_minor, sent_on=sent_on, reference=reference, now=now)
    refund = Refund.objects.create(
        public_id=key,
        order=locked,
        amount_minor=amount_minor,
        state=Refund.State.SUCCEEDED,
        reason=reason,
        bank_reference=reference,
        sent_on=sent_on,
        asked_by=actor,
        created_at=now,
        changed_at=now,
    )
    Decision.objects.create(
        order=locked,
        kind=Decision.Kind.SENT_BACK,
        reason=reason,
        bank_reference=reference,
        decided_by=actor,
        decided_at=now,
    )
    settle_counted(locked, announced=[refund], now=now)
    log.info("bank refund recorded", extra={"order": locked.pk, "refund": refund.pk, "by": actor.pk})
    return refund


@transaction.atomic
def take_back_bank_refund(*, refund: Refund, reason: str, actor: "User", now: dt.datetime) -> Refund:
    """Write down that a transfer of our bank came back to us; return the refund, which has failed now.

    Everything else follows as from a refund of Stripe's that failed: state, or review where the days are
    taken, debit note, terms, mails. It belongs to ``now``: which day the bank books it on counts for nothing.
    Raises CannotRefundError with words for staff.
    """
    locked = lock_order(refund.order_id)
    recorded = Refund.objects.of_order(locked).by_bank().filter(pk=refund.pk).first()
    if recorded is None:
        raise CannotRefundError("This refund went through Stripe, which says by itself when one fails.")
    if not recorded.counts:
        raise CannotRefundError("That it came back is recorded already, perhaps by a colleague.")
    before = locked.status
    note_refund(recorded, Refund.State.FAILED, now=now)
    Decision.objects.create(
        order=locked,
        kind=Decision.Kind.CAME_BACK,
        reason=reason,
        bank_reference=recorded.bank_reference,
        decided_by=actor,
        decided_at=now,
    )
    settle_counted(locked, announced=[], now=now)
    if locked.status != before:
        tell_people(locked, before=before, now=now)
    log.info("bank refund taken back", extra={"order": locked.pk, "refund": recorded.pk, "by": actor.pk})
    return recorded


def settle_counted(order: Order, *, announced: list[Refund], now: dt.datetime) -> None:
    """Bring a locked order to where the refunds that count leave it; Stripe is not asked."""
    back = money_back_of(order)
    counted = sum(one.amount_minor for one in back.refunds if one.counts)
    settle(order, noted_money(back, refunded_minor=counted), back, announced=announced, now=now)


def refuse_bank_refund(
    order: Order, *, amount_minor: int, sent_on: dt.date, reference: str, now: dt.datetime
) -> None:
    """Raises CannotRefundError unless a locked order can have such a refund."""
    if not order.off_stripe_minor:
        raise CannotRefundError("No money of this order came past Stripe, so it goes back through Stripe.")
    if order.status not in REFUNDABLE:
        raise CannotRefundError(
            f"This order is “{order.get_status_display()}”, so nothing can be given back."
        )
    if Refund.objects.of_order(order).counting().with_bank_reference(reference).exists():
        raise CannotRefundError(f"The refund “{reference}” is recorded already, perhaps by a colleague.")
    left = sendable_minor(order)
    if not 1 <= amount_minor <= left:
        raise CannotRefundError(f"Of this order {left / 100:.2f} is left to give back, no more.")
    if sent_on > london_day(now):
        raise CannotRefundError("This day has not come yet. Record the refund once the bank has sent it.")
    if sent_on < london_day(order.created_at):
        raise CannotRefundError(f"The order was begun on {london_day(order.created_at):%-d %B %Y}, later.")
