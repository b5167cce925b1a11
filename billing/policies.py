"""Who may rent and see what a setting bought."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teams.models import Membership


def may_rent_for(membership: "Membership | None") -> bool:
    """Owners and managers rent for their setting (R8)."""
    return membership is not None and membership.is_standing and membership.manages


def may_see_orders(membership: "Membership | None") -> bool:
    """Owners and managers see rentals, orders and receipts."""
    return may_rent_for(membership)
