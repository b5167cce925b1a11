"""Orders that nobody can pay yet: how long they wait, how they are dropped, and why renting is refused."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from billing.models import Order
from billing.services.invoice_news import credit_called_off
from billing.services.reconcile import lock_order
from billing.services.states import move_order

if TYPE_CHECKING:
    from accounts.models import User

Status = Order.Status

# A checkout needs at least 30 minutes to live, and Stripe remembers an idempotency key for 24 hours.
DRAFT_LIFE = dt.timedelta(hours=22)


class CannotRentError(Exception):
    """Renting is refused; the text is fit to show."""


class AlreadyRentingError(CannotRentError):
    """The setting rents this already, and it is too early to renew."""


class PaymentUnderWayError(CannotRentError):
    """Somebody has paid, and the money or a decision is on its way."""


class NoCheckoutError(Exception):
    """The pay page could not be opened, or the invoice not made; nothing was charged."""


def drop_order(*, order: Order, now: dt.datetime, actor: "User | None" = None) -> Order:
    """Mark an order as called off, if it is still unpaid here; return it as it is."""
    with transaction.atomic():
        locked = lock_order(order.pk)
        if locked.status in (Status.DRAFT, Status.OPEN):
            move_order(locked, Status.CANCELLED, now=now, actor=actor)
            credit_called_off(locked, now=now)
    return locked
