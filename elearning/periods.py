"""Calendar arithmetic for rentals: London days, half-open periods, whole calendar months."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(moment: dt.datetime) -> dt.date:
    """Return the calendar day in London at an aware ``moment``.

    Raises ValueError for a naive moment, whose day nobody can know.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone has no London day.")
    return moment.astimezone(LONDON).date()


def add_months(anchor: dt.date, months: int) -> dt.date:
    """Return the day ``months`` calendar months after ``anchor``, or the month's last day if shorter.

    Always step from the anchor, never from an earlier result: a chain from 29 February drifts.
    """
    index = anchor.year * 12 + anchor.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    return dt.date(year, month, min(anchor.day, calendar.monthrange(year, month)[1]))


def last_day(ends_on: dt.date) -> dt.date:
    """Return the last day of a half-open period [starts_on, ends_on), as people are told it."""
    return ends_on - dt.timedelta(days=1)
