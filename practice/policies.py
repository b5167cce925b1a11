"""What a member may do with reflections and plans that they may know of."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teams.models import Membership


def may_download_plan(membership: "Membership") -> bool:
    """Those who lead: facilitators and managers (R63). It does not ask billing, for plans outlive rentals."""
    return membership.is_standing and membership.leads


def may_see_counts(membership: "Membership") -> bool:
    """Those who lead see how many people reflected, never who or what (R52)."""
    return membership.is_standing and membership.leads
