"""Cut-paper people: babies, toddlers, children, young people and adults, in every pose of the stories."""

import math
from functools import lru_cache

from PIL import Image

from video.demo_films.heads import (
    BUILDS,
    COLOURS,
    HAIRS,
    SKINS,
    TROUSERS,
    HeadCutter,
    Stance,
)
from video.demo_films.sheet import Colour, Point, Sheet, box, darker, lighter, mix, rgb, ring, smooth, strip
from video.demo_films.things import draw_thing

MARGIN = 96  # room around a figure for arms and hair


@lru_cache(maxsize=600)
def draw_person(
    kind: str, skin: str, hair: str, colour: str, stance: Stance, tint: Colour
) -> tuple[Image.Image, Point]:
    """Draw somebody; returns the picture and the point in it that stands on the floor."""
    figure = Figure(kind, skin, hair, colour, stance)
    if stance.pose == "lie_down":
        return figure.lying(tint)
    return figure.upright(tint)


class Figure(HeadCutter):
    """One person being cut out."""

    def __init__(self, kind: str, skin: str, hair: str, colour: str, stance: Stance) -> None:
        self.kind = kind
        self.build = BUILDS[kind]
        self.skin = SKINS[skin]
        self.hair_kind = hair
        self.hair = COLOURS["plum"] if hair == "hijab" and colour != "plum" else HAIRS[skin]
        if hair == "hijab":
            self.hair = mix(COLOURS[colour], (250, 240, 228), 0.55)
        self.shirt = COLOURS[colour]
        self.trousers = TROUSERS[colour] if kind != "baby" else lighter(COLOURS[colour], 0.35)
        self.stance = stance

    def upright(self, tint: Colour) -> tuple[Image.Image, Point]:
        """Standing, sitting, kneeling or crawling."""
        build = self.build
        width = round(build.shoulders + 2 * build.arm + 2 * MARGIN)
        height = round(build.height + MARGIN + 40)
        self.sheet = Sheet(width, height)
        self.x = width / 2
        self.floor = height - 24.0
        if self.stance.pose == "crawl":
            self.crawling()
        else:
            hip = self.legs()
            self.upper_body(hip)
        return self.sheet.finished(tint), (self.x, self.floor)

    def lying(self, tint: Colour) -> tuple[Image.Image, Point]:
        """On the back, the head to the left: the standing figure turned."""
        standing = Stance(
            left_arm=max(self.stance.left_arm, 24),
            right_arm=max(self.stance.right_arm, 24),
            mouth=self.stance.mouth,
            eyes=self.stance.eyes,
            prop=self.stance.prop,
            prop_hand=self.stance.prop_hand,
            face=self.stance.face,
        )
        picture, (_, floor) = Figure(
            self.kind, _key(SKINS, self.skin), self.hair_kind, _key(COLOURS, self.shirt), standing
        ).upright(tint)
        turned = picture.rotate(84, resample=Image.Resampling.BICUBIC, expand=True)
        # After the turn the feet point right; the back lies on the floor.
        middle = (floor - self.build.height / 2) + (turned.width - picture.height) / 2
        return turned, (middle, turned.height / 2 + self.build.shoulders * 0.42)

    # --- legs: each returns where the hips are ---

    def legs(self) -> float:
        """Draw the legs of the pose and return the height of the hips."""
        return {"sit": self.sitting_legs, "kneel": self.kneeling_legs}.get(
            self.stance.pose, self.standing_legs
        )()

    def standing_legs(self) -> float:
        """Two legs, one before the other while walking."""
        build, cut = self.build, self.sheet.cut
        hip = self.floor - build.legs
        spread = build.shoulders * 0.23
        swing = self.stance.step * build.legs * 0.1
        for side in (-1, 1):
            foot_x = self.x + side * (spread + 1) + side * swing
            lift = 3 if self.stance.step * side > 0 else 0
            foot = (foot_x, self.floor - 6 - lift)
            cut(
                strip(
                    (self.x + side * spread, hip), (foot_x, foot[1] - 3), build.limb * 1.15, build.limb * 0.9
                ),
                self.trousers,
            )
            toe = 4 * (self.stance.face / 2)
            cut(ring(foot[0] + toe, foot[1], build.limb * 0.62, build.limb * 0.36), darker(self.shirt, 0.45))
        return hip + 6

    def sitting_legs(self) -> float:
        """Crossed legs on the floor, or a chair."""
        build, cut = self.build, self.sheet.cut
        if self.stance.on_chair:
            return self.chair_legs()
        seat = self.floor - build.limb * 0.9
        reach = build.shoulders * 0.72
        for side in (-1, 1):
            knee = (self.x + side * reach, seat + build.limb * 0.25)
            cut(
                strip((self.x + side * build.shoulders * 0.2, seat - 4), knee, build.limb * 1.2, build.limb),
                self.trousers,
            )
        for side in (1, -1):
            start = (self.x + side * reach * 0.92, seat + build.limb * 0.3)
            foot = (self.x - side * reach * 0.1, self.floor - build.limb * 0.26)
            cut(strip(start, foot, build.limb * 0.92, build.limb * 0.78), darker(self.trousers, 0.05))
            cut(
                ring(foot[0] - side * 6, foot[1] + 2, build.limb * 0.5, build.limb * 0.32),
                darker(self.shirt, 0.45),
            )
        return seat - 2

    def chair_legs(self) -> float:
        """A chair, and legs down from it."""
        build, cut = self.build, self.sheet.cut
        seat = self.floor - build.legs * 0.62
        wood = rgb("#c79a63")
        half = build.shoulders * 0.56
        cut(box(self.x - half, seat - build.torso * 0.78, half * 2, build.torso * 0.6, 14), darker(wood, 0.1))
        for side in (-1, 1):
            cut(box(self.x + side * half * 0.86 - 5, seat, 10, self.floor - seat, 3), darker(wood, 0.22))
        cut(box(self.x - half - 4, seat - 8, half * 2 + 8, 20, 9), wood)
        for side in (-1, 1):
            knee_x = self.x + side * build.shoulders * 0.27
            cut(
                strip((knee_x, seat - 6), (knee_x, seat + 12), build.limb * 1.3, build.limb * 1.2),
                self.trousers,
            )
            cut(
                strip((knee_x, seat + 8), (knee_x + side * 3, self.floor - 8), build.limb, build.limb * 0.8),
                darker(self.trousers, 0.05),
            )
            cut(
                ring(knee_x + side * 5, self.floor - 5, build.limb * 0.58, build.limb * 0.34),
                darker(self.shirt, 0.45),
            )
        return seat - 2

    def kneeling_legs(self) -> float:
        """Knees on the floor."""
        build, cut = self.build, self.sheet.cut
        hip = self.floor - build.legs * 0.36
        half = build.shoulders * 0.52
        cut(
            ring(self.x + half * 0.75, self.floor - 7, build.limb * 0.6, build.limb * 0.32),
            darker(self.shirt, 0.45),
        )
        cut(
            smooth(
                [
                    (self.x - half, hip),
                    (self.x + half, hip),
                    (self.x + half * 1.2, self.floor - 6),
                    (self.x, self.floor + 1),
                    (self.x - half * 1.2, self.floor - 4),
                ]
            ),
            self.trousers,
        )
        self.sheet.line([(self.x, hip + 14), (self.x - 2, self.floor - 6)], darker(self.trousers, 0.3), 1.6)
        return hip + 6

    # --- upper body ---

    def upper_body(self, hip: float) -> None:
        """Torso, arms, head, hair, face, and what is in the hand."""
        build = self.build
        shoulder = hip - build.torso
        lean = self.stance.face * 1.5
        neck = (self.x + lean * 0.6, shoulder)
        head = (self.x + lean, shoulder - build.head * 0.74)
        far, near = ("left", "right") if self.stance.face >= 0 else ("right", "left")
        self.back_hair(head)
        self.arm(far, shoulder, lean)
        self.torso(hip, shoulder, neck)
        self.head(head)
        self.arm(near, shoulder, lean)

    def torso(self, hip: float, shoulder: float, neck: Point) -> None:
        """A jumper, with a neckline or a round patch."""
        half = self.build.shoulders / 2
        flare = 1.16 if self.kind in ("baby", "toddler") else 1.0
        self.sheet.cut(
            smooth(
                [
                    (neck[0] - half * 0.5, shoulder - 1),
                    (neck[0] + half * 0.5, shoulder - 1),
                    (neck[0] + half * 0.98, shoulder + half * 0.5),
                    (self.x + half * 0.96 * flare, hip - 10),
                    (self.x + half * 0.7 * flare, hip + 8),
                    (self.x - half * 0.7 * flare, hip + 8),
                    (self.x - half * 0.96 * flare, hip - 10),
                    (neck[0] - half * 0.98, shoulder + half * 0.5),
                ]
            ),
            self.shirt,
        )
        if self.kind in ("adult", "young_person"):
            self.sheet.cut(
                ring(neck[0], shoulder + 2, half * 0.32, half * 0.2), darker(self.skin, 0.1), shadow=0.3
            )
        else:
            self.sheet.cut(
                ring(neck[0], shoulder + half * 0.86, half * 0.28), lighter(self.shirt, 0.4), shadow=0.4
            )

    def arm(self, side: str, shoulder: float, lean: float) -> None:
        """A sleeve, a hand, and what the hand holds."""
        build, cut = self.build, self.sheet.cut
        sign = -1 if side == "left" else 1
        degrees = self.stance.left_arm if side == "left" else self.stance.right_arm
        start = (self.x + lean * 0.6 + sign * build.shoulders * 0.42, shoulder + build.limb * 0.55)
        turn = math.radians(degrees)
        bend = math.radians(degrees * 1.12 + (10 if degrees > 30 else 4))
        elbow = (
            start[0] + sign * math.sin(turn) * build.arm * 0.48,
            start[1] + math.cos(turn) * build.arm * 0.48,
        )
        hand = (
            elbow[0] + sign * math.sin(bend) * build.arm * 0.5,
            elbow[1] + math.cos(bend) * build.arm * 0.5,
        )
        sleeve = darker(self.shirt, 0.07)
        cut(ring(hand[0], hand[1], build.limb * 0.44), self.skin)
        cut(strip(elbow, _towards(hand, elbow, 5), build.limb * 0.82, build.limb * 0.66), sleeve, shadow=0.6)
        cut(strip(start, elbow, build.limb * 0.98, build.limb * 0.82), sleeve, shadow=0.6)
        cut(ring(elbow[0], elbow[1], build.limb * 0.4), sleeve, shadow=0)
        if self.stance.prop and side == self.stance.prop_hand:
            draw_thing(self.sheet, self.stance.prop, (hand[0], hand[1] + 2))
            cut(ring(hand[0], hand[1] + 4, build.limb * 0.36, build.limb * 0.26), self.skin, shadow=0.5)

    def crawling(self) -> None:
        """On hands and knees, the head in front."""
        build, cut = self.build, self.sheet.cut
        way = 1 if self.stance.face >= 0 else -1
        back = self.floor - build.limb - build.torso * 0.42
        swing = self.stance.step * 4
        for place, shift in ((-0.55, swing), (0.55, -swing)):
            x = self.x + way * place * build.torso
            colour = self.trousers if place < 0 else darker(self.shirt, 0.07)
            cut(strip((x, back + 8), (x + shift, self.floor - 8), build.limb, build.limb * 0.8), colour)
        cut(ring(self.x, back, build.torso * 0.86, build.torso * 0.46, -6 * way), self.shirt)
        head = (self.x + way * build.torso * 0.98, back - build.head * 0.42)
        self.back_hair(head)
        self.head(head)


def _towards(point: Point, other: Point, distance: float) -> Point:
    """A point a little nearer to ``other``."""
    length = math.dist(point, other) or 1
    return (
        point[0] + (other[0] - point[0]) * distance / length,
        point[1] + (other[1] - point[1]) * distance / length,
    )


def _key(table: dict[str, Colour], colour: Colour) -> str:
    """The name of a colour in a table."""
    return next(name for name, value in table.items() if value == colour)
