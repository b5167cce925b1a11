"""Coloured paper, scissors and glue: shapes with a small shadow, drawn large and shrunk for soft edges."""

import math
from collections.abc import Iterable, Sequence

from PIL import Image, ImageChops, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]

SHADOW_STRENGTH = 46
SHADOW_OFFSET = (2.0, 3.5)


def rgb(code: str) -> Colour:
    """Turn "#aabbcc" into three numbers."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return ``one`` with a share (0 to 1) of ``other`` in it."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def darker(colour: Colour, share: float = 0.16) -> Colour:
    """Return the colour's darker paper."""
    return mix(colour, (30, 22, 24), share)


def lighter(colour: Colour, share: float = 0.2) -> Colour:
    """Return the colour's lighter paper."""
    return mix(colour, (255, 250, 240), share)


def smooth(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """A closed curve through the points (Catmull-Rom), as a hand with scissors would cut it."""
    count = len(points)
    curve = []
    for place in range(count):
        before, start, end, after = (points[(place + shift) % count] for shift in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append(
                tuple(
                    0.5
                    * (
                        2 * start[axis]
                        + (end[axis] - before[axis]) * t
                        + (2 * before[axis] - 5 * start[axis] + 4 * end[axis] - after[axis]) * t * t
                        + (3 * start[axis] - before[axis] - 3 * end[axis] + after[axis]) * t**3
                    )
                    for axis in (0, 1)
                )
            )
    return curve


def ring(x: float, y: float, rx: float, ry: float | None = None, tilt: float = 0.0) -> list[Point]:
    """The points of an ellipse, tilted by degrees."""
    ry = rx if ry is None else ry
    turn = math.radians(tilt)
    points = []
    for step in range(36):
        angle = step * math.tau / 36
        px, py = rx * math.cos(angle), ry * math.sin(angle)
        points.append(
            (x + px * math.cos(turn) - py * math.sin(turn), y + px * math.sin(turn) + py * math.cos(turn))
        )
    return points


def box(x: float, y: float, width: float, height: float, corner: float = 0) -> list[Point]:
    """The points of a rectangle from its top left, with round corners."""
    if not corner:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    corner = min(corner, width / 2, height / 2)
    points = []
    centres = (
        (x + width - corner, y + corner, -90),
        (x + width - corner, y + height - corner, 0),
        (x + corner, y + height - corner, 90),
        (x + corner, y + corner, 180),
    )
    for cx, cy, start in centres:
        for step in range(7):
            angle = math.radians(start + step * 15)
            points.append((cx + corner * math.cos(angle), cy + corner * math.sin(angle)))
    return points


def strip(start: Point, end: Point, start_width: float, end_width: float) -> list[Point]:
    """A strip of paper with round ends, from ``start`` to ``end``."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    points = []
    for centre, width, turn in ((start, start_width, math.pi / 2), (end, end_width, -math.pi / 2)):
        for step in range(9):
            at = angle + turn + step * math.pi / 8
            points.append((centre[0] + width / 2 * math.cos(at), centre[1] + width / 2 * math.sin(at)))
    return points


class Sheet:
    """A transparent ground on which shapes are glued. Sizes are in pixels of the film."""

    def __init__(self, width: int, height: int, scale: int = 3, ground: Colour | None = None) -> None:
        self.scale = scale
        fill = (*ground, 255) if ground else (0, 0, 0, 0)
        self.image = Image.new("RGBA", (width * scale, height * scale), fill)
        self.size = (width, height)

    def cut(
        self, points: Iterable[Point], colour: Colour, *, shadow: float = 1.0, opacity: float = 1.0
    ) -> None:
        """Glue a shape on, with its shadow below it."""
        scaled = [(x * self.scale, y * self.scale) for x, y in points]
        left = math.floor(min(x for x, _ in scaled)) - 1
        top = math.floor(min(y for _, y in scaled)) - 1
        right = math.ceil(max(x for x, _ in scaled)) + 1
        bottom = math.ceil(max(y for _, y in scaled)) + 1
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top), 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in scaled], fill=round(255 * opacity))
        if shadow:
            dark = mask.point(lambda value: round(value * SHADOW_STRENGTH * shadow / 255))
            dx, dy = (round(part * self.scale * min(1.0, shadow)) for part in SHADOW_OFFSET)
            self.image.paste((24, 16, 20, 255), (left + dx, top + dy), dark)
        self.image.paste((*colour, 255), (left, top), mask)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """Draw a line, as with a soft pencil."""
        scaled = [(x * self.scale, y * self.scale) for x, y in points]
        pen = ImageDraw.Draw(self.image)
        thickness = max(1, round(width * self.scale))
        pen.line(scaled, fill=(*colour, 255), width=thickness, joint="curve")
        reach = thickness / 2
        for x, y in (scaled[0], scaled[-1]):
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=(*colour, 255))

    def finished(self, tint: Colour = (255, 255, 255)) -> Image.Image:
        """The sheet at the film's size, in the light of the room."""
        small = self.image.reduce(self.scale)
        if tint == (255, 255, 255):
            return small
        red, green, blue, alpha = small.split()
        colours = ImageChops.multiply(
            Image.merge("RGB", (red, green, blue)), Image.new("RGB", self.size, tint)
        )
        return Image.merge("RGBA", (*colours.split(), alpha))
