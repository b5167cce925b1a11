"""What the tests of films share: a real film of six seconds, drawn once for a whole run."""

import subprocess
from pathlib import Path

import pytest

from video.demo_films.render import render
from video.demo_films.script import read_script
from video.pipeline.encoding import ffmpeg_path

STORY = Path(__file__).parent / "short_story.toml"


@pytest.fixture(scope="session")
def story():
    """The script of the short film."""
    return read_script(STORY)


@pytest.fixture(scope="session")
def short_film(tmp_path_factory, story) -> Path:
    """The short film, drawn."""
    target = tmp_path_factory.mktemp("film") / "short.mp4"
    render(story, target, ffmpeg=ffmpeg_path())
    return target


@pytest.fixture
def make_film(tmp_path):
    """A small film with the given ffmpeg output options: ``make_film("-t", "1", size="320x240")``."""

    def make(*options: str, size: str = "320x240", name: str = "made.mp4", source: str = "testsrc2") -> Path:
        target = tmp_path / name
        argv = [ffmpeg_path(), "-v", "error", "-y", "-f", "lavfi", "-i", f"{source}=size={size}:rate=10"]
        subprocess.run([*argv, *options, str(target)], check=True)
        return target

    return make
