"""After the payment: what refunds and disputes make of an order and of its terms."""

import datetime as dt
import logging
from typing import Any, NamedTuple

from billing import emails
from billing.models import Dispute, Document, Order, Refund
from billing.services.access import Access, change_access
from billing.services.documents import LOST, MoneyBack, correct_documents, money_back_of
from billing.services.fulfilment import CannotFulfilError
from billing.services.states import move_order, write_order
from billing.stripe_gateway import OPEN_DISPUTES, Answer, DisputeAnswer, RefundAnswer

log = logging.getLogger("billing")
Status = Order.Status

MADE_AT_STRIPE = "Made at Stripe, not here."
STATES = {
    "pending": Refund.State.PENDING,
    "requires_action": Refund.State.PENDING,
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.CANCELLED,
}


class Money(NamedTuple):
    """What became of an order's money, once paid; amounts in minor units."""

    refunded_minor: int
    is_disputed: bool = False
    is_withdrawn: bool = False
    is_charged_back: bool = False


def apply_money(order: Order, answer: Answer, *, now: dt.datetime) -> None:
    """Make a locked order, its refunds, disputes and terms say what Stripe says of money once paid.

    The whole is worked out from the whole answer, so the order in which news comes does not matter. An order
    under review stays there until staff decide, unless its money is gone. Runs inside the caller's
    transaction.
    """
    noted = money_back_of(order)
    refunds, announced = record_refunds(order, answer, noted.refunds, now=now)
    back = MoneyBack(refunds, record_disputes(order, answer, noted.disputes, now=now))
    settle(order, money_of(answer, back), back, announced=announced, now=now)


def settle(order: Order, money: Money, back: MoneyBack, *, announced: list[Refund], now: dt.datetime) -> None:
    """Bring a locked order, its papers and its terms to where its money is; tell of ``announced`` refunds.

    Runs inside the caller's transaction.
    """
    tell_of_money(announced, correct_documents(order, back, now=now))
    changes: dict[str, Any] = {"refunded_minor": min(money.refunded_minor, order.paid_minor)}
    if money.refunded_minor > order.paid_minor:
        log.error("refunded more than was paid", extra={"order": order.pk})
    status = judge_money(order, money)
    if order.status == Status.REVIEW and status not in (Status.REFUNDED, Status.CHARGED_BACK):
        status = Status.REVIEW
    else:
        try:
            change = change_access(order, judge_access(order, money), now=now)
            if change and status != Status.REFUNDED:
                emails.tell_buyer_of_access(order, change=change)
        except CannotFulfilError as refusal:
            status, changes["review_reason"] = Status.REVIEW, str(refusal)
    if status != order.status:
        move_order(order, status, now=now, **{"review_reason": "", **changes})
    elif any(getattr(order, name) != value for name, value in changes.items()):
        write_order(order, **changes)


def apply_noted_money(order: Order, *, now: dt.datetime) -> None:
    """Bring a locked order that was just opened to where its money, as it was noted, asks for.

    Stripe may not answer when it is asked again, and nothing may then be open that a bank has the money of.
    Runs inside the caller's transaction.
    """
    back = money_back_of(order)
    noted = noted_money(back, refunded_minor=order.refunded_minor)
    tell_of_money([], correct_documents(order, back, now=now))
    change = change_access(order, judge_access(order, noted), now=now)
    if change:
        emails.tell_buyer_of_access(order, change=change)
    status = judge_money(order, noted)
    if status != order.status:
        move_order(order, status, now=now)


def noted_money(back: MoneyBack, *, refunded_minor: int) -> Money:
    """Return what became of an order's money without asking: disputes are as they were last noted. Pure."""
    undecided = [row for row in back.disputes if row.stripe_status in OPEN_DISPUTES]
    return Money(
        refunded_minor=refunded_minor,
        is_disputed=bool(undecided),
        is_withdrawn=any(row.is_withdrawn for row in undecided),
        is_charged_back=any(row.stripe_status == LOST for row in back.disputes),
    )


def money_of(answer: Answer, back: MoneyBack) -> Money:
    """Return what became of an order's money: as Stripe says, and what our own bank has sent back. Pure."""
    by_bank = sum(one.amount_minor for one in back.refunds if one.is_by_bank and one.counts)
    return Money(
        refunded_minor=answer.refunded_minor + by_bank,
        is_disputed=answer.is_disputed,
        is_withdrawn=answer.is_withdrawn,
        is_charged_back=answer.is_charged_back,
    )


def sent_by_bank(order: Order) -> int:
    """What of an order our own bank gave back, past Stripe, in minor units."""
    return Refund.objects.of_order(order).by_bank().counting().total_minor()


def judge_money(order: Order, money: Money) -> str:
    """Return the state that the money asks for. Pure. A bank's word weighs more than our own refunds."""
    if money.is_charged_back:
        return Status.CHARGED_BACK
    if money.is_disputed:
        return Status.DISPUTED
    if is_given_back(order, money):
        return Status.REFUNDED
    return Status.PARTLY_REFUNDED if money.refunded_minor else Status.FULFILLED


