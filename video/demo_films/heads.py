"""Papers, measures and stances of people, and their heads: hair, and faces that speak and blink."""

import math
from dataclasses import dataclass

from video.demo_films.sheet import Colour, Point, Sheet, darker, mix, rgb, ring, smooth

SKINS = {
    "1": rgb("#f6d5bd"),
    "2": rgb("#eebf9c"),
    "3": rgb("#d39b72"),
    "4": rgb("#a86e48"),
    "5": rgb("#74462d"),
}
HAIRS = {
    "1": rgb("#b5763a"),
    "2": rgb("#6d4326"),
    "3": rgb("#3d2620"),
    "4": rgb("#2b1d1b"),
    "5": rgb("#231918"),
}
COLOURS = {
    "teal": rgb("#2f8085"),
    "ochre": rgb("#d99a3d"),
    "plum": rgb("#7d4f8c"),
    "brick": rgb("#b9533c"),
    "sage": rgb("#7f9f76"),
    "navy": rgb("#33507a"),
    "rose": rgb("#d9848c"),
}
TROUSERS = {
    "teal": rgb("#4c4a55"),
    "ochre": rgb("#4d6a86"),
    "plum": rgb("#4f5a52"),
    "brick": rgb("#5b6b7a"),
    "sage": rgb("#6a5547"),
    "navy": rgb("#7b6a58"),
    "rose": rgb("#6c7f9a"),
}
INK = rgb("#2c2422")


@dataclass(frozen=True)
class Build:
    """The measures of a kind of person, in pixels of the film."""

    head: float
    torso: float
    legs: float
    shoulders: float
    arm: float
    limb: float

    @property
    def height(self) -> float:
        """From the floor to the top of the head."""
        return self.legs + self.torso + self.head * 1.75


BUILDS = {
    "adult": Build(head=46, torso=142, legs=138, shoulders=108, arm=118, limb=34),
    "young_person": Build(head=44, torso=126, legs=128, shoulders=94, arm=106, limb=30),
    "child": Build(head=42, torso=92, legs=74, shoulders=80, arm=76, limb=27),
    "toddler": Build(head=40, torso=72, legs=44, shoulders=70, arm=58, limb=25),
    "baby": Build(head=37, torso=58, legs=30, shoulders=60, arm=44, limb=22),
}


@dataclass(frozen=True)
class Stance:
    """How somebody stands at one moment. Coarse steps, so that the same picture serves many moments."""

    pose: str = "stand"
    left_arm: int = 12  # degrees from hanging down, outwards
    right_arm: int = 12
    step: int = 0  # -2 … 2, while walking
    face: int = 0  # -2 (left) … 2 (right)
    look: int = 0  # -1 up, 0, 1 down
    mouth: str = "smile"  # smile, open, round, small
    eyes: str = "open"  # open, shut, happy
    prop: str = ""
    prop_hand: str = "right"
    on_chair: bool = False


