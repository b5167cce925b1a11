"""Reminders to those who pay for many settings: one mail for all of a payer's rentals that end.

A setting whose manager never came has nobody else to be told. The payer hears of the others too, because
it paid for them; their managers get reminders of their own.
"""

import datetime as dt
import logging

from django.db import IntegrityError, transaction

from billing import emails
from billing.models import Payer, PayerReminder, PayerReminderStop, Term
from billing.models.reminders import REMINDER_STEPS
from billing.services.reminder_steps import choose_step
from elearning.periods import london_day

log = logging.getLogger("billing")

Due = list[tuple[Term, int]]


def send_payer_reminders(*, now: dt.datetime) -> int:
    """Send the reminders that are due to payers on the London day of ``now``; return how many mails.

    Safe to repeat. Nothing is said about what is renewed, taken back or on hold, nor to who stopped them.
    """
    day = london_day(now)
    return sum(send_to_payer(payer, due, day=day, now=now) for payer, due in find_due(day=day))


def find_due(*, day: dt.date) -> list[tuple[Payer, Due]]:
    """Return each payer with its terms that have reached a step on a London ``day``. Three queries."""
    ending = Term.objects.counting().in_force().not_renewed().ending_within(max(REMINDER_STEPS), after=day)
    steps = {term: choose_step(term, day=day) for term in ending.paid_by_payers()}
    told = set(PayerReminder.objects.of_terms(steps).values_list("term_id", "days_before"))
    payers: dict[int, Payer] = {}
    due: dict[int, Due] = {}
    for term, step in steps.items():
        setting = term.order_line.payer_setting if term.order_line else None
        if setting and step and (term.pk, step) not in told:
            payers[setting.payer_id] = setting.payer
            due.setdefault(setting.payer_id, []).append((term, step))
    stops = PayerReminderStop.objects.about(payers).values_list("payer_id", "email")
    stopped = {(payer_id, email.lower()) for payer_id, email in stops}
    return [
        (payer, due[pk]) for pk, payer in payers.items() if (pk, payer.contact_email.lower()) not in stopped
    ]


def send_to_payer(payer: Payer, due: Due, *, day: dt.date, now: dt.datetime) -> bool:
    """Write each step down and queue the one mail with them; say no when another worker was quicker."""
    try:
        with transaction.atomic():
            PayerReminder.objects.bulk_create(
                PayerReminder(term=term, email=payer.contact_email, days_before=step, sent_at=now)
                for term, step in due
            )
            emails.send_payer_reminder(payer, [term for term, _ in due], day=day)
    except IntegrityError:
        return False
    log.info("payer reminded", extra={"payer": payer.pk, "terms": len(due)})
    return True


def wants_payer_reminders(payer: Payer) -> bool:
    """Whether a payer's contact gets reminders."""
    return not PayerReminderStop.objects.of_address(payer.pk, payer.contact_email).exists()


def stop_payer_reminders(*, payer: Payer, email: str, now: dt.datetime) -> None:
    """Send one address no more reminders about a payer's settings. Safe to repeat."""
    try:
        with transaction.atomic():
            PayerReminderStop.objects.create(payer=payer, email=email.lower(), stopped_at=now)
    except IntegrityError:
        return
    log.info("payer reminders stopped", extra={"payer": payer.pk})


def resume_payer_reminders(*, payer: Payer) -> None:
    """Send a payer's contact reminders again. Safe to repeat."""
    PayerReminderStop.objects.of_address(payer.pk, payer.contact_email).delete()
    log.info("payer reminders wanted again", extra={"payer": payer.pk})
