"""Watched seconds: merged in any order, never more than there was time for."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from video import seconds
from video.models import WatchedSeconds
from video.services import record_watching

ranges = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=8)


@given(st.lists(ranges, max_size=5), st.randoms())
def test_the_order_and_number_of_reports_do_not_matter(reports, random):
    def merged(order):
        bitmap = b""
        for report in order:
            bitmap = seconds.merge(bitmap, seconds.from_ranges(report, 60), at_most=100)
        return bitmap

    shuffled = reports * 2
    random.shuffle(shuffled)
    assert merged(shuffled) == merged(reports)
    truth = {s for report in reports for start, end in report for s in range(start, min(end, 60))}
    assert seconds.count(merged(reports)) == len(truth)


def test_no_more_new_seconds_than_there_was_time_for():
    bitmap = seconds.merge(b"\x01", seconds.from_ranges([(0, 60)], 60), at_most=10)
    assert seconds.count(bitmap) == 11
    assert bitmap == seconds.from_ranges([(0, 11)], 60)


@pytest.mark.django_db
def test_somebody_who_claims_the_whole_film_at_once_is_not_believed(priya, clip_page):
    now = timezone.now()

    def report(after, *claimed):
        return record_watching(
            user=priya,
            clip_page=clip_page,
            ranges=claimed,
            position_ms=0,
            now=now + dt.timedelta(seconds=after),
        ).watched_seconds

    assert report(0, (0, 48)) == 5
    assert report(10, (0, 48)) == 5 + 2 * 10 + 5
    assert report(40, (0, 48)) == 48


@pytest.mark.django_db
def test_two_tabs_at_once_lose_nothing(priya, clip_page, monkeypatch):
    """The other tab reports between our reading and our writing."""
    now = timezone.now()
    record_watching(user=priya, clip_page=clip_page, ranges=[], position_ms=0, now=now)
    later = now + dt.timedelta(seconds=30)
    merge = seconds.merge

    def merge_late(before, reported, *, at_most):
        monkeypatch.setattr(seconds, "merge", merge)
        record_watching(user=priya, clip_page=clip_page, ranges=[(10, 14)], position_ms=0, now=later)
        return merge(before, reported, at_most=at_most)

    monkeypatch.setattr(seconds, "merge", merge_late)
    record_watching(user=priya, clip_page=clip_page, ranges=[(0, 4)], position_ms=4000, now=later)
    row = WatchedSeconds.objects.get()
    assert bytes(row.bitmap) == seconds.from_ranges([(0, 4), (10, 14)], 48)


@pytest.mark.django_db
def test_the_page_resumes_where_the_person_stopped(as_, priya, maya, rental, clip_page):
    record_watching(user=priya, clip_page=clip_page, ranges=[], position_ms=21_500, now=timezone.now())
    assert 'data-resume-ms="21500"' in as_(priya).get(clip_page.address).content.decode()
    assert 'data-resume-ms="0"' in as_(maya).get(clip_page.address).content.decode()


@pytest.mark.django_db
def test_a_finished_clip_starts_again_from_the_beginning(as_, priya, rental, clip_page):
    record_watching(user=priya, clip_page=clip_page, ranges=[], position_ms=47_500, now=timezone.now())
    assert 'data-resume-ms="0"' in as_(priya).get(clip_page.address).content.decode()
