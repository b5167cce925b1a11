"""What a person has watched: honest, merged in any order, shown to nobody else."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from video import seconds
from video.models import ClipPage, WatchedSeconds

if TYPE_CHECKING:
    from accounts.models import User

# A person at double speed sees two seconds in one; five more for the way of the message.
SPEED, GRACE_SECONDS = 2, 5
TRIES = 4


@dataclass(frozen=True)
class Progress:
    """How much of a clip a person has seen, and where they stopped."""

    watched_seconds: int
    position_ms: int


def record_watching(
    *,
    user: "User",
    clip_page: ClipPage,
    ranges: Iterable[tuple[int, int]],
    position_ms: int,
    now: dt.datetime,
) -> Progress:
    """Merge the seconds [from, to) that were watched; more than there was time for is left out.

    Two tabs may report at once: the row is changed only if nobody changed it since it was read.
    """
    length = clip_page.clip.seconds
    reported = seconds.from_ranges(ranges, length)
    position_ms = min(max(0, position_ms), clip_page.clip.duration_ms)
    row = _row_of(user, clip_page)
    for _ in range(TRIES):
        row = row or WatchedSeconds.objects.of(user, clip_page.pk).first() or _begin(user, clip_page, now)
        before = bytes(row.bitmap)
        elapsed = max(0.0, (now - row.beat_at).total_seconds())
        merged = seconds.merge(before, reported, at_most=int(SPEED * elapsed + GRACE_SECONDS))
        kept = WatchedSeconds.objects.unchanged(row.pk, before).update(
            bitmap=merged, position_ms=position_ms, beat_at=now
        )
        if kept:
            return Progress(seconds.count(merged), position_ms)
        row = None  # somebody was faster: read it again
    return Progress(seconds.count(before), position_ms)


def _row_of(user: "User", clip_page: ClipPage) -> WatchedSeconds | None:
    """The row that the page's own query has brought (``with_watching_of``), if any."""
    if not getattr(clip_page, "watched_id", None):
        return None
    return WatchedSeconds(
        pk=clip_page.watched_id,
        user=user,
        clip_page=clip_page,
        bitmap=clip_page.watched_bitmap,
        position_ms=clip_page.watched_position_ms,
        beat_at=clip_page.watched_beat_at,
    )


def _begin(user: "User", clip_page: ClipPage, now: dt.datetime) -> WatchedSeconds:
    try:
        with transaction.atomic():
            return WatchedSeconds.objects.create(user=user, clip_page=clip_page, beat_at=now)
    except IntegrityError:
        return WatchedSeconds.objects.of(user, clip_page.pk).get()
