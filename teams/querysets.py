"""How settings, teams and the people in them are found."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User
    from teams.models import CareSetting, Membership, Team


class CareSettingQuerySet(models.QuerySet["CareSetting"]):
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

    def by_name(self) -> Self:
        """In the order people look for them."""
        return self.order_by("name", "pk")


class TeamQuerySet(models.QuerySet["Team"]):
    def in_care_setting(self, care_setting: "CareSetting") -> Self:
        """The teams of one setting."""
        return self.filter(care_setting_id=care_setting.pk)

    def visible_to_member(self, membership: "Membership") -> Self:
        """Teams whose plans and sittings this member may know of: own ones, or all for a manager."""
        teams = self.filter(care_setting_id=membership.care_setting_id)
        return teams if membership.manages else teams.filter(memberships=membership)

    def by_name(self) -> Self:
        """In the order people look for them."""
        return self.order_by("name", "pk")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def standing(self) -> Self:
        """People who have not left."""
        return self.filter(left_at__isnull=True)

    def for_user(self, user: "User") -> Self:
        """Where one person works or worked."""
        return self.filter(user_id=user.pk)

    def in_care_setting(self, care_setting: "CareSetting") -> Self:
        """The people of one setting, leavers too."""
        return self.filter(care_setting_id=care_setting.pk)

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


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, now: dt.datetime) -> Self:
        """Invitations that can still be accepted."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)

    def waiting(self) -> Self:
        """Neither accepted nor withdrawn; perhaps out of date."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def in_care_setting(self, care_setting: "CareSetting") -> Self:
        """The invitations of one setting."""
        return self.filter(care_setting_id=care_setting.pk)

    def newest_first(self) -> Self:
        """Newest first."""
        return self.order_by("-created_at", "-pk")


class JoinLinkQuerySet(models.QuerySet["JoinLink"]):
    def with_code(self, code: str) -> Self:
        """The link with this code."""
        return self.filter(code=code)


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def undecided(self) -> Self:
        """Requests that wait for a manager."""
        return self.filter(decided_at__isnull=True)

    def in_care_setting(self, care_setting: "CareSetting") -> Self:
        """The requests of one setting."""
        return self.filter(care_setting_id=care_setting.pk)

    def oldest_first(self) -> Self:
        """Who waited longest comes first."""
        return self.order_by("created_at", "pk")
