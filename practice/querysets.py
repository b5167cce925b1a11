"""How reflections and plans are found, and who may know of them. Every rule of who sees what stands here."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from teams.models import Membership

if TYPE_CHECKING:
    from accounts.models import User
    from courses.models import ReflectivePrompt, SessionPage
    from practice.models import (
        ActionPlan,
        ActionReview,  # noqa: F401 - named in a class's base
        PlannedAction,  # noqa: F401
        Reflection,  # noqa: F401
        ReflectionCopy,  # noqa: F401
        SessionTally,  # noqa: F401
    )
    from teams.models import CareSetting


def _team_is_seen_by(user: "User", team: str, care_setting: str) -> Q:
    """Whether ``user`` works in the team that a row names, or manages its setting."""
    mine = Membership.objects.standing().for_user(user)
    return Q(Exists(mine.filter(teams=OuterRef(team)))) | Q(
        Exists(mine.managing().filter(care_setting=OuterRef(care_setting)))
    )


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    """One person's words: found for their author, and for whom the author chose."""

    def visible_to(self, user: "User") -> Self:
        """The person's own, also of settings they have left, and what others shared with them.

        Shared with a team: its people, and the setting's managers. Shared with facilitators: those of the
        team, or of the setting if the author is in no team. Nobody else, whatever their role.
        """
        facilitates = (
            Membership.objects.standing()
            .for_user(user)
            .filter(is_facilitator=True, care_setting=OuterRef("care_setting"))
        )
        is_for_my_team = Q(shared_with="team") & _team_is_seen_by(user, "team", "care_setting")
        is_for_me_as_facilitator = Q(shared_with="facilitator") & (
            (Q(team__isnull=True) & Q(Exists(facilitates)))
            | Q(Exists(facilitates.filter(teams=OuterRef("team"))))
        )
        return self.filter(Q(author_id=user.pk) | is_for_my_team | is_for_me_as_facilitator)

    def written_by(self, user: "User") -> Self:
        """The person's own, in every setting, for ever."""
        return self.filter(author_id=user.pk)

    def shared_by_others(self, user: "User") -> Self:
        """What colleagues chose to let the person read."""
        return self.visible_to(user).exclude(author_id=user.pk)

    def in_care_setting(self, care_setting: "CareSetting") -> Self:
        """Reflections on the work in one setting."""
        return self.filter(care_setting_id=care_setting.pk)

    def on_prompt(self, prompt: "ReflectivePrompt") -> Self:
        """Answers to one question."""
        return self.filter(prompt_id=prompt.pk)

    def on_session(self, session_page: "SessionPage") -> Self:
        """Answers to a session's questions."""
        return self.filter(session_page_id=session_page.pk)

    def finished(self) -> Self:
        """Answers whose authors have said that they are done."""
        return self.filter(status="sent")

    def people(self) -> int:
        """How many people wrote them."""
        return self.aggregate(number=Count("author", distinct=True))["number"]

    def as_journal(self) -> Self:
        """With setting, team and second copies loaded, newest first."""
        return self.select_related("care_setting", "team").prefetch_related("copies").newest_first()

    def newest_first(self) -> Self:
        """As in a journal: what was begun last comes first, a session's answers together."""
        return self.order_by("-created_at", "-pk")


class ReflectionCopyQuerySet(models.QuerySet["ReflectionCopy"]):
    """Second copies: found for their author only."""

    def written_by(self, user: "User") -> Self:
        """The person's own."""
        return self.filter(reflection__author_id=user.pk)

    def after_access_ended(self) -> Self:
        """Words that came when access had ended."""
        return self.filter(reason="access_ended")

    def newest_first(self) -> Self:
        """Newest first."""
        return self.order_by("-kept_at", "-pk")


class SessionTallyQuerySet(models.QuerySet["SessionTally"]):
    """How many people finished each session, counted beforehand."""

    def recount(self, *, care_setting_id: int, session_page_id: int) -> None:
        """Count again how many people of a setting finished a session, inside the caller's transaction.

        The row is locked before anything is counted, so that of two who finish at once the second counts
        both: it sees what the first has written, because the first has ended by then.
        """
        about = {"care_setting_id": care_setting_id, "session_page_id": session_page_id}
        row = self.select_for_update().filter(**about).first()
        if row is None:
            self.bulk_create([self.model(**about)], ignore_conflicts=True)
            row = self.select_for_update().get(**about)
        row.people = apps.get_model("practice", "Reflection").objects.finished().filter(**about).people()
        row.save(update_fields=["people"])


class ActionPlanQuerySet(models.QuerySet["ActionPlan"]):
    """Plans of teams."""

    def visible_to(self, user: "User") -> Self:
        """Plans of the person's teams; a manager sees those of all teams of the setting."""
        return self.filter(_team_is_seen_by(user, "team", "team__care_setting"))

    def in_care_setting(self, care_setting: "CareSetting") -> Self:
        """Plans of one setting's teams."""
        return self.filter(team__care_setting_id=care_setting.pk)

    def at(self, team_slug: str, course_slug: str) -> Self:
        """The plan that an address names."""
        return self.filter(team__slug=team_slug, course_page__slug=course_slug)

    def newest_first(self) -> Self:
        """The course that a team began last comes first."""
        return self.order_by("-created_at", "-pk")


class PlannedActionQuerySet(models.QuerySet["PlannedAction"]):
    """Actions of plans."""

    def of_plan(self, plan: "ActionPlan") -> Self:
        """The actions of one plan."""
        return self.filter(plan_id=plan.pk)

    def open(self) -> Self:
        """What still is to be done."""
        return self.filter(status="open")

    def in_plan_order(self) -> Self:
        """Open before closed, the earliest promise first. Groups are made by printouts.group_actions."""
        return self.order_by(models.Case(models.When(status="open", then=0), default=1), "due_on", "pk")

    def with_people(self, reviews: "ActionReviewQuerySet") -> Self:
        """With the person who took each on and, in one query more, their ``reviews`` in order."""
        return self.select_related("who__user").prefetch_related(models.Prefetch("reviews", queryset=reviews))

    def that_need(self, membership: Membership, day: dt.date) -> Self:
        """Open actions that need the member on the London ``day``, what is due first first.

        Their own; for those who lead also what is overdue in their teams; for managers what needs a manager.
        """
        needs = Q(who_id=membership.pk)
        if membership.leads:
            needs |= Q(due_on__lt=day)
        if membership.manages:
            needs |= Q(needs_manager=True)
        actions = self.open().filter(needs, plan__team__care_setting_id=membership.care_setting_id)
        if not membership.manages:
            actions = actions.filter(
                Exists(Membership.objects.filter(pk=membership.pk, teams=OuterRef("plan__team")))
            )
        return actions.order_by("due_on", "pk")


class ActionReviewQuerySet(models.QuerySet["ActionReview"]):
    """How actions went."""

    def of_plan(self, plan: "ActionPlan") -> Self:
        """The reviews of one plan's actions."""
        return self.filter(action__plan_id=plan.pk)

    def oldest_first(self) -> Self:
        """As it went."""
        return self.order_by("reviewed_on", "pk")
