"""Reminders 60, 30 and 7 days before the last day of a rental and the day before, each once for each person.

Which step is due is worked out from the day alone, so that days without a worker cost nothing but time:
afterwards the nearest step goes, and those before it never do.
"""

import datetime as dt
import logging
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from billing import emails
from billing.models import Reminder, ReminderStop, Term
from billing.models.reminders import REMINDER_STEPS
from billing.services.payer_reminders import send_payer_reminders
from billing.services.reminder_steps import choose_step
from elearning.periods import LONDON, london_day
from teams.models import Membership

if TYPE_CHECKING:
    from accounts.models import User
    from teams.models import CareSetting

log = logging.getLogger("billing")

FROM_HOUR = 7  # in London; nobody's telephone rings at night


def send_reminders(*, now: dt.datetime) -> int:
    """Send the reminders that are due on the London day of ``now``; return how many. Safe to repeat.

    None goes before seven in the morning, none about what is renewed, taken back or on hold, none to people
    who left or who stopped them.
    """
    if now.astimezone(LONDON).hour < FROM_HOUR:
        return 0
    due = find_due(day=london_day(now))
    sent = sum(send_once(term, user, step=step, now=now) for term, user, step in due)
    return sent + send_payer_reminders(now=now)


def find_due(*, day: dt.date) -> list[tuple[Term, "User", int]]:
    """Return (term, person, step) for each reminder that is due on a London ``day``. Four queries."""
    ending = Term.objects.counting().in_force().not_renewed().ending_within(max(REMINDER_STEPS), after=day)
    steps = {term: choose_step(term, day=day) for term in ending.select_related("rental").in_time()}
    care_settings = {term.rental.care_setting_id for term in steps}
    managing = list(
        Membership.objects.standing().managing().in_care_settings(care_settings).select_related("user")
    )
    stopped = set(ReminderStop.objects.about(care_settings).values_list("user_id", "care_setting_id"))
    sent = set(Reminder.objects.of_terms(steps).values_list("term_id", "user_id", "days_before"))
    return [
        (term, one.user, step)
        for term, step in steps.items()
        for one in managing
        if step
        and one.care_setting_id == term.rental.care_setting_id
        and one.user.is_active
        and (one.user_id, one.care_setting_id) not in stopped
        and (term.pk, one.user_id, step) not in sent
    ]


def send_once(term: Term, user: "User", *, step: int, now: dt.datetime) -> bool:
    """Write one reminder down and queue its mail with it; say no when another worker was quicker."""
    try:
        with transaction.atomic():
            reminder = Reminder.objects.create(term=term, user=user, days_before=step, sent_at=now)
            emails.send_reminder(reminder, care_setting_id=term.rental.care_setting_id, day=london_day(now))
    except IntegrityError:
        return False
    log.info("reminder sent", extra={"term": term.pk, "user": user.pk, "step": step})
    return True


def wants_reminders(user: "User", care_setting: "CareSetting") -> bool:
    """Whether a person gets reminders about a setting's rentals, if they manage it."""
    return not ReminderStop.objects.of_person(user.pk, care_setting_id=care_setting.pk).exists()


def stop_reminders(*, user_id: int, care_setting_id: int, now: dt.datetime) -> None:
    """Send one person no more reminders about one setting. Safe to repeat."""
    ReminderStop.objects.get_or_create(
        user_id=user_id, care_setting_id=care_setting_id, defaults={"stopped_at": now}
    )
    log.info("reminders stopped", extra={"user": user_id, "setting": care_setting_id})


def resume_reminders(*, user_id: int, care_setting_id: int) -> None:
    """Send one person reminders about one setting again. Safe to repeat."""
    ReminderStop.objects.of_person(user_id, care_setting_id=care_setting_id).delete()
    log.info("reminders wanted again", extra={"user": user_id, "setting": care_setting_id})
