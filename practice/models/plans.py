"""The team action plan: what is already working, what a team will do, and how it went."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.models import CoursePage, SessionPage
from practice.querysets import ActionPlanQuerySet, ActionReviewQuerySet, PlannedActionQuerySet
from teams.models import Membership, Team

WORKING_LIMIT = 2000
NOTE_LIMIT = 1000


class ActionPlan(models.Model):
    """One plan for a team and a course, fed by every session (R56). It outlives the rental."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="action_plans")
    course_page = models.ForeignKey(CoursePage, on_delete=models.PROTECT, related_name="action_plans")
    what_is_working = models.TextField(max_length=WORKING_LIMIT, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Goes up with every change of the text above.")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActionPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "course_page"], name="practice_plan_once_per_team"),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"


class PlannedAction(models.Model):
    """One thing that a team will do: what, why, who, by when, how we will know (R57).

    Its status is changed by reviews only, so that every change has a day and a name.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="actions")
    session_page = models.ForeignKey(
        SessionPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="planned_actions"
    )
    what = models.CharField(max_length=200)
    why = models.CharField(max_length=300, blank=True)
    who = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="planned_actions")
    who_name = models.CharField(max_length=80, blank=True, help_text="Kept for when the person is gone.")
    due_on = models.DateField()
    how_we_will_know = models.CharField(max_length=300, blank=True)
    needs_manager = models.BooleanField(default=False)
    what_is_needed = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1, help_text="Goes up with every change of the words.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(null=True)

    objects = PlannedActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(needs_manager=True) | Q(what_is_needed=""),
                name="practice_action_needs_only_if_flagged",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "done", "dropped"]), name="practice_action_status_known"
            ),
        ]
        indexes = [models.Index(fields=["plan", "status", "due_on"], name="practice_action_in_plan")]

    def __str__(self) -> str:
        return f"action {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it still is to be done."""
        return self.status == self.Status.OPEN

    @property
    def is_of_former_member(self) -> bool:
        """Whether the person who took it on works here no more. Needs ``who`` loaded."""
        return bool(self.who_name) and (self.who is None or not self.who.is_standing)

    def is_overdue_on(self, day: dt.date) -> bool:
        """Whether it should have been done before the London ``day``."""
        return self.is_open and self.due_on < day


class ActionReview(models.Model):
    """How an action went, on a day. A new entry never overwrites an earlier one (R60)."""

    class Verdict(models.TextChoices):
        DONE = "done", "Done"
        GOING_WELL = "going_well", "Going well"
        STUCK = "stuck", "Stuck"
        CHANGED = "changed", "Changed"
        DROPPED = "dropped", "Dropped"

    action = models.ForeignKey(PlannedAction, on_delete=models.CASCADE, related_name="reviews")
    reviewed_on = models.DateField()
    verdict = models.CharField(max_length=12, choices=Verdict)
    note = models.TextField(max_length=NOTE_LIMIT, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=80, blank=True, help_text="Kept for when the person is gone.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActionReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict="dropped") | ~Q(note=""), name="practice_review_dropped_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["action", "reviewed_on"], name="practice_review_thread")]

    def __str__(self) -> str:
        return f"review {self.pk}"
