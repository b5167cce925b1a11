"""Prepare one film: claim it, do the steps, say how far it is, swap the new files in."""

import datetime as dt
import hashlib
import logging
import secrets
import tempfile
import time
from pathlib import Path

import av
from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from courses.services import note_change
from video.models import Clip, ClipPage, Rendition
from video.models.clips import clip_store
from video.pipeline import encoding, refusals
from video.pipeline.playlists import SOUND_CODEC, measure, picture_codec
from video.pipeline.probing import FilmFacts, probe
from video.pipeline.refusals import FilmRefusedError, JobLostError

log = logging.getLogger("video.pipeline")

SILENCE = dt.timedelta(minutes=2)  # after which a job counts as lost
BEAT_SECONDS = 1.0
TOLERANCE = 0.02  # of the length that a made file may differ from the film
LEEWAY_SECONDS = 0.3


class Job:
    """The claim of one worker on one film, and its signs of life."""

    def __init__(self, clip: Clip, key: str) -> None:
        self.clip = clip
        self.key = key
        self.beaten_at = time.monotonic()

    def mine(self):
        """The row, while this job still holds it."""
        return Clip.objects.held_by(self.clip.pk, self.key)

    def beat(self, share: float, *, is_due: bool = False) -> None:
        """Say how far it is (0 to 1), once a second at most. Raises JobLostError when not ours."""
        if not is_due and time.monotonic() - self.beaten_at < BEAT_SECONDS:
            return
        self.beaten_at = time.monotonic()
        if not self.mine().update(progress=min(99, round(share * 100)), job_beat_at=timezone.now()):
            raise JobLostError


def process_clip(clip_id: int) -> bool:
    """Prepare a film; returns whether it is ready now. Safe to run twice: one in good hands is left alone."""
    job = claim(clip_id, timezone.now())
    if job is None:
        return False
    try:
        with tempfile.TemporaryDirectory(prefix="clip-") as folder:
            do_steps(job, Path(folder))
    except FilmRefusedError as refusal:
        job.mine().update(state=Clip.State.FAILED, failure=str(refusal), job_key="")
        log.info("film refused", extra={"clip_id": clip_id})
        return False
    except JobLostError:
        log.info("film taken over", extra={"clip_id": clip_id})
        return False
    log.info("film ready", extra={"clip_id": clip_id})
    return True


def claim(clip_id: int, now: dt.datetime) -> Job | None:
    """Take a waiting film, or one whose job fell silent; None when there is nothing to do."""
    key = secrets.token_hex(16)
    taken = Clip.objects.free_to_claim(clip_id, now - SILENCE).update(
        state=Clip.State.PROCESSING,
        job_key=key,
        job_beat_at=now,
        progress=0,
        failure="",
        attempts=F("attempts") + 1,
    )
    return Job(Clip.objects.get(pk=clip_id), key) if taken else None


def do_steps(job: Job, folder: Path) -> None:
    """Fetch, look, strip, make, check, keep."""
    source, facts = fetch(job, folder)
    rungs = encoding.rungs_for(facts)
    made = folder / "made"
    made.mkdir()
    encoding.encode(source, made, facts, rungs, lambda share: job.beat(0.08 + share * 0.84))
    job.beat(0.93, is_due=True)
    names = [rung.name for rung in rungs]
    check_lengths(made, names, facts)
    sharpest_small = next((rung for rung in rungs if rung.height <= 480), rungs[-1])
    encoding.draw_poster(made, facts, sharpest_small)
    job.beat(0.95, is_due=True)
    keep(job, made, names)


def fetch(job: Job, folder: Path) -> tuple[Path, FilmFacts]:
    """Bring the film here. The first time, strip it, keep the stripped copy and delete the raw upload."""
    clip, store = job.clip, clip_store()
    if clip.original:
        source = folder / f"source{Path(clip.original).suffix}"
        copy_out(clip.original, source)
        return source, probe(source, folder)
    raw = folder / "raw"
    digest = copy_out(clip.upload.name, raw)
    facts = probe(raw, folder)
    source = encoding.strip_original(raw, folder, facts)
    name = f"originals/{secrets.token_hex(16)}{source.suffix}"
    with source.open("rb") as file:
        name = store.save(name, File(file))
    if not job.mine().update(original=name, source_digest=digest, upload=""):
        store.delete(name)
        raise JobLostError
    store.delete(clip.upload.name)
    clip.original = name
    job.beat(0.08, is_due=True)
    return source, facts


