"""Who works in a setting, in which roles and teams."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction

from accounts import audit
from accounts.models import User
from teams import policies
from teams.models import CareSetting, Invitation, Membership, Team
from teams.refusals import Refusal

ROLES = ("owner", "manager", "facilitator", "practitioner")


class LastOwner(Refusal):
    """A setting without an owner is nobody's."""

    reason = "Your setting needs an owner. Make somebody else an owner first."


class NoRoleLeft(Refusal):
    """A member without a role could do nothing."""

    reason = "Choose at least one role. To take somebody out of your setting, remove them."


class NotAllowedAnyMore(Refusal):
    """The actor's own role changed between opening the page and pressing the button."""

    reason = "Your own role has changed, so you cannot do this any more. Ask an owner of your setting."


@transaction.atomic
def change_roles(*, actor: Membership, membership: Membership, roles: Collection[str]) -> Membership:
    """Give a member exactly these ``roles`` ("owner", "manager", "facilitator", "practitioner").

    Raises NoRoleLeft, LastOwner, or NotAllowedAnyMore.
    """
    if not set(roles) & set(ROLES):
        raise NoRoleLeft
    actor, membership = lock_people(actor, membership)
    if not policies.may_change_roles(actor, membership) or not membership.is_standing:
        raise NotAllowedAnyMore
    for role in ROLES:
        setattr(membership, f"is_{role}", role in roles)
    membership.save(update_fields=[f"is_{role}" for role in ROLES])
    _insist_on_an_owner(membership.care_setting)
    audit.record(
        "membership.roles_changed", actor=actor.user, membership=membership, roles=",".join(sorted(roles))
    )
    return membership


@transaction.atomic
def change_teams(*, actor: Membership, membership: Membership, teams: Iterable[Team]) -> Membership:
    """Put a member into exactly these teams of the setting. Raises NotAllowedAnyMore."""
    actor, membership = lock_people(actor, membership)
    if not policies.may_manage_people(actor) or not membership.is_standing:
        raise NotAllowedAnyMore
    membership.teams.set([team for team in teams if team.care_setting_id == membership.care_setting_id])
    audit.record("membership.teams_changed", actor=actor.user, membership=membership)
    return membership


@transaction.atomic
def remove_member(*, actor: Membership, membership: Membership, now: dt.datetime) -> Membership:
    """Take a member out of the setting from their next request on.

    What they wrote, and their name in plans, stay. Letters to them that still wait are withdrawn.
    Raises LastOwner or NotAllowedAnyMore.
    """
    actor, membership = lock_people(actor, membership)
    if not policies.may_remove_member(actor, membership):
        raise NotAllowedAnyMore
    if not membership.is_standing:
        return membership
    membership.left_at = now
    membership.save(update_fields=["left_at"])
    _insist_on_an_owner(membership.care_setting)
    letters = Invitation.objects.in_care_setting(membership.care_setting).waiting()
    letters.for_emails([membership.user.email]).update(withdrawn_at=now)
    audit.record("membership.removed", actor=actor.user, membership=membership)
    return membership


def lock_people(*memberships: Membership) -> list[Membership]:
    """Lock the people of a setting until the transaction ends, and return these members as they are now.

    The setting's row stands for all its people, so two owners who demote each other come one after the other.
    """
    CareSetting.objects.select_for_update().get(pk=memberships[0].care_setting_id)
    fresh = Membership.objects.select_related("user", "care_setting").in_bulk([m.pk for m in memberships])
    return [fresh[membership.pk] for membership in memberships]


def enrol(
    *, user: User, care_setting: CareSetting, role: str, teams: Iterable[Team], now: dt.datetime
) -> Membership:
    """Let a person in with one role; who worked here before gets their old row back, without its old roles.

    Call it with the setting's row locked.
    """
    membership, is_new = Membership.objects.get_or_create(
        user=user,
        care_setting=care_setting,
        defaults={"joined_at": now, **{f"is_{name}": name == role for name in ROLES}},
    )
    if not is_new and not membership.is_standing:
        membership.left_at = None
        membership.joined_at = now
        for name in ROLES:
            setattr(membership, f"is_{name}", name == role)
        membership.save()
        membership.teams.clear()
    elif not is_new:
        setattr(membership, f"is_{role}", True)
        membership.save(update_fields=[f"is_{role}"])
    membership.teams.add(*[team for team in teams if team.care_setting_id == care_setting.pk])
    return membership


def _insist_on_an_owner(care_setting: CareSetting) -> None:
    if not Membership.objects.in_care_setting(care_setting).standing().owning().exists():
        raise LastOwner