def judge_access(order: Order, money: Money) -> Access:
    """Return what the money leaves of the access. Pure. An inquiry alone takes nothing away."""
    if money.is_charged_back or is_given_back(order, money):
        return Access.REVOKED
    return Access.SUSPENDED if money.is_withdrawn else Access.OPEN


def is_given_back(order: Order, money: Money) -> bool:
    """Whether all that was paid is given back, or on its way."""
    return 0 < order.paid_minor <= money.refunded_minor


def record_refunds(
    order: Order, answer: Answer, noted: list[Refund], *, now: dt.datetime
) -> tuple[list[Refund], list[Refund]]:
    """Write down each refund that Stripe knows of, once, with those ``noted`` before.

    Return all refunds of the order, first begun first, and those of which the buyer must now hear.
    """
    announced: list[Refund] = []
    rows = {row.pk: row for row in noted}
    by_id = {row.stripe_refund_id: row for row in noted if row.stripe_refund_id}
    by_reference = {str(row.public_id): row for row in noted}
    for refund in answer.refunds:
        known = by_id.get(refund.refund_id) or by_reference.get(refund.reference)
        row = known or Refund(
            order=order,
            amount_minor=refund.amount_minor,
            reason=MADE_AT_STRIPE,
            created_at=refund.created_at,
        )
        if record_refund(order, refund, row, now=now):
            announced.append(row)
        rows[row.pk] = row
    return sorted(rows.values(), key=_begun), announced


def _begun(row: Refund | Dispute) -> tuple[dt.datetime, int]:
    """By when money went back first comes first, as the rows of the database do."""
    return row.created_at, row.pk


def record_refund(order: Order, refund: RefundAnswer, row: Refund, *, now: dt.datetime) -> bool:
    """Write down one refund; ``row`` is what we know of it, not saved yet when it was made at Stripe.

    Return whether the buyer must hear that money is on its way. Staff are told of one that failed.
    """
    state = STATES.get(refund.status, Refund.State.PENDING)
    if row.state == state and row.stripe_refund_id:
        return False
    row.stripe_refund_id = refund.refund_id
    is_asked_for = row.state == Refund.State.REQUESTED
    note_refund(row, state, now=now)
    return row.counts and is_asked_for


def note_refund(refund: Refund, state: str, *, now: dt.datetime) -> None:
    """Write down where a refund stands now, and tell staff where its money is with us again.

    Both Stripe's refunds and those of our own bank fail here. Runs inside the caller's transaction.
    """
    counted = refund.counts
    refund.state, refund.changed_at = state, now
    refund.save()
    log.info("refund noted", extra={"order": refund.order_id, "refund": refund.pk, "state": state})
    if counted and not refund.counts:
        emails.tell_staff_of_failed_refund(refund)


def tell_of_money(refunds: list[Refund], papers: list[Document]) -> None:
    """Tell the buyer of new refunds, each with its credit note if it has one, and of other papers."""
    by_refund = {paper.refund_id: paper for paper in papers if paper.kind == Document.Kind.CREDIT_NOTE}
    for refund in refunds:
        emails.tell_buyer_of_refund(refund, by_refund.get(refund.pk))
    told = {refund.pk for refund in refunds}
    for paper in papers:
        if paper.refund_id not in told:
            emails.send_correction(paper)


def record_disputes(order: Order, answer: Answer, noted: list[Dispute], *, now: dt.datetime) -> list[Dispute]:
    """Write down each dispute as Stripe describes it now, with those ``noted`` before; tell staff of each
    change. Return all disputes of the order, first begun first.
    """
    known = {row.stripe_dispute_id: row for row in noted}
    for dispute in answer.disputes:
        row = known.get(dispute.dispute_id)
        if row is None or describe(dispute) != {name: getattr(row, name) for name in describe(dispute)}:
            is_news = row is None or row.stripe_status != dispute.status
            row, _ = Dispute.objects.update_or_create(
                stripe_dispute_id=dispute.dispute_id,
                defaults={
                    "order": order,
                    "created_at": dispute.created_at,
                    "changed_at": now,
                    **describe(dispute),
                },
            )
            log.info("dispute noted", extra={"order": order.pk, "dispute": row.pk, "state": dispute.status})
            if is_news:
                emails.tell_staff_of_dispute(row)
            known[row.stripe_dispute_id] = row
    return sorted(known.values(), key=_begun)


def describe(dispute: DisputeAnswer) -> dict[str, Any]:
    """What of a dispute may change."""
    return {
        "amount_minor": dispute.amount_minor,
        "stripe_status": dispute.status,
        "stripe_reason": dispute.reason,
        "is_withdrawn": dispute.is_withdrawn,
        "answer_by": dispute.answer_by,
        "withdrawn_at": dispute.withdrawn_at,
        "reinstated_at": dispute.reinstated_at,
    }