def copy_out(name: str, target: Path) -> str:
    """Copy a stored file to this machine; returns its SHA-256. Raises FilmRefusedError when it is gone."""
    digest = hashlib.sha256()
    try:
        with clip_store().open(name, "rb") as stored, target.open("wb") as file:
            while block := stored.read(1024 * 1024):
                digest.update(block)
                file.write(block)
    except FileNotFoundError:
        raise FilmRefusedError(refusals.CUT_OFF) from None
    return digest.hexdigest()


def check_lengths(made: Path, names: list[str], facts: FilmFacts) -> None:
    """Every made file is as long as the film, or the film was cut off. Raises FilmRefusedError."""
    allowed = max(LEEWAY_SECONDS, facts.seconds * TOLERANCE)
    for name in names:
        found = measure((made / f"{name}.m3u8").read_text())
        if abs(found.seconds - facts.seconds) > allowed:
            raise FilmRefusedError(refusals.CUT_OFF)


def keep(job: Job, made: Path, names: list[str]) -> None:
    """Store the files under a new folder, swap the rows in one transaction, then delete the old files."""
    store = clip_store()
    prefix = f"renditions/{secrets.token_hex(16)}"
    renditions, longest = [], 0.0
    for name in [*names, Rendition.AUDIO]:
        file = made / f"{name}.mp4"
        playlist = (made / f"{name}.m3u8").read_text()
        found = measure(playlist)
        longest = max(longest, found.seconds) if name != Rendition.AUDIO else longest
        width, height = size_of(file) if name != Rendition.AUDIO else (0, 0)
        renditions.append(
            Rendition(
                clip=job.clip,
                name=name,
                file=put(file, prefix),
                playlist=playlist,
                width=width,
                height=height,
                bitrate=found.peak_bits,
                average_bitrate=found.average_bits,
                codecs=SOUND_CODEC if name == Rendition.AUDIO else picture_codec(file),
            )
        )
        job.beat(0.96, is_due=True)
    poster = put(made / "poster.jpg", prefix)
    old = [*job.clip.renditions.values_list("file", flat=True), job.clip.poster]
    with transaction.atomic():
        swapped = job.mine().update(
            state=Clip.State.READY,
            progress=100,
            job_key="",
            attempts=0,
            prefix=prefix,
            poster=poster,
            duration_ms=round(longest * 1000),
        )
        if swapped:
            job.clip.renditions.all().delete()
            Rendition.objects.bulk_create(renditions)
    for name in [name for name in old if name] if swapped else [*(one.file for one in renditions), poster]:
        store.delete(name)
    if not swapped:
        raise JobLostError
    note_change_of(job.clip)


def note_change_of(clip: Clip) -> None:
    """Tell the session pages that show this film's card that it has changed."""
    for path in ClipPage.objects.showing(clip.pk).values_list("path", flat=True):
        note_change(path=path, now=timezone.now())


def put(file: Path, prefix: str) -> str:
    """Store one made file."""
    with file.open("rb") as opened:
        return clip_store().save(f"{prefix}/{file.name}", File(opened))


def size_of(file: Path) -> tuple[int, int]:
    """Width and height of a file that we made ourselves."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        return stream.width, stream.height


def reap(now: dt.datetime, *, max_attempts: int) -> list[int]:
    """Put films of silent jobs back, or fail them after ``max_attempts``; returns the ids to queue again."""
    again = []
    for clip in Clip.objects.silent_since(now - SILENCE):
        is_spent = clip.attempts >= max_attempts
        touched = Clip.objects.held_by(clip.pk, clip.job_key).update(
            state=Clip.State.FAILED if is_spent else Clip.State.UPLOADED,
            failure=refusals.LOST_TOO_OFTEN if is_spent else "",
            job_key="",
        )
        if touched and not is_spent:
            again.append(clip.pk)
    return again
