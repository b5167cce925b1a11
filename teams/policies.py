"""What a member may do to their setting's people and teams. The owner alone changes roles."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teams.models import Membership


def may_manage_people(membership: "Membership") -> bool:
    """Owners and managers look after people, teams, invitations and the join link."""
    return membership.is_standing and membership.manages


def may_change_roles(membership: "Membership", other: "Membership") -> bool:
    """Only an owner changes roles, and never their own."""
    return (
        membership.is_standing
        and membership.is_owner
        and other.care_setting_id == membership.care_setting_id
        and other.pk != membership.pk
    )


def may_remove_member(membership: "Membership", other: "Membership") -> bool:
    """Managers remove people; only an owner removes an owner; nobody removes themselves here."""
    return (
        may_manage_people(membership)
        and other.care_setting_id == membership.care_setting_id
        and other.pk != membership.pk
        and (membership.is_owner or not other.is_owner)
    )


def may_grant_manager(membership: "Membership") -> bool:
    """Only an owner makes somebody a manager, by invitation too: roles are the owner's."""
    return membership.is_standing and membership.is_owner
