"""Bring films in: an author's upload, a drawn story; queue them, put lost ones back, change captions."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from wagtail.log_actions import log

from video.demo_films.build import build_films
from video.demo_films.script import Script, read_script
from video.models import Clip
from video.models.clips import clip_store
from video.pipeline import job
from video.pipeline.encoding import ffmpeg_path
from video.tasks import prepare_film

if TYPE_CHECKING:
    from accounts.models import User

MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class DrawnFilm:
    """A film drawn from a story: where it lies, and the story as it is laid out in time."""

    path: Path
    script: Script

    @property
    def cues(self) -> list[dict[str, Any]]:
        """Its captions."""
        return self.script.cues()

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.script.seconds

    def second_of(self, story_seconds: float) -> int:
        """The second of the film at which so much of the story is told: for an author's pause points."""
        return self.script.second_of(story_seconds)


@transaction.atomic
def take_upload(*, clip: Clip, actor: "User", is_new_film: bool) -> Clip:
    """Save a clip that an author has filled in; a new film is queued for the pipeline."""
    is_new = clip.pk is None
    if is_new:
        clip.uploaded_by = actor
    if is_new_film:
        forget_stored_films(clip)
        reset_job(clip)
        clip.original = ""
    clip.save()
    if is_new_film:
        prepare_film.enqueue(clip.pk)
    log(instance=clip, action="wagtail.create" if is_new else "wagtail.edit", user=actor)
    return clip


@transaction.atomic
def prepare_again(*, clip: Clip, actor: "User") -> None:
    """Queue a film that failed once more."""
    reset_job(clip)
    clip.save(update_fields=["state", "failure", "progress", "attempts", "job_key"])
    prepare_film.enqueue(clip.pk)
    log(instance=clip, action="wagtail.edit", user=actor)


def forget_stored_films(clip: Clip) -> None:
    """Delete what was uploaded before, once the new film is saved for good."""
    before = Clip.objects.in_bulk([clip.pk]).get(clip.pk) if clip.pk else None
    if before is None:
        return
    names = [name for name in (before.original, before.upload.name) if name]

    def delete() -> None:
        for name in names:
            clip_store().delete(name)

    transaction.on_commit(delete)


def reset_job(clip: Clip) -> None:
    """Let the pipeline begin anew; not saved."""
    clip.state = Clip.State.UPLOADED
    clip.failure, clip.progress, clip.attempts, clip.job_key = "", 0, 0, ""


@transaction.atomic
def replace_captions(*, clip: Clip, cues: Sequence[dict[str, Any]], actor: "User | None") -> None:
    """Put checked captions in the place of the old ones."""
    clip.cues = list(cues)
    clip.save(update_fields=["cues"])
    log(instance=clip, action="wagtail.edit", user=actor)


def reap_lost_films(*, now: dt.datetime) -> int:
    """Queue films whose worker is gone again, three times at most; returns how many."""
    again = job.reap(now, max_attempts=MAX_ATTEMPTS)
    for clip_id in again:
        prepare_film.enqueue(clip_id)
    return len(again)


def draw_films(
    stories: Mapping[str, Path], *, progress: Callable[[str], None] = lambda key: None
) -> dict[str, DrawnFilm]:
    """Draw the films of several stories (TOML files by key), two at a time; those drawn before are kept.

    ``progress`` hears the key of each film that is there. The films lie in ``var/demo-films``.
    """
    paths = build_films(
        stories,
        settings.VAR_DIR / "demo-films",
        ffmpeg=ffmpeg_path(),
        fonts=settings.BASE_DIR / "elearning" / "static" / "dist" / "fonts" / "print",
        progress=progress,
    )
    return {key: DrawnFilm(path, read_script(stories[key])) for key, path in paths.items()}


@transaction.atomic
def make_clip_from_film(
    *, film_key: str, film: DrawnFilm, title: str, age_range: str = "", kind_of_setting: str = ""
) -> Clip:
    """Make, or bring up to date, the clip of a drawn story. It waits for ``process_clips``.

    The same film twice changes nothing that the pipeline would have to do again, unless it had failed.
    """
    digest = hashlib.sha256(film.path.read_bytes()).hexdigest()
    clip = Clip.objects.from_film(film_key).first() or Clip(film_key=film_key)
    clip.title, clip.age_range, clip.kind_of_setting = title, age_range, kind_of_setting
    clip.cues = film.cues
    clip.consent_reference = clip.consent_reference or "Drawn: nobody is filmed"
    clip.description_reason = clip.description_reason or "All that matters is said or heard."
    outdated = []
    if clip.source_digest != digest or clip.state == Clip.State.FAILED:
        outdated = [clip.upload.name, clip.original]
        reset_job(clip)
        clip.original, clip.source_digest = "", digest
        with film.path.open("rb") as file:
            clip.upload.save(film.path.name, File(file), save=False)
    clip.save()
    for name in filter(None, outdated):
        clip_store().delete(name)
    return clip
