"""Calendar arithmetic: London days, half-open periods, whole months from an anchor."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearning.periods import (
    add_months,
    is_whole_months,
    last_day,
    london_day,
    months_between,
    next_period,
)

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2090, 12, 31))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-06-30T23:30+00:00", "2026-07-01"),  # summer time: half past midnight in London
        ("2026-12-31T23:30+00:00", "2026-12-31"),
        ("2026-03-29T00:59+00:00", "2026-03-29"),  # clocks go forward
        ("2026-03-28T23:59+00:00", "2026-03-28"),
        ("2026-10-24T23:30+00:00", "2026-10-25"),  # the night the clocks go back
        ("2026-10-25T23:30+00:00", "2026-10-25"),
        ("2026-07-01T04:30+05:30", "2026-07-01"),
    ],
)
def test_a_moment_belongs_to_the_day_that_londons_calendars_show(moment, day):
    assert london_day(dt.datetime.fromisoformat(moment)) == dt.date.fromisoformat(day)


def test_a_moment_without_a_time_zone_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        london_day(dt.datetime(2026, 6, 30, 12))


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        ("2026-11-21", 12, "2027-11-21"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-31", 12, "2027-01-31"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_months_are_calendar_months(anchor, months, expected):
    assert add_months(dt.date.fromisoformat(anchor), months) == dt.date.fromisoformat(expected)


def test_the_last_day_is_the_day_before_the_first_without_access():
    assert last_day(dt.date(2027, 11, 21)) == dt.date(2027, 11, 20)


@given(DAYS, st.integers(0, 240))
def test_counting_months_undoes_adding_them(anchor, months):
    assert months_between(anchor, add_months(anchor, months)) == months


@given(DAYS, st.lists(st.integers(1, 24), min_size=1, max_size=10))
def test_renewals_never_drift_from_the_anchor(first_day, renewals):
    starts_on, ends_on, anchor = first_day, first_day, first_day
    for months in renewals:
        before = ends_on
        starts_on, ends_on, anchor = next_period(ends_on=ends_on, anchor=anchor, months=months)
        assert starts_on == before
        assert is_whole_months(starts_on, ends_on, anchor=anchor)
    assert (anchor, ends_on) == (first_day, add_months(first_day, sum(renewals)))


def test_an_end_that_staff_chose_becomes_an_anchor_of_its_own():
    period = next_period(ends_on=dt.date(2026, 5, 10), anchor=dt.date(2026, 1, 31), months=12)
    assert period == (dt.date(2026, 5, 10), dt.date(2027, 5, 10), dt.date(2026, 5, 10))
