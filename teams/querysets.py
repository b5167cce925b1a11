"""How settings, teams and the people in them are found."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from teams.tokens import hash_token

# The address of a setting that waits for its first owner (teams.services.reserve_care_setting).
WAITING_SLUG = r"^waiting-[0-9a-f]{32}$"

if TYPE_CHECKING:
    from accounts.models import User
    from teams.models import (  # noqa: F401 - some are only named in quotes below
        CareSetting,
        Invitation,
        JoinLink,
        JoinRequest,
        Membership,
        Team,
    )


class CareSettingQuerySet(models.QuerySet["CareSetting"]):
    """Finding settings."""

    def visible_to(self, user: "User") -> Self:
        """Settings in which the person works now."""
        return self.filter(memberships__user_id=user.pk, memberships__left_at__isnull=True)

    def managed_by(self, user: "User") -> Self:
        """Settings for which the person may rent and invite."""
        return self.filter(
            Q(memberships__is_owner=True) | Q(memberships__is_manager=True),
            memberships__user_id=user.pk,
            memberships__left_at__isnull=True,
        )

    def owned_by(self, user: "User", *, made_since: dt.datetime) -> Self:
        """Settings made after ``made_since`` that belong to the person."""
        return self.filter(
            created_at__gt=made_since, memberships__user_id=user.pk, memberships__is_owner=True
        )

    def opened(self) -> Self:
        """Settings that somebody opened: not those that wait, empty, for their first owner."""
        return self.exclude(slug__regex=WAITING_SLUG)

    def by_name(self) -> Self:
        """In the order people look for them."""
        return self.order_by("name", "pk")


class TeamQuerySet(models.QuerySet["Team"]):
    """Finding teams."""

    def in_care_setting(self, care_setting: "CareSetting") -> Self:
        """The teams of one setting."""
        return self.filter(care_setting_id=care_setting.pk)

    def named(self, name: str) -> Self:
        """The team with this name, whatever its capitals."""
        return self.filter(name__iexact=name)

    def visible_to_member(self, membership: "Membership") -> Self:
        """Teams whose plans and sittings this member may know of: own ones, or all for a manager."""
        teams = self.filter(care_setting_id=membership.care_setting_id)
        return teams if membership.manages else teams.filter(memberships=membership)

    def by_name(self) -> Self:
        """In the order people look for them."""
        return self.order_by("name", "pk")


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Finding members, leavers too unless ``standing`` is asked for."""

    def standing(self) -> Self:
        """People who have not left."""
        return self.filter(left_at__isnull=True)

    def for_user(self, user: "User") -> Self:
        """Where one person works or worked."""
        return self.filter(user_id=user.pk)

    def in_care_setting(self, care_setting: "CareSetting") -> Self:
        """The people of one setting, leavers too."""
        return self.filter(care_setting_id=care_setting.pk)

    def in_care_settings(self, care_setting_ids: Iterable[int]) -> Self:
        """The people of several settings, leavers too."""
        return self.filter(care_setting_id__in=list(care_setting_ids))

    def at(self, slug: str) -> Self:
        """The people of the setting with this address, leavers too."""
        return self.filter(care_setting__slug=slug)

    def in_team(self, team: "Team") -> Self:
        """The people of one team."""
        return self.filter(teams=team)

    def managing(self) -> Self:
        """Owners and managers."""
        return self.filter(Q(is_owner=True) | Q(is_manager=True))

    def owning(self) -> Self:
        """Owners."""
        return self.filter(is_owner=True)

    def by_name(self) -> Self:
        """By display name."""
        return self.order_by("user__display_name", "pk")

    def by_role(self) -> Self:
        """Owners first, then managers, facilitators and practitioners, each by name."""
        return self.order_by("-is_owner", "-is_manager", "-is_facilitator", "user__display_name", "pk")

    def with_emails(self, emails: Iterable[str]) -> Self:
        """People who sign in with one of these addresses, written in small letters."""
        return self.filter(user__email__in=list(emails))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Finding letters that let one person in."""

    def open_at(self, now: dt.datetime) -> Self:
        """Invitations that can still be accepted."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)

    def waiting(self) -> Self:
        """Neither accepted nor withdrawn; perhaps out of date."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def in_care_setting(self, care_setting: "CareSetting") -> Self:
        """The invitations of one setting."""
        return self.filter(care_setting_id=care_setting.pk)

    def with_token(self, token: str) -> Self:
        """The invitation whose letter carried this token."""
        return self.filter(token_hash=hash_token(token))

    def to_members(self) -> Self:
        """Letters with which somebody joins a setting that is open."""
        return self.exclude(role="owner")

    def to_owners(self) -> Self:
        """Letters with which a setting that waits is opened."""
        return self.filter(role="owner")

    def written_by(self, user: "User", *, since: dt.datetime) -> Self:
        """What one person wrote after ``since``, in whatever setting."""
        return self.filter(invited_by=user, created_at__gt=since)

    def for_emails(self, emails: Iterable[str]) -> Self:
        """Invitations to these addresses, written in small letters."""
        return self.filter(email__in=list(emails))

    def newest_first(self) -> Self:
        """Newest first."""
        return self.order_by("-created_at", "-pk")


class JoinLinkQuerySet(models.QuerySet["JoinLink"]):
    """Finding join links."""

    def with_code(self, code: str) -> Self:
        """The link with this code."""
        return self.filter(code=code)


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    """Finding requests to join."""

    def undecided(self) -> Self:
        """Requests that wait for a manager."""
        return self.filter(decided_at__isnull=True)

    def in_care_setting(self, care_setting: "CareSetting") -> Self:
        """The requests of one setting."""
        return self.filter(care_setting_id=care_setting.pk)

    def by_person(self, user: "User") -> Self:
        """What one person asked for."""
        return self.filter(user_id=user.pk)

    def declined_since(self, moment: dt.datetime) -> Self:
        """Requests that a manager said no to lately."""
        return self.filter(is_approved=False, decided_at__gte=moment)

    def oldest_first(self) -> Self:
        """Who waited longest comes first."""
        return self.order_by("created_at", "pk")
