"""Make the files of a film with ffmpeg: a stripped original, the ladder of sizes, the sound, a poster."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
from django.conf import settings

from video.pipeline import refusals
from video.pipeline.limits import ChildFailedError, Limits, run
from video.pipeline.probing import FORMATS, MAX_PIXELS, FilmFacts
from video.pipeline.refusals import FilmRefusedError

MAX_ORIGINAL_BYTES = 4 * 1024**3
MAX_RATE = 30
SEGMENT_SECONDS = 2
SOUND_BITS = 96_000
POSTER_WIDTH = 960
POSTER_AT = 0.4  # of the film's length: the story has begun

OnProgress = Callable[[float], None]


@dataclass(frozen=True)
class Rung:
    """One size of the ladder."""

    height: int
    quality: int  # x264's CRF: lower is better
    max_bits: int

    @property
    def name(self) -> str:
        """Its name in addresses and playlists."""
        return str(self.height)


LADDER = (Rung(720, 22, 2_500_000), Rung(480, 23, 1_100_000), Rung(240, 25, 350_000))


def ffmpeg_path() -> str:
    """The ffmpeg to use: CLIPS_FFMPEG, else the one that came with the packages."""
    return settings.CLIPS_FFMPEG or imageio_ffmpeg.get_ffmpeg_exe()


def limits_for(facts: FilmFacts, file_bytes: int = 2 * 1024**3) -> Limits:
    """What a run on this film may use."""
    return Limits(
        wall_seconds=60 + 15 * facts.seconds,
        cpu_seconds=round(60 + 30 * facts.seconds),
        file_bytes=file_bytes,
    )


def reading(source: Path, reader: str, *before: str) -> list[str]:
    """The start of every command line that reads a film."""
    return [
        ffmpeg_path(),
        *("-v", "error", "-nostdin", "-y"),
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS),
        *("-f", reader, "-max_pixels", str(MAX_PIXELS), *before, "-i", str(source)),
    ]


def strip_original(source: Path, folder: Path, facts: FilmFacts) -> Path:
    """Copy picture and sound alone into a new file: no place, no date, no name, no other stream."""
    kept = ["-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"]
    last_error = None
    for suffix, writer in _containers(facts.format):
        target = folder / f"original{suffix}"
        argv = [
            *reading(source, facts.format),
            *kept,
            "-c",
            "copy",
            "-fflags",
            "+bitexact",
            "-f",
            writer,
            str(target),
        ]
        try:
            run(argv, folder, limits_for(facts, MAX_ORIGINAL_BYTES))
        except ChildFailedError as error:
            last_error = error
        else:
            return target
    raise FilmRefusedError(
        refusals.TOO_HARD if last_error and last_error.is_out_of_time else refusals.CUT_OFF
    )


def _containers(reader: str) -> Sequence[tuple[str, str]]:
    """MP4 keeps a telephone's rotation; Matroska takes every kind of picture and sound."""
    matroska = (".mkv", "matroska")
    return ((".mp4", "mp4"), matroska) if reader == "mov" else (matroska,)


def reader_of(path: Path) -> str:
    """The reader for a file that we wrote."""
    return "mov" if path.suffix == ".mp4" else "matroska"


def rungs_for(facts: FilmFacts) -> list[Rung]:
    """The sizes to make: never larger than the film, at least one."""
    shorter = min(facts.width, facts.height)
    return [rung for rung in LADDER if rung.height <= shorter] or [LADDER[-1]]


