"""People on a stage: what changes about them over time, and how they stand at a moment."""

import math
from bisect import bisect_right
from dataclasses import dataclass, field

from video.demo_films.figures import BUILDS, Stance
from video.demo_films.script import Person


class Track:
    """One value over time: steps and soft movements between them."""

    def __init__(self, value) -> None:
        self.times = [0.0]
        self.changes = [(0.0, value, value)]

    def set(self, at: float, value) -> None:
        """Change at once."""
        self.move(at, at, value)

    def move(self, start: float, end: float, value) -> None:
        """Go softly to ``value`` between two times; whatever was meant to come later is called off."""
        before = self.at(start)
        while len(self.times) > 1 and self.times[-1] > start:
            self.times.pop()
            self.changes.pop()
        self.times.append(start)
        self.changes.append((end, before, value))

    def at(self, now: float):
        """The value at a time."""
        place = bisect_right(self.times, now) - 1
        start = self.times[place]
        end, before, after = self.changes[place]
        if now >= end or end <= start or not isinstance(after, int | float):
            return after
        share = (now - start) / (end - start)
        soft = share * share * (3 - 2 * share)
        return before + (after - before) * soft

    def is_moving(self, now: float) -> bool:
        """Whether it is between two values."""
        place = bisect_right(self.times, now) - 1
        end, before, after = self.changes[place]
        return now < end and before != after


@dataclass
class Actor:
    """A person on the stage, with everything that changes about them."""

    person: Person
    order: int
    x: Track
    y: Track
    pose: Track
    face: Track
    look: Track = field(default_factory=lambda: Track(0))
    left_arm: Track = field(default_factory=lambda: Track(12.0))
    right_arm: Track = field(default_factory=lambda: Track(12.0))
    prop: Track = field(default_factory=lambda: Track(""))
    hand: Track = field(default_factory=lambda: Track("right"))
    chair: Track = field(default_factory=lambda: Track(False))
    rest: Track = field(default_factory=lambda: Track(False))
    waving: list[tuple[float, float, str]] = field(default_factory=list)
    clapping: list[tuple[float, float]] = field(default_factory=list)
    talking: list[tuple[float, float]] = field(default_factory=list)
    happy: list[tuple[float, float]] = field(default_factory=list)
    place: str = ""

    @property
    def half(self) -> float:
        """Half of the room that they take."""
        return BUILDS[self.person.kind].shoulders * 0.5

    def arm_towards(self, way: int) -> Track:
        """The arm on the side of a direction."""
        return self.right_arm if way >= 0 else self.left_arm

    def stance_at(self, now: float) -> Stance:
        """How they stand, in coarse steps so that pictures are used again."""
        walking = self.x.is_moving(now)
        step = round(2 * math.sin(now * 9.5 + self.order)) if walking else 0
        left, right = self.left_arm.at(now), self.right_arm.at(now)
        if walking and self.pose.at(now) == "stand":
            left, right = left + 9 * math.sin(now * 9.5), right - 9 * math.sin(now * 9.5)
        for start, end, side in self.waving:
            if start <= now < end:
                swing = 148 + 16 * math.sin((now - start) * 11)
                left, right = (swing, right) if side == "left" else (left, swing)
        for start, end in self.clapping:
            if start <= now < end:
                left = right = -14 + 16 * math.sin((now - start) * 14)
        return Stance(
            pose=self.pose.at(now),
            left_arm=_coarse(left),
            right_arm=_coarse(right),
            step=step,
            face=round(self.face.at(now)),
            look=self.look.at(now),
            mouth=self.mouth_at(now),
            eyes=self.eyes_at(now),
            prop=self.prop.at(now),
            prop_hand=self.hand.at(now),
            on_chair=self.chair.at(now),
        )

    def mouth_at(self, now: float) -> str:
        """Moving while they speak."""
        for start, end in self.talking:
            if start <= now < end:
                return ("open", "smile", "round", "open", "small")[int((now - start) * 7 + self.order) % 5]
        return "small" if self.rest.at(now) else "smile"

    def eyes_at(self, now: float) -> str:
        """Blinking now and then; shut in rest; laughing eyes in a hug."""
        if self.rest.at(now):
            return "shut"
        if any(start <= now < end for start, end in self.happy):
            return "happy"
        return "shut" if (now + self.order * 1.3) % (3.1 + self.order * 0.4) < 0.12 else "open"

    def lift_at(self, now: float) -> float:
        """The little ups and downs of walking, speaking and breathing, in pixels."""
        if self.x.is_moving(now):
            return abs(math.sin(now * 9.5 + self.order)) * 5
        if any(start <= now < end for start, end in self.talking):
            return 1.5 + 1.5 * math.sin(now * 7)
        return 1.2 + 1.2 * math.sin(now * 1.9 + self.order)


def _coarse(degrees: float) -> int:
    return round(degrees / 6) * 6
