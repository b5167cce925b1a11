"""Look at an upload before anything of it is decoded, and refuse what we do not want."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from video.pipeline import refusals
from video.pipeline.limits import ChildFailedError, Limits, run
from video.pipeline.refusals import FilmRefusedError

# The only readers ffmpeg and PyAV may use. A playlist or script that calls itself .mp4 would make them read
# other files of this machine: no reader for it, no reading.
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi"
MAX_PIXELS = 9_000_000
MAX_SECONDS = 600
MAX_RATE = 120
MAX_FRAMES = 40_000
MAX_STREAMS = 8
MIN_SIDE = 64
SNIFF_BYTES = 16

PROJECT = Path(__file__).resolve().parents[2]
PROBE_LIMITS = Limits(wall_seconds=40, cpu_seconds=30, file_bytes=1_000_000, memory_bytes=2 * 1024**3)


@dataclass(frozen=True)
class FilmFacts:
    """What is in a film that we take. ``seconds`` is the length; ``format`` names the reader to use."""

    format: str
    seconds: float
    width: int
    height: int
    rate: float
    has_sound: bool


def sniff(head: bytes) -> str:
    """Name the reader for a file by its first bytes, never by its name. Raises FilmRefusedError."""
    if not head:
        raise FilmRefusedError(refusals.EMPTY)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "mov"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    raise FilmRefusedError(refusals.NOT_A_FILM)


def probe(path: Path, folder: Path) -> FilmFacts:
    """Look at ``path`` in a narrow child. Raises FilmRefusedError with the first thing that is wrong."""
    with path.open("rb") as file:
        reader = sniff(file.read(SNIFF_BYTES))
    argv = [sys.executable, "-m", "video.pipeline.probe_child", str(path.resolve()), reader]
    try:
        found = json.loads(run(argv, folder, PROBE_LIMITS, environment={"PYTHONPATH": str(PROJECT)}))
    except (ChildFailedError, ValueError):
        raise FilmRefusedError(refusals.CUT_OFF) from None
    refusal = first_refusal(found)
    if refusal:
        raise FilmRefusedError(refusal)
    return FilmFacts(
        format=reader,
        seconds=found["seconds"],
        width=found["width"],
        height=found["height"],
        rate=found["rate"],
        has_sound=found["has_sound"],
    )


def first_refusal(found: dict) -> str:
    """The first rule of ours that the film breaks, as a sentence, or an empty string."""
    rules = (
        (not found["has_picture"], refusals.NO_PICTURE),
        (found["streams"] > MAX_STREAMS, refusals.TOO_MANY_STREAMS),
        (found["width"] * found["height"] > MAX_PIXELS, refusals.TOO_LARGE),
        (min(found["width"], found["height"]) < MIN_SIDE, refusals.TOO_SMALL),
        (found["rate"] > MAX_RATE, refusals.TOO_FAST),
        (not found["seconds"], refusals.CUT_OFF),
        (found["seconds"] > MAX_SECONDS, refusals.TOO_LONG),
        (found["frames"] > MAX_FRAMES, refusals.TOO_MANY_FRAMES),
    )
    return next((sentence for is_broken, sentence in rules if is_broken), "")
