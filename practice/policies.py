"""What a member may do with reflections and plans that they may know of."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from practice.models import ActionPlan, Reflection
    from teams.models import Membership


def may_change_reflection(user: "User", reflection: "Reflection") -> bool:
    """Only its author shares, unshares or removes a reflection (R48)."""
    return reflection.author_id == user.pk


def may_change_plan(membership: "Membership", plan: "ActionPlan") -> bool:
    """Everyone whose team it is adds, changes and reviews; managers in every team of their setting."""
    return membership.is_standing and plan.team.care_setting_id == membership.care_setting_id


def may_download_plan(membership: "Membership") -> bool:
    """Those who lead: facilitators and managers (R63). It does not ask billing, for plans outlive rentals."""
    return membership.is_standing and membership.leads


def may_see_counts(membership: "Membership") -> bool:
    """Those who lead see how many people reflected, never who or what (R52)."""
    return membership.is_standing and membership.leads
