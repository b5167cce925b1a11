"""Draw the films that are not drawn yet, a few at a time, and keep what was made."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

PACKAGE = Path(__file__).parent
PROJECT = PACKAGE.parents[1]


def recipe_of(story: Path, fonts: Path) -> str:
    """A hash of all that a film is made from: its story, the drawing code, the letters."""
    digest = hashlib.sha256(story.read_bytes())
    for source in sorted(PACKAGE.glob("*.py")):
        digest.update(source.read_bytes())
    digest.update(b"letters" if (fonts / "Fraunces-SemiBold.ttf").is_file() else b"plain letters")
    return digest.hexdigest()[:16]


def build_film(key: str, story: Path, folder: Path, *, ffmpeg: str, fonts: Path) -> Path:
    """Return the film drawn from ``story``, drawing it unless it lies in ``folder`` already.

    Raises CalledProcessError when it cannot be drawn; a half-drawn film is never kept.
    """
    target = folder / f"{key}-{recipe_of(story, fonts)}.mp4"
    if target.is_file():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    # Two processes may draw the same film at once: neither may write into the other's draft.
    draft = target.with_name(f".{target.stem}.{os.getpid()}.part.mp4")
    command = [sys.executable, "-m", "video.demo_films.render", str(story), str(draft), ffmpeg, str(fonts)]
    try:
        subprocess.run(command, cwd=PROJECT, check=True, stdin=subprocess.DEVNULL)  # noqa: S603
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    for older in folder.glob(f"{key}-*.mp4"):
        if older != target:
            older.unlink()
    return target


def build_films(
    stories: Mapping[str, Path],
    folder: Path,
    *,
    ffmpeg: str,
    fonts: Path,
    workers: int = 2,
    progress: Callable[[str], None] = lambda key: None,
) -> dict[str, Path]:
    """Draw several films in parallel; ``progress`` is called with the key of each that is there."""
    films: dict[str, Path] = {}
    with ThreadPoolExecutor(max_workers=workers) as pool:
        jobs = {
            pool.submit(build_film, key, story, folder, ffmpeg=ffmpeg, fonts=fonts): key
            for key, story in stories.items()
        }
        for job in as_completed(jobs):
            films[jobs[job]] = job.result()
            progress(jobs[job])
    return {key: films[key] for key in stories}
