"""Who was reminded of the end of a rental, and who wants no reminders."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from billing.models.payers import Payer
from billing.models.rentals import Term
from billing.querysets import (
    PayerReminderQuerySet,
    PayerReminderStopQuerySet,
    ReminderQuerySet,
    ReminderStopQuerySet,
)
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


class PayerReminder(models.Model):
    """One step before the end of a term, told to the contact of the payer who paid for it.

    One mail names all of a payer's settings that have reached the step on a day; each has a row of its own,
    written in the transaction that queues the mail.
    """

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="payer_reminders")
    email = models.EmailField(help_text="To whom it went.")
    days_before = models.PositiveSmallIntegerField(help_text="The step that it was sent for.")
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PayerReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "days_before"], name="billing_payer_reminder_once"),
            models.CheckConstraint(
                condition=Q(days_before__in=REMINDER_STEPS), name="billing_payer_reminder_is_a_step"
            ),
        ]

    def __str__(self) -> str:
        return f"payer reminder {self.pk}"


class PayerReminderStop(models.Model):
    """An address that wants no reminders about a payer's settings; another contact of the payer gets them."""

    payer = models.ForeignKey(Payer, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    stopped_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PayerReminderStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("payer", Lower("email"), name="billing_payer_reminder_stop_once"),
        ]

    def __str__(self) -> str:
        return f"no reminders about payer {self.payer_id}"


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
