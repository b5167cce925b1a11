"""A film and its files. Every file lies in the private store "clips", under names of our own."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.search import index

from video.querysets import ClipQuerySet, RenditionQuerySet


class CurrentStore(Storage):
    """Whatever STORAGES["clips"] is now. A field would keep the one of the moment it was defined."""

    def __getattribute__(self, name: str):
        return getattr(storages["clips"], name)


def clip_store() -> Storage:
    """The private store of films: a folder outside MEDIA_ROOT, or a prefix of the S3 bucket."""
    return CurrentStore()


def incoming_name(clip: "Clip", filename: str) -> str:
    """Return a name of our own for an upload; what the author's computer called it is never used."""
    return f"incoming/{secrets.token_hex(16)}"


class Clip(index.Indexed, models.Model):
    """A film: the upload, its files for playing, its captions, and whether it may be shown."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Waiting"
        PROCESSING = "processing", "Being prepared"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    title = models.CharField(
        max_length=200, help_text="For authors, to find it again. Clip pages have titles of their own."
    )
    age_range = models.CharField(
        "age of the children", max_length=60, blank=True, help_text="For example: 8 to 12 months."
    )
    kind_of_setting = models.CharField(
        max_length=80, blank=True, help_text="Where it was filmed, for example: nursery baby room."
    )

    # The film's files. ``upload`` is emptied once its stripped copy lies in ``original``.
    upload = models.FileField("film", storage=clip_store, upload_to=incoming_name, max_length=200, blank=True)
    original = models.CharField(max_length=200, blank=True, editable=False)
    poster = models.CharField(max_length=200, blank=True, editable=False)
    prefix = models.CharField("folder of the files for playing", max_length=80, blank=True, editable=False)
    duration_ms = models.PositiveIntegerField("length in milliseconds", default=0, editable=False)

    state = models.CharField(max_length=12, choices=State, default=State.UPLOADED, editable=False)
    failure = models.CharField("why it failed", max_length=300, blank=True, editable=False)
    progress = models.PositiveSmallIntegerField("progress in per cent", default=0, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    job_key = models.CharField("key of the running job", max_length=32, blank=True, editable=False)
    job_beat_at = models.DateTimeField("last sign of the job", null=True, editable=False)

    # [{"start_ms", "end_ms", "speaker", "text"}], checked by video/captions.py before they get here.
    cues = models.JSONField("captions", default=list, blank=True, editable=False)
    is_description_needed = models.BooleanField(
        "needs a spoken description",
        default=False,
        help_text="Yes, if something that matters is only seen: nobody says it and no sound tells it.",
    )
    description_reason = models.CharField(
        "why it needs none",
        max_length=200,
        blank=True,
        help_text="For example: all that matters is said aloud.",
    )

    consent_reference = models.CharField(
        "where the consents are kept",
        max_length=200,
        blank=True,
        help_text="The reference in your consent register. Name nobody here.",
    )
    consent_withdrawn_at = models.DateTimeField(null=True, editable=False)
    consent_withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    film_key = models.CharField("key of the drawn story", max_length=40, blank=True, editable=False)
    source_digest = models.CharField("SHA-256 of the upload", max_length=64, blank=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ClipQuerySet.as_manager()

    search_fields: ClassVar = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.FilterField("state"),
    ]

    class Meta:
        verbose_name = "film"
        verbose_name_plural = "films"
        constraints = [
            models.UniqueConstraint(
                fields=["film_key"], condition=~Q(film_key=""), name="video_clip_one_per_drawn_story"
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="video_clip_progress_at_most_100"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ready(self) -> bool:
        """Whether its files for playing are there."""
        return self.state == self.State.READY

    @property
    def is_busy(self) -> bool:
        """Whether it waits for the pipeline or is in it."""
        return self.state in (self.State.UPLOADED, self.State.PROCESSING)

    @property
    def has_consent(self) -> bool:
        """Whether everyone filmed still agrees to its being shown."""
        return self.consent_withdrawn_at is None

    @property
    def is_playable(self) -> bool:
        """Whether it can and may be shown."""
        return self.is_ready and self.has_consent

    @property
    def seconds(self) -> int:
        """The length in whole seconds, as a reader would say it."""
        return round(self.duration_ms / 1000)

    @property
    def length(self) -> str:
        """The length as "0:48"; empty while it is not known."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}" if self.duration_ms else ""

    @property
    def shown_cues(self) -> list[dict]:
        """The captions as the transcript lists them: whole seconds, one line of words."""
        return [
            {
                **cue,
                "seconds": cue["start_ms"] // 1000,
                "clock": f"{cue['start_ms'] // 60_000}:{cue['start_ms'] // 1000 % 60:02}",
                "text": cue["text"].replace("\n", " "),
            }
            for cue in self.cues
        ]


class Rendition(models.Model):
    """One size of a film, or its sound: a single file, and the playlist that cuts it into pieces."""

    AUDIO = "audio"

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=12, help_text="The height of the picture, or audio.")
    file = models.CharField(max_length=200)
    playlist = models.TextField()
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    bitrate = models.PositiveIntegerField("peak bits a second")
    average_bitrate = models.PositiveIntegerField("average bits a second")
    codecs = models.CharField(max_length=80)

    objects = RenditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clip", "name"], name="video_rendition_once_per_clip"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.clip_id}"

    @property
    def is_audio(self) -> bool:
        """Whether it is the sound."""
        return self.name == self.AUDIO
