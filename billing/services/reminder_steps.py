"""Which step before the end of a rental is due: worked out from the day alone."""

import datetime as dt

from billing.models import Term
from billing.models.reminders import REMINDER_STEPS


def choose_step(term: Term, *, day: dt.date) -> int | None:
    """Return the step that a term has reached on a London ``day``, the nearest one, or None.

    A step whose day is not after the term's first day does not count: a month that begins today gets no
    reminder 30 days before its end.
    """
    left = (term.last_day - day).days
    reached = [
        step
        for step in REMINDER_STEPS
        if left <= step and term.last_day - dt.timedelta(days=step) > term.starts_on
    ]
    return min(reached, default=None)
