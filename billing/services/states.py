"""From which state an order may go to which: one table, and the one function that moves it."""

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any

from django.db.models import F
from wagtail.log_actions import log as audit

from billing.models import Order, OrderLine

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("billing")
Status = Order.Status

# States of an order that was paid: from each of them the money may lead to any other.
PAID = frozenset(Order.PAID_STATUSES)

# Into each state, from these. From REVIEW only staff lead to FULFILLED, with a reason that is kept.
ALLOWED: dict[str, frozenset[str]] = {
    Status.OPEN: frozenset({Status.DRAFT}),
    Status.PROCESSING: frozenset({Status.DRAFT, Status.OPEN}),
    Status.FULFILLED: frozenset(
        {Status.DRAFT, Status.OPEN, Status.PROCESSING, Status.EXPIRED, Status.FAILED, Status.REVIEW}
    )
    | (PAID - {Status.FULFILLED}),
    Status.PARTLY_REFUNDED: PAID - {Status.PARTLY_REFUNDED},
    Status.REFUNDED: (PAID | {Status.REVIEW}) - {Status.REFUNDED},
    Status.DISPUTED: PAID - {Status.DISPUTED},
    Status.CHARGED_BACK: (PAID | {Status.REVIEW}) - {Status.CHARGED_BACK},
    Status.EXPIRED: frozenset({Status.DRAFT, Status.OPEN}),
    Status.CANCELLED: frozenset({Status.DRAFT, Status.OPEN}),
    Status.FAILED: frozenset({Status.DRAFT, Status.OPEN, Status.PROCESSING}),
    Status.REVIEW: frozenset(
        {Status.DRAFT, Status.OPEN, Status.PROCESSING, Status.EXPIRED, Status.FAILED, Status.CANCELLED}
    )
    | PAID,
}
MOMENTS = {
    Status.PROCESSING: "processing_at",
    Status.FULFILLED: "fulfilled_at",
    Status.EXPIRED: "closed_at",
    Status.CANCELLED: "closed_at",
    Status.FAILED: "closed_at",
    Status.REFUNDED: "closed_at",
    Status.CHARGED_BACK: "closed_at",
}


class NotAllowedError(Exception):
    """An order cannot go from the state it is in to the one that was wanted."""


def may_move(order: Order, status: str) -> bool:
    """Whether the table lets the order go there."""
    return order.status in ALLOWED.get(status, ())


def move_order(
    order: Order, status: str, *, now: dt.datetime, actor: "User | None" = None, **changes: Any
) -> None:
    """Move a locked ``order`` to ``status`` together with other ``changes``, and its lines with it.

    Must run inside a transaction. Raises NotAllowedError when the row is no longer in a state that allows it.
    """
    moment = MOMENTS.get(Status(status))
    if moment and not (moment == "fulfilled_at" and order.fulfilled_at):
        changes[moment] = now
    if moment != "closed_at":
        changes["closed_at"] = None
    if not order.paid_at and (order.paid_minor or status == Status.FULFILLED):
        changes["paid_at"] = now  # also where the money waits for a decision
    moved = Order.objects.filter(pk=order.pk, status__in=ALLOWED[status]).update(
        status=status, version=F("version") + 1, **changes
    )
    if not moved:
        raise NotAllowedError(f"order {order.pk} cannot become {status}")
    before, order.version = order.status, order.version + 1
    for name, value in {"status": status, **changes}.items():
        setattr(order, name, value)
    OrderLine.objects.filter(order_id=order.pk).update(is_live=status in Order.LIVE_STATUSES)
    audit(order, f"billing.order.{status}", user=actor, data={"from": before})
    log.info("order moved", extra={"order": order.pk, "from": before, "to": status})


def write_order(order: Order, **changes: Any) -> None:
    """Write changes of a locked order, and count them: an answer that was fetched before is dropped."""
    order.version += 1
    for name, value in changes.items():
        setattr(order, name, value)
    order.save(update_fields=["version", *changes])
