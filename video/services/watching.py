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
    for _ in range(TRIES):
        row = WatchedSeconds.objects.of(user, clip_page.pk).first()
        if row is None:
            row = _begin(user, clip_page, now)
        before = bytes(row.bitmap)
        elapsed = max(0.0, (now - row.beat_at).total_seconds())
        merged = seconds.merge(before, reported, at_most=int(SPEED * elapsed + GRACE_SECONDS))
        kept = WatchedSeconds.objects.unchanged(row.pk, before).update(
            bitmap=merged, position_ms=position_ms, beat_at=now
        )
        if kept:
            return Progress(seconds.count(merged), position_ms)
    return Progress(seconds.count(before), position_ms)


def _begin(user: "User", clip_page: ClipPage, now: dt.datetime) -> WatchedSeconds:
    try:
        with transaction.atomic():
            return WatchedSeconds.objects.create(user=user, clip_page=clip_page, beat_at=now)
    except IntegrityError:
        return WatchedSeconds.objects.of(user, clip_page.pk).get()
