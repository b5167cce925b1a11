"""A short film, made and prepared for real."""

import subprocess
from pathlib import Path

from django.core.files import File

from video.models import Clip
from video.models.clips import clip_store
from video.pipeline.encoding import ffmpeg_path
from video.pipeline.job import process_clip

SECONDS = 6
CUES = [
    {"start_ms": 500, "end_ms": 2500, "speaker": "Rose", "text": "I can see you are tired."},
    {"start_ms": 3000, "end_ms": 5500, "speaker": "Rose", "text": "Shall we go together?"},
]


def draw_film(target: Path) -> Path:
    """Six seconds of a moving picture with a tone."""
    picture = f"testsrc2=size=640x360:rate=25:duration={SECONDS}"
    tone = f"sine=frequency=330:duration={SECONDS}"
    sources = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", *sources, *coded, str(target)], check=True)
    return target


def prepare_clip(film: Path) -> Clip:
    """Put the film through the site's own pipeline."""
    with film.open("rb") as file:
        upload = clip_store().save("incoming/film", File(file))
    clip = Clip.objects.create(title="A nappy change, the film", upload=upload, cues=CUES)
    assert process_clip(clip.pk), Clip.objects.get(pk=clip.pk).failure
    return Clip.objects.get(pk=clip.pk)
