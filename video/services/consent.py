"""A filmed person, or who speaks for them, takes their consent back."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from video.models import Clip
from video.models.clips import clip_store
from video.pipeline.job import note_change_of
from video.services.films import JOB_FIELDS, reset_job
from video.tasks import prepare_film

if TYPE_CHECKING:
    from accounts.models import User


def withdraw_consent(*, clip: Clip, actor: "User", now: dt.datetime) -> None:
    """Stop showing a film at once, and delete its files for playing; the stripped original is kept.

    Addresses that were given out before die with the files, not only with their two minutes.
    """
    with transaction.atomic():
        files = [*clip.renditions.values_list("file", flat=True), clip.poster]
        clip.renditions.all().delete()
        clip.consent_withdrawn_at, clip.consent_withdrawn_by = now, actor
        clip.poster = ""
        clip.save(update_fields=["consent_withdrawn_at", "consent_withdrawn_by", "poster"])
        log(instance=clip, action="video.withdraw_consent", user=actor)
    note_change_of(clip)
    for name in filter(None, files):
        clip_store().delete(name)


@transaction.atomic
def restore_consent(*, clip: Clip, actor: "User") -> None:
    """Consent was given again: make the files anew, then the film can be shown."""
    clip.consent_withdrawn_at = clip.consent_withdrawn_by = None
    reset_job(clip)
    clip.save(update_fields=["consent_withdrawn_at", "consent_withdrawn_by", *JOB_FIELDS])
    prepare_film.enqueue(clip.pk)
    log(instance=clip, action="video.restore_consent", user=actor)


def delete_files(*, clip: Clip) -> None:
    """Delete every file of a film that was deleted, or is about to be."""
    folder = clip.prefix
    names = [clip.upload.name if clip.upload else "", clip.original, clip.poster]
    if folder:
        _, files = clip_store().listdir(folder)
        names += [f"{folder}/{name}" for name in files]
    for name in dict.fromkeys(filter(None, names)):
        clip_store().delete(name)
