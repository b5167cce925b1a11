"""How films and clip pages are found, and who may play them."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, FilteredRelation, OuterRef, Q
from django.db.models.functions import Substr
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from courses.querysets import SECTION_PATH_LENGTH, openings_as_json

if TYPE_CHECKING:
    from accounts.models import User


class ClipQuerySet(models.QuerySet):
    """Films."""

    def waiting(self) -> Self:
        """Films that are uploaded and wait for the pipeline, oldest first."""
        return self.filter(state="uploaded").order_by("pk")

    def silent_since(self, moment: dt.datetime) -> Self:
        """Films whose job has given no sign of life since ``moment``: its worker is gone."""
        return self.filter(state="processing", job_beat_at__lt=moment)

    def free_to_claim(self, pk: int, silent_since: dt.datetime) -> Self:
        """The film, if it waits for the pipeline or its job fell silent."""
        return self.filter(pk=pk) & (self.filter(state="uploaded") | self.silent_since(silent_since))

    def held_by(self, pk: int, job_key: str) -> Self:
        """The film, while the job with this key still works on it."""
        return self.filter(pk=pk, job_key=job_key, state="processing")

    def newest_first(self) -> Self:
        """As the author's list shows them."""
        return self.order_by("-created_at", "-pk")

    def from_film(self, film_key: str) -> Self:
        """The film drawn from a story with this key."""
        return self.filter(film_key=film_key)


class RenditionQuerySet(models.QuerySet):
    """Files of films."""

    def in_ladder_order(self) -> Self:
        """Largest picture first, the sound last."""
        return self.order_by("-height", "name")


class ClipPageQuerySet(PageQuerySet):
    """Films placed in sessions."""

    def in_order(self) -> Self:
        """In the authors' order."""
        return self.order_by("path")

    def with_film(self) -> Self:
        """Each with its film."""
        return self.select_related("clip")

    def samples(self) -> Self:
        """Clips that anybody may watch, and that can be watched today."""
        return self.filter(is_sample=True, clip__state="ready", clip__consent_withdrawn_at__isnull=True)

    def with_consent(self) -> Self:
        """Those whose film may still be shown."""
        return self.filter(clip__consent_withdrawn_at__isnull=True)

    def showing(self, clip_id: int) -> Self:
        """The pages that show a film."""
        return self.filter(clip_id=clip_id)

    def with_openings(self, *, user: "User", day: dt.date) -> Self:
        """Each with ``openings_json``, which saves the gate its own query (courses/querysets.py)."""
        if not user.is_authenticated:
            return self
        section_path = Substr(OuterRef(OuterRef("path")), 1, SECTION_PATH_LENGTH)
        return self.annotate(openings_json=openings_as_json(section_path, user=user, day=day))

    def with_watching_of(self, user: "User") -> Self:
        """Each with what ``user`` watched: watched_id, _bitmap, _beat_at, _position_ms."""
        if not user.is_authenticated:
            return self
        return self.annotate(
            mine=FilteredRelation("watched_seconds", condition=Q(watched_seconds__user=user))
        ).annotate(
            watched_id=F("mine__pk"),
            watched_bitmap=F("mine__bitmap"),
            watched_beat_at=F("mine__beat_at"),
            watched_position_ms=F("mine__position_ms"),
        )


class WatchedSecondsQuerySet(models.QuerySet):
    """What people watched."""

    def of(self, user: "User", clip_page_id: int) -> Self:
        """What one person watched of one clip."""
        return self.filter(user=user, clip_page_id=clip_page_id)

    def unchanged(self, pk: int, bitmap: bytes) -> Self:
        """The row, if nobody has merged anything into it since ``bitmap`` was read."""
        return self.filter(pk=pk, bitmap=bitmap)


ClipPageManager = PageManager.from_queryset(ClipPageQuerySet)