def encode(
    source: Path, folder: Path, facts: FilmFacts, rungs: Sequence[Rung], on_progress: OnProgress
) -> None:
    """Write ``<height>.mp4`` and ``.m3u8`` for each size, and ``audio``, into ``folder`` in one run.

    ``on_progress`` hears the share done, 0 to 1. Raises FilmRefusedError.
    """
    argv = reading(source, reader_of(source))
    if not facts.has_sound:
        argv += ["-f", "lavfi", "-i", "anullsrc=channel_layout=stereo:sample_rate=48000"]
    argv += ["-filter_complex", picture_filter(facts, rungs)]
    for rung in rungs:
        argv += [*picture_options(rung), *package_options(rung.name)]
    argv += [*sound_options(facts), *package_options("audio"), "-progress", "pipe:1"]

    def hear(line: str) -> None:
        name, _, value = line.partition("=")
        if name == "out_time_us" and value.isdecimal():
            on_progress(min(1.0, int(value) / 1_000_000 / facts.seconds))

    try:
        run(argv, folder, limits_for(facts), on_line=hear)
    except ChildFailedError as error:
        raise FilmRefusedError(refusals.TOO_HARD if error.is_out_of_time else refusals.CUT_OFF) from None


def picture_filter(facts: FilmFacts, rungs: Sequence[Rung]) -> str:
    """Split the picture once and shrink it to each size."""
    rate = f"fps={MAX_RATE}," if facts.rate > MAX_RATE or not facts.rate else ""
    splits = "".join(f"[in{rung.name}]" for rung in rungs)
    chains = [f"[0:v:0]{rate}format=yuv420p,split={len(rungs)}{splits}"]
    # The shorter side is the rung, so that an upright film of a telephone is not made tiny.
    chains += [
        f"[in{rung.name}]scale=w='if(gt(iw,ih),-2,min(iw,{rung.height}))'"
        f":h='if(gt(iw,ih),min(ih,{rung.height}),-2)',scale=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1[v{rung.name}]"
        for rung in rungs
    ]
    return ";".join(chains)


def picture_options(rung: Rung) -> list[str]:
    """How one size is compressed: a key frame every two seconds, so that a jump is quick."""
    return [
        *("-map", f"[v{rung.name}]", "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main"),
        *("-crf", str(rung.quality), "-maxrate", str(rung.max_bits), "-bufsize", str(rung.max_bits * 2)),
        *("-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT_SECONDS})", "-sc_threshold", "0"),
    ]


def sound_options(facts: FilmFacts) -> list[str]:
    """The sound at an even loudness of about -18 LUFS; silence where the film has none."""
    if not facts.has_sound:
        return ["-map", "1:a:0", "-t", f"{facts.seconds:.3f}", "-c:a", "aac", "-b:a", "48000", "-ac", "2"]
    loudness = "loudnorm=I=-18:TP=-2:LRA=11,aresample=48000"
    return ["-map", "0:a:0", "-af", loudness, "-c:a", "aac", "-b:a", str(SOUND_BITS), "-ac", "2"]


def package_options(name: str) -> list[str]:
    """One file for all segments, cut by byte ranges, without a trace of where it came from."""
    return [
        *("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-flags", "+bitexact"),
        *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"),
        *("-hls_flags", "single_file+independent_segments", "-hls_segment_type", "fmp4"),
        *("-hls_segment_filename", f"{name}.mp4", f"{name}.m3u8"),
    ]


def draw_poster(folder: Path, facts: FilmFacts, rung: Rung) -> Path:
    """Take the poster from one of the made sizes, which is quick."""
    target = folder / "poster.jpg"
    at = f"{facts.seconds * POSTER_AT:.2f}"
    argv = [
        *reading(folder / f"{rung.name}.mp4", "mov", "-ss", at),
        *("-map", "0:v:0", "-frames:v", "1", "-vf", f"scale=min({POSTER_WIDTH}\\,iw):-2", "-q:v", "4"),
        *("-map_metadata", "-1", "-f", "image2", "-update", "1", str(target)),
    ]
    try:
        run(argv, folder, limits_for(facts))
    except ChildFailedError:
        raise FilmRefusedError(refusals.CUT_OFF) from None
    if not target.is_file():
        raise FilmRefusedError(refusals.CUT_OFF)
    return target