class HeadCutter:
    """Cuts heads; the figure brings its sheet, build, colours and stance."""

    sheet: Sheet
    build: Build
    stance: Stance
    kind: str
    hair_kind: str
    skin: Colour
    hair: Colour
    shirt: Colour

    # --- head ---

    def back_hair(self, head: Point) -> None:
        """What lies behind the head."""
        x, y = head
        r = self.build.head
        if self.hair_kind == "long":
            self.sheet.cut(
                smooth(
                    [
                        (x - r * 1.06, y - r * 0.3),
                        (x, y - r * 1.1),
                        (x + r * 1.06, y - r * 0.3),
                        (x + r * 1.02, y + r * 1.15),
                        (x, y + r * 1.3),
                        (x - r * 1.02, y + r * 1.15),
                    ]
                ),
                darker(self.hair, 0.12),
            )
        elif self.hair_kind == "hijab":
            self.sheet.cut(
                smooth(
                    [
                        (x - r * 1.14, y - r * 0.2),
                        (x, y - r * 1.18),
                        (x + r * 1.14, y - r * 0.2),
                        (x + r * 1.2, y + r * 1.25),
                        (x, y + r * 1.5),
                        (x - r * 1.2, y + r * 1.25),
                    ]
                ),
                darker(self.hair, 0.1),
            )
        elif self.hair_kind == "bun":
            self.sheet.cut(ring(x - self.stance.face * 3, y - r * 1.12, r * 0.42), darker(self.hair, 0.08))
        elif self.hair_kind == "plaits":
            for side in (-1, 1):
                for place in range(3):
                    self.sheet.cut(
                        ring(x + side * (r * 0.98 + place * 3), y + r * (0.35 + place * 0.42), r * 0.25),
                        darker(self.hair, 0.05),
                    )
                self.sheet.cut(ring(x + side * (r * 0.98 + 7), y + r * 1.52, r * 0.13), self.shirt)

    def head(self, head: Point) -> None:
        """Ears, face and the hair in front."""
        x, y = head
        r = self.build.head
        turn = self.stance.face * r * 0.11
        if self.hair_kind != "hijab":
            for side in (-1, 1):
                if side * self.stance.face < 2:
                    self.sheet.cut(ring(x + side * r * 0.96, y + r * 0.12, r * 0.17), darker(self.skin, 0.06))
        self.sheet.cut(ring(x, y, r, r * 1.02), self.skin)
        self.front_hair(head, turn)
        self.face(x + turn, y + self.stance.look * r * 0.08)

    def front_hair(self, head: Point, turn: float) -> None:
        """A fringe, curls, a scarf, or nearly nothing."""
        x, y = head
        r = self.build.head
        cut = self.sheet.cut
        if self.hair_kind == "bald" or (self.kind == "baby" and self.hair_kind == "short"):
            if self.kind == "baby":
                tuft = [(x - 5, y - r * 0.98), (x + 3, y - r * 1.2), (x + 11, y - r * 0.96)]
                cut(smooth(tuft), self.hair, shadow=0.4)
            return
        if self.hair_kind == "hijab":
            outer = ring(x, y - r * 0.02, r * 1.13, r * 1.15)
            inner = ring(x + turn * 0.6, y + r * 0.08, r * 0.8, r * 0.84)
            cut(outer, self.hair)
            cut(inner, self.skin, shadow=0.5)
            return
        if self.hair_kind == "curly":
            for place in range(9):
                angle = math.radians(188 + place * 20.5)
                cut(
                    ring(x + math.cos(angle) * r * 0.9, y - r * 0.06 + math.sin(angle) * r * 0.92, r * 0.33),
                    self.hair,
                    shadow=0.5,
                )
            cut(ring(x + turn * 0.4, y - r * 0.78, r * 0.62, r * 0.3), self.hair, shadow=0)
            return
        fringe = -r * (0.28 if self.hair_kind in ("long", "plaits") else 0.36)
        part = turn * 1.2 + r * 0.22
        cut(
            smooth(
                [
                    (x - r * 1.04, y + r * 0.02),
                    (x - r * 0.92, y - r * 0.66),
                    (x, y - r * 1.1),
                    (x + r * 0.92, y - r * 0.66),
                    (x + r * 1.04, y + r * 0.02),
                    (x + r * 0.84, y + fringe * 0.7),
                    (x + part, y + fringe * 1.5),
                    (x - r * 0.5 + turn, y + fringe),
                    (x - r * 0.84, y + fringe * 0.55),
                ]
            ),
            self.hair,
            shadow=0.7,
        )

    def face(self, x: float, y: float) -> None:
        """Eyes, brows, cheeks, nose and mouth."""
        r = self.build.head
        pen, cut = self.sheet.line, self.sheet.cut
        cheek = mix(self.skin, rgb("#d8584f"), 0.26)
        apart = r * 0.38
        for side in (-1, 1):
            eye = (x + side * apart, y + r * 0.06)
            cut(ring(x + side * r * 0.56, y + r * 0.38, r * 0.17, r * 0.13), cheek, shadow=0)
            if self.stance.eyes == "open":
                cut(
                    ring(
                        eye[0] + self.stance.face * 0.8, eye[1] + self.stance.look * 2, r * 0.088, r * 0.115
                    ),
                    INK,
                    shadow=0,
                )
            else:
                curve = 1 if self.stance.eyes == "shut" else -1
                pen(
                    [
                        (eye[0] - r * 0.13, eye[1]),
                        (eye[0], eye[1] + curve * r * 0.08),
                        (eye[0] + r * 0.13, eye[1]),
                    ],
                    INK,
                    2,
                )
            if self.kind not in ("baby",):
                pen(
                    [
                        (eye[0] - r * 0.14, eye[1] - r * 0.25),
                        (eye[0], eye[1] - r * 0.3),
                        (eye[0] + r * 0.14, eye[1] - r * 0.25),
                    ],
                    darker(self.hair if self.hair_kind != "hijab" else INK, 0.1),
                    1.8,
                )
        pen(
            [(x + self.stance.face * 1.2, y + r * 0.2), (x + self.stance.face * 1.6 + 1.5, y + r * 0.3)],
            darker(self.skin, 0.3),
            2,
        )
        self.draw_mouth(x, y + r * 0.54, r)

    def draw_mouth(self, x: float, y: float, r: float) -> None:
        """A mouth that smiles, speaks or rests."""
        lip = rgb("#8c3b3a")
        if self.stance.mouth == "open":
            self.sheet.cut(ring(x, y, r * 0.17, r * 0.13), lip, shadow=0)
        elif self.stance.mouth == "round":
            self.sheet.cut(ring(x, y, r * 0.1, r * 0.12), lip, shadow=0)
        elif self.stance.mouth == "small":
            self.sheet.line([(x - r * 0.1, y), (x + r * 0.1, y)], lip, 2)
        else:
            curve = [(x + r * 0.2 * k / 4, y - r * 0.07 * (abs(k) / 4) ** 2 + r * 0.02) for k in range(-4, 5)]
            self.sheet.line(curve, lip, 2.2)
