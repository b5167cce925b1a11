"""Who was reminded of the end of a rental, and who wants no reminders."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing.models.rentals import Term
from billing.querysets import ReminderQuerySet, ReminderStopQuerySet
from teams.models import CareSetting

REMINDER_STEPS = (60, 30, 7, 1)  # days before a term's last day


class Reminder(models.Model):
    """One mail before the end of a term, to one person: written in the transaction that queues it."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    days_before = models.PositiveSmallIntegerField(help_text="The step that it was sent for.")
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "user", "days_before"], name="billing_reminder_once"),
            models.CheckConstraint(
                condition=Q(days_before__in=REMINDER_STEPS), name="billing_reminder_is_a_step"
            ),
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"


class ReminderStop(models.Model):
    """A person who wants no reminders about one setting."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    care_setting = models.ForeignKey(CareSetting, on_delete=models.CASCADE, related_name="+")
    stopped_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReminderStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "care_setting"], name="billing_reminder_stop_once"),
        ]

    def __str__(self) -> str:
        return f"no reminders for {self.user_id} about {self.care_setting_id}"
