"""A story as its author wrote it, and when each of its moments happens."""

import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

TITLE_SECONDS = 1.5
END_SECONDS = 1.0
CHARACTERS_A_SECOND = 14
SHORTEST_CUE = 1.1
LINE_LENGTH = 42
# How long an action takes at least, in seconds; anything else takes SHORTEST_ACTION.
ACTION_SECONDS = {"enter": 1.5, "leave": 1.5, "walk_to": 1.4, "crawl_to": 1.6, "hug": 1.2, "give": 1.2}
SHORTEST_ACTION = 0.7


@dataclass(frozen=True)
class Person:
    """Somebody in a story."""

    id: str
    kind: str
    skin: str
    hair: str
    colour: str
    at: str = ""
    pose: str = ""

    @property
    def name(self) -> str:
        """The name that captions use."""
        return self.id.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Moment:
    """One beat of a story. Times are seconds from the start of the film."""

    who: str = ""
    does: str = ""
    to: str = ""
    prop: str = ""
    speaker: str = ""
    line: str = ""
    sound: str = ""
    pause: float = 0.6
    starts_at: float = 0.0
    ends_at: float = 0.0

    @property
    def words(self) -> str:
        """What its caption says."""
        return self.line or self.sound

    @property
    def words_seconds(self) -> float:
        """How long its caption needs to be read or said."""
        return max(len(self.words) / CHARACTERS_A_SECOND, SHORTEST_CUE) if self.words else 0.0


@dataclass(frozen=True)
class Script:
    """A whole story, laid out in time."""

    title: str
    room: str
    light: str
    people: tuple[Person, ...]
    moments: tuple[Moment, ...]
    seconds: float = field(default=0.0)

    def second_of(self, story_seconds: float) -> int:
        """The second of the film at which so much of the story is told.

        An author counts what is said and the pauses; the film has a title before them and slower actions.
        """
        told = 0.0
        for moment in self.moments:
            length = len(moment.words) / CHARACTERS_A_SECOND + moment.pause
            if told + length >= story_seconds:
                share = (story_seconds - told) / length if length else 1.0
                return int(moment.starts_at + share * (moment.ends_at - moment.starts_at))
            told += length
        return int(self.seconds - END_SECONDS)

    def cues(self) -> list[dict[str, Any]]:
        """Captions as the clip keeps them: start_ms, end_ms, speaker, text."""
        names = {person.id: person.name for person in self.people}
        return [
            {
                "start_ms": round(moment.starts_at * 1000),
                "end_ms": round((moment.starts_at + moment.words_seconds) * 1000),
                "speaker": names.get(moment.speaker, ""),
                "text": "\n".join(textwrap.wrap(moment.words, LINE_LENGTH)),
            }
            for moment in self.moments
            if moment.words
        ]


def read_script(path: Path) -> Script:
    """Read the story in a TOML file. Raises KeyError or TOMLDecodeError where it is not one."""
    return script_from(tomllib.loads(path.read_text(encoding="utf-8")))


def script_from(story: Mapping[str, Any]) -> Script:
    """Turn the tables of a story into a script laid out in time."""
    people = tuple(Person(**member) for member in story["cast"])
    moments = tuple(
        Moment(**{("prop" if key == "with" else key): value for key, value in beat.items()})
        for beat in story["beats"]
    )
    timed = lay_out(moments)
    return Script(
        title=story["title"],
        room=story["room"],
        light=story["light"],
        people=people,
        moments=timed,
        seconds=round(timed[-1].ends_at + END_SECONDS, 2),
    )


def lay_out(moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Give each moment its time: as long as its words or its action need, then its pause."""
    timed = []
    now = TITLE_SECONDS + 0.5
    for moment in moments:
        action = ACTION_SECONDS.get(moment.does, SHORTEST_ACTION) if moment.does else 0.0
        ends_at = now + max(moment.words_seconds + moment.pause, action)
        timed.append(replace(moment, starts_at=round(now, 3), ends_at=round(ends_at, 3)))
        now = ends_at
    return tuple(timed)
