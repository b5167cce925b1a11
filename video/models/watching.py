"""What a person has watched, kept for that person only."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from video.models.pages import ClipPage
from video.querysets import WatchedSecondsQuerySet


class WatchedSeconds(models.Model):
    """Which seconds of a clip a person has seen: bit 0 of byte 0 is the first second.

    Merged by OR, so the order and the number of reports do not matter.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watched_seconds"
    )
    clip_page = models.ForeignKey(ClipPage, on_delete=models.CASCADE, related_name="watched_seconds")
    bitmap = models.BinaryField(default=bytes)
    position_ms = models.PositiveIntegerField("where they stopped, in milliseconds", default=0)
    beat_at = models.DateTimeField("last report", default=timezone.now)

    objects = WatchedSecondsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "clip_page"], name="video_watched_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.clip_page_id}"
