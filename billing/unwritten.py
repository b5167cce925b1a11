"""How many sessions of a product are still being written: the rooms above know, and say so by a Wagtail hook.

A room above that writes lessons registers its count, so that this room need not know it:

    @hooks.register("count_unwritten_sessions")
    def count(product) -> int: ...
"""

from typing import TYPE_CHECKING

from wagtail import hooks

if TYPE_CHECKING:
    from billing.models import Product

HOOK = "count_unwritten_sessions"


def count_unwritten(product: "Product") -> int:
    """Return how many announced sessions, of all that ``product`` opens, are not there yet. One query."""
    return sum(count(product) for count in hooks.get_hooks(HOOK))
