"""The lines of an order in hand, each with its setting and its term."""

from django.db.models import Prefetch, prefetch_related_objects

from billing.models import Order, OrderLine, Term


def lines_in_hand(order: Order) -> list[OrderLine]:
    """Return a locked order's lines, as they were written down, with their settings and terms.

    Read once and kept with ``order``: whoever writes a term says so by ``line.term = term``, and
    ``order.refresh_from_db()`` forgets them.
    """
    prefetch_related_objects([order], Prefetch("lines", OrderLine.objects.with_settings_and_terms()))
    return list(order.lines.all())


def term_of(line: OrderLine) -> Term | None:
    """Return the term that a line in hand has paid for, or None."""
    return getattr(line, "term", None)


def opens_anything(order: Order) -> bool:
    """Whether a locked order has a term that was not taken back."""
    terms = [term_of(line) for line in lines_in_hand(order)]
    return any(term and not term.revoked_at for term in terms)
