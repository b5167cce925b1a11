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


def months_between(anchor: dt.date, day: dt.date) -> int:
    """Return how many calendar months lie from the month of ``anchor`` to that of ``day``.

    For a ``day`` made by ``add_months(anchor, n)`` this gives back ``n``, also where the month was shorter.
    """
    return (day.year - anchor.year) * 12 + day.month - anchor.month


def is_whole_months(starts_on: dt.date, ends_on: dt.date, *, anchor: dt.date) -> bool:
    """Whether both days lie whole calendar months after ``anchor``, the first before the second."""
    return starts_on < ends_on and all(
        add_months(anchor, months_between(anchor, day)) == day for day in (starts_on, ends_on)
    )


def next_period(*, ends_on: dt.date, anchor: dt.date, months: int) -> tuple[dt.date, dt.date, dt.date]:
    """Return (starts_on, ends_on, anchor) of the ``months`` calendar months that follow ``ends_on``.

    Steps from ``anchor``. An end that never belonged to the anchor's months becomes an anchor of its own.
    """
    so_far = months_between(anchor, ends_on)
    if add_months(anchor, so_far) != ends_on:
        anchor, so_far = ends_on, 0
    return ends_on, add_months(anchor, so_far + months), anchor
