"""What becomes of a paid order's terms when its money moves: kept, on hold, taken back, given again."""

import datetime as dt
import enum

from billing.models import Order, Term
from billing.services.fulfilment import CannotFulfilError, lock_rentals
from billing.services.lines import lines_in_hand, term_of


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
    if not differing_terms(order, wanted):
        return None
    order.refresh_from_db()  # and with it its lines and terms, which may only now no longer change
    lock_rentals(order)
    terms = differing_terms(order, wanted)
    if wanted != Access.REVOKED:
        refuse_taken_days([term for term in terms if term.revoked_at])
    revoked_at = now if wanted == Access.REVOKED else None
    suspended_at = now if wanted == Access.SUSPENDED else None
    for term in terms:
        term.revoked_at = term.revoked_at if term.revoked_at and revoked_at else revoked_at
        term.suspended_at = term.suspended_at if term.suspended_at and suspended_at else suspended_at
        term.save(update_fields=["revoked_at", "suspended_at"])
    return wanted if terms else None


def differing_terms(order: Order, wanted: Access) -> list[Term]:
    """Return the terms of a locked order that are not as ``wanted``.

    Raises CannotFulfilError when a line has none that could be open.
    """
    terms = [term_of(line) for line in lines_in_hand(order)]
    if wanted != Access.REVOKED and None in terms:
        raise CannotFulfilError("The money came back to us, and nothing is open for it.")
    is_revoked, is_suspended = wanted == Access.REVOKED, wanted == Access.SUSPENDED
    return [
        term
        for term in terms
        if term and (bool(term.revoked_at), bool(term.suspended_at)) != (is_revoked, is_suspended)
    ]


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
    lock_rentals(order)
    return terms.update(revoked_at=now) > 0
