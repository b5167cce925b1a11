"""Adding, changing and reviewing a team's actions. Never a silent overwrite; reviews are only ever added."""

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from courses.models import CoursePage
from practice.models import ActionPlan, ActionReview, PlannedAction
from teams.models import Membership, Team

logger = logging.getLogger(__name__)

STATUS_AFTER = {
    ActionReview.Verdict.DONE: PlannedAction.Status.DONE,
    ActionReview.Verdict.DROPPED: PlannedAction.Status.DROPPED,
}


class ChangedMeanwhileError(Exception):
    """A colleague saved first; the rows as they are now come along, so that both can be shown."""

    def __init__(self, current: "ActionPlan | PlannedAction") -> None:
        who = current.changed_by.display_name if current.changed_by else "Somebody"
        super().__init__(f"{who} changed this while you were writing. Nothing is lost: both are shown.")
        self.who = who
        self.current = current


@transaction.atomic
def get_or_create_plan(*, team: Team, course_page: CoursePage, now: dt.datetime) -> ActionPlan:
    """Return the plan of ``team`` for the course, made now if it is the first thing to be written in it."""
    plan, _ = ActionPlan.objects.get_or_create(
        team=team, course_page=course_page, defaults={"created_at": now}
    )
    return plan


@transaction.atomic
def add_action(
    *, team: Team, course_page: CoursePage, words: dict[str, Any], actor: User, now: dt.datetime
) -> PlannedAction:
    """Put an action into the team's plan. ``words`` are the checked fields of ActionForm."""
    plan = get_or_create_plan(team=team, course_page=course_page, now=now)
    action = PlannedAction.objects.create(
        plan=plan,
        **_with_kept_name(words),
        created_by=actor,
        created_at=now,
        changed_by=actor,
        changed_at=now,
    )
    logger.info("action %s is added to plan %s by %s", action.pk, plan.pk, actor.pk)
    return action


def change_action(
    *, action: PlannedAction, version: int, words: dict[str, Any], actor: User, now: dt.datetime
) -> None:
    """Change an action's words. ``version`` is what the writer started from.

    Raises ChangedMeanwhileError, having changed nothing, when a colleague was faster.
    """
    is_changed = PlannedAction.objects.filter(pk=action.pk, version=version).update(
        **_with_kept_name(words), version=F("version") + 1, changed_by=actor, changed_at=now
    )
    if not is_changed:
        raise ChangedMeanwhileError(
            PlannedAction.objects.select_related("changed_by", "who__user").get(pk=action.pk)
        )
    logger.info("action %s is changed by %s", action.pk, actor.pk)


@transaction.atomic
@transaction.atomic
def review_action(
    *, action: PlannedAction, verdict: str, note: str, reviewed_on: dt.date, actor: User, now: dt.datetime
) -> ActionReview:
    """Add a dated entry to the action; done and dropped close it, anything else opens it again (R60).

    The entry of the latest day decides: one that tells of an earlier day changes nothing about today.
    """
    PlannedAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    review = ActionReview.objects.create(
        action=action,
        verdict=verdict,
        note=note,
        reviewed_on=reviewed_on,
        by=actor,
        by_name=actor.display_name,
        created_at=now,
    )
    latest = action.reviews.oldest_first().last() or review
    action.status = STATUS_AFTER.get(ActionReview.Verdict(latest.verdict), PlannedAction.Status.OPEN)
    action.save(update_fields=["status"])
    logger.info("action %s is reviewed by %s", action.pk, actor.pk)
    return review


def save_what_is_working(
    *, team: Team, course_page: CoursePage, text: str, version: int, actor: User, now: dt.datetime
) -> ActionPlan:
    """Keep what the team says is already working (R62) and return the plan with its new version.

    Raises ChangedMeanwhileError when a colleague was faster, unless the new text holds every word of theirs.
    """
    with transaction.atomic():
        plan = get_or_create_plan(team=team, course_page=course_page, now=now)
        plan = ActionPlan.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=plan.pk)
        if plan.what_is_working == text:
            return plan
        if plan.version == version or plan.what_is_working in text:
            plan.what_is_working = text
            plan.version += 1
            plan.changed_by = actor
            plan.changed_at = now
            plan.save(update_fields=["what_is_working", "version", "changed_by", "changed_at"])
            return plan
    raise ChangedMeanwhileError(plan)


def _with_kept_name(words: dict[str, Any]) -> dict[str, Any]:
    who: Membership | None = words.get("who")
    return {**words, "who_name": who.user.display_name if who else ""}
