"""The drawn films: laid out in time as their captions are read, and every story of the demo can be drawn."""

from pathlib import Path

import pytest

from video.captions import read_captions, write_vtt
from video.demo_films.acting import Track
from video.demo_films.build import build_films
from video.demo_films.render import scene
from video.demo_films.rooms import ROOMS, build_room
from video.demo_films.script import read_script
from video.demo_films.staging import Stage
from video.models import Clip
from video.pipeline.encoding import ffmpeg_path
from video.services import DrawnFilm, make_clip_from_film

STORIES = sorted((Path(__file__).parents[2] / "elearning/demo/content/films").glob("*.toml"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_captions_of_a_story_keep_every_rule(path):
    script = read_script(path)
    found = read_captions(write_vtt(script.cues()).encode(), round(script.seconds * 1000))
    assert found.errors == []
    assert [cue["text"] for cue in found.cues] == [cue["text"] for cue in script.cues()]


@pytest.mark.parametrize("path", STORIES[::6], ids=lambda path: path.stem)
def test_a_story_can_be_drawn_at_any_moment(path):
    script = read_script(path)
    room = build_room(script.room, script.light)
    stage = Stage(script, has_chairs=room.has_chairs, has_sofa=room.has_sofa)
    for share in (0.2, 0.5, 0.9):
        picture = scene(room, stage, script.seconds * share)
        assert picture.size == (1280, 720)
        assert len(picture.getcolors(2_000_000)) > 100


@pytest.mark.parametrize("kind", ROOMS)
def test_every_room_has_its_own_ground(kind):
    assert build_room(kind, "day").ground.size == (1280, 720)


def test_a_movement_is_soft_and_a_new_one_calls_the_rest_off():
    track = Track(0.0)
    track.move(1, 3, 10.0)
    assert (track.at(0.5), track.at(2), track.at(4)) == (0.0, 5.0, 10.0)
    track.move(2, 4, 0.0)
    assert (track.at(2), track.at(3), track.at(9)) == (5.0, 2.5, 0.0)


def test_a_pause_point_of_an_author_falls_where_the_story_is(story):
    assert story.second_of(0) == 2
    assert story.second_of(1.3) == 3
    assert story.second_of(100) <= story.seconds


@pytest.mark.film
def test_a_film_is_drawn_once_and_again_when_its_story_changes(tmp_path):
    told = tmp_path / "told.toml"
    told.write_text((Path(__file__).parent / "short_story.toml").read_text())
    heard = []

    def build():
        return build_films(
            {"told": told}, tmp_path / "films", ffmpeg=ffmpeg_path(), fonts=tmp_path, progress=heard.append
        )["told"]

    first = build()
    drawn_at = first.stat().st_mtime_ns
    assert build() == first
    assert first.stat().st_mtime_ns == drawn_at
    told.write_text(told.read_text().replace("Hello, Mia.", "Good morning."))
    second = build()
    assert second != first
    assert [path.name for path in (tmp_path / "films").iterdir()] == [second.name]
    assert heard == ["told"] * 3


@pytest.mark.django_db
def test_the_clip_of_a_story_is_made_once(tmp_path, story):
    path = tmp_path / "told.mp4"
    path.write_bytes(b"film")
    film = DrawnFilm(path, story)
    first = make_clip_from_film(film_key="told", film=film, title="Told")
    Clip.objects.update(state=Clip.State.READY)
    second = make_clip_from_film(film_key="told", film=film, title="Told again")
    assert (second.pk, second.state, second.title) == (first.pk, "ready", "Told again")
    path.write_bytes(b"another film")
    third = make_clip_from_film(film_key="told", film=film, title="Told")
    assert (third.pk, third.state) == (first.pk, "uploaded")
