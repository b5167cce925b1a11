"""How films and clip pages are found, and who may play them."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Substr
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from courses.querysets import SECTION_PATH_LENGTH, openings_of

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

    def samples_in(self, course_path: str) -> Self:
        """Clips of a course that anybody may watch, and that can be watched today."""
        return self.live().filter(
            path__startswith=course_path,
            is_sample=True,
            clip__state="ready",
            clip__consent_withdrawn_at__isnull=True,
        )

    def with_opening(self, *, user: "User", day: dt.date) -> Self:
        """Each with ``opening_id``: a membership of ``user`` that opens it on the London ``day``, or None."""
        if not user.is_authenticated:
            return self.annotate(opening_id=models.Value(None, output_field=models.BigIntegerField()))
        section_path = Substr(OuterRef(OuterRef("path")), 1, SECTION_PATH_LENGTH)
        openings = openings_of(section_path, user=user, day=day)
        return self.annotate(opening_id=Subquery(openings.order_by("pk").values("pk")[:1]))


class WatchedSecondsQuerySet(models.QuerySet):
    """What people watched."""

    def of(self, user: "User", clip_page_id: int) -> Self:
        """What one person watched of one clip."""
        return self.filter(user=user, clip_page_id=clip_page_id)

    def unchanged(self, pk: int, bitmap: bytes) -> Self:
        """The row, if nobody has merged anything into it since ``bitmap`` was read."""
        return self.filter(pk=pk, bitmap=bitmap)


ClipPageManager = PageManager.from_queryset(ClipPageQuerySet)
