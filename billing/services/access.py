"""What becomes of a paid order's terms when its money moves: kept, on hold, taken back, given again."""

import datetime as dt
import enum

from billing.models import Order, Term
from billing.services.fulfilment import CannotFulfilError, lock_rental


class Access(enum.StrEnum):
    """What the money leaves of the access that it paid for."""

    OPEN = "open"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


def change_access(order: Order, wanted: Access, *, now: dt.datetime) -> Access | None:
    """Bring the terms of a locked order to ``wanted``; return it when anything changed, else None.

    Runs inside the caller's transaction. Raises CannotFulfilError, having written nothing, when terms should
    be given again and their days are taken meanwhile.
    """
    lines = order.lines.order_by("care_setting_id", "product_id")
    rentals = {line.pk: lock_rental(line) for line in lines}
    terms = list(Term.objects.of_order(order).select_related("rental"))
    if wanted != Access.REVOKED:
        if len(terms) < len(rentals):
            raise CannotFulfilError("The money came back to us, and nothing is open for it.")
        refuse_taken_days([term for term in terms if term.revoked_at])
    revoked_at = now if wanted == Access.REVOKED else None
    suspended_at = now if wanted == Access.SUSPENDED else None
    is_changed = False
    for term in terms:
        if (term.revoked_at is None, term.suspended_at is None) == (
            revoked_at is None,
            suspended_at is None,
        ):
            continue
        term.revoked_at = term.revoked_at if term.revoked_at and revoked_at else revoked_at
        term.suspended_at = term.suspended_at if term.suspended_at and suspended_at else suspended_at
        term.save(update_fields=["revoked_at", "suspended_at"])
        is_changed = True
    return wanted if is_changed else None


def refuse_taken_days(terms: list[Term]) -> None:
    """Raises CannotFulfilError when another term now has some of the days of these revoked ones."""
    for term in terms:
        others = Term.objects.unrevoked().filter(rental_id=term.rental_id).exclude(pk=term.pk)
        if others.overlapping(term.starts_on, term.ends_on).exists():
            raise CannotFulfilError(
                "The money came back to us, but the days it paid for are taken meanwhile."
            )


def lapse_provisional(order: Order, *, now: dt.datetime) -> bool:
    """Take back what staff opened until a locked order is paid; return whether there was anything.

    Runs inside the caller's transaction.
    """
    terms = Term.objects.of_order(order).provisional().unrevoked()
    if not terms.exists():
        return False
    for line in order.lines.order_by("care_setting_id", "product_id"):
        lock_rental(line)
    return terms.update(revoked_at=now) > 0
