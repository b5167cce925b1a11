"""What hangs on walls and stands along them."""

import math

from video.demo_films.sheet import Colour, Point, Sheet, box, darker, lighter, mix, rgb, ring, smooth
from video.demo_films.things import draw_thing

WOOD, CREAM = rgb("#c79a63"), rgb("#fbf3e4")
TEAL, OCHRE, PLUM, BRICK = rgb("#2f8085"), rgb("#d99a3d"), rgb("#7d4f8c"), rgb("#b9533c")
SAGE, NAVY, ROSE, LEAF = rgb("#7f9f76"), rgb("#33507a"), rgb("#d9848c"), rgb("#5f8a5b")


def rug(sheet: Sheet, colour: Colour, x: float = 590, y: float = 640, width: float = 300) -> None:
    """A round rug, seen from the side."""
    sheet.cut(ring(x, y, width, 58), colour)
    sheet.cut(ring(x, y, width * 0.82, 45), lighter(colour, 0.25), shadow=0)
    sheet.cut(ring(x, y, width * 0.6, 31), colour, shadow=0)


def shelf(sheet: Sheet, x: float, y: float, width: float = 210) -> None:
    """A low shelf with toys and books."""
    sheet.cut(box(x, y, width, 176, 6), WOOD)
    for row in (12, 96):
        sheet.cut(box(x + 12, y + row, width - 24, 68, 3), darker(WOOD, 0.3), shadow=0)
    colours = (TEAL, BRICK, OCHRE, PLUM, SAGE, ROSE, NAVY)
    for place in range(6):
        tall = 38 + (place * 17) % 22
        sheet.cut(box(x + 20 + place * 17, y + 80 - tall, 14, tall, 2), colours[place], shadow=0.5)
    draw_thing(sheet, "bear", (x + width - 44, y + 44))
    draw_thing(sheet, "blocks", (x + 52, y + 143))
    draw_thing(sheet, "ball", (x + width - 54, y + 142))


def picture(sheet: Sheet, x: float, y: float, colour: Colour) -> None:
    """A framed leaf."""
    sheet.cut(box(x, y, 92, 112, 4), CREAM)
    sheet.cut(box(x + 9, y + 9, 74, 94, 2), mix(colour, CREAM, 0.55), shadow=0)
    sheet.cut(
        smooth([(x + 46, y + 22), (x + 66, y + 54), (x + 46, y + 86), (x + 26, y + 54)]), colour, shadow=0.5
    )
    sheet.line([(x + 46, y + 32), (x + 46, y + 94)], CREAM, 2)


def plant(sheet: Sheet, x: float, y: float) -> None:
    """A plant in a pot; ``y`` is where it stands."""
    for tilt, length in ((-50, 74), (-24, 96), (4, 108), (30, 92), (54, 70)):
        sheet.cut(_leaf(x, y - 56, tilt, length), LEAF if tilt % 4 else lighter(LEAF, 0.12))
    sheet.cut([(x - 34, y - 62), (x + 34, y - 62), (x + 25, y), (x - 25, y)], BRICK)
    sheet.cut(box(x - 38, y - 70, 76, 15, 4), darker(BRICK, 0.1))


def _leaf(x: float, y: float, tilt: float, length: float) -> list[Point]:
    return ring(*turned(x, y, tilt, length / 2), 13, length / 2, tilt)


def turned(x: float, y: float, tilt: float, distance: float) -> Point:
    """The point at a distance, ``tilt`` degrees from straight up."""
    turn = math.radians(tilt)
    return x + math.sin(turn) * distance, y - math.cos(turn) * distance


def bunting(sheet: Sheet) -> None:
    """Flags on a string along the wall."""
    colours = (TEAL, OCHRE, ROSE, SAGE, PLUM, BRICK)
    points = [(560 + place * 62, 96 + (1 - ((place - 4) / 4) ** 2) * 30) for place in range(9)]
    sheet.line(points, darker(CREAM, 0.3), 2)
    for place, (x, y) in enumerate(points[:-1]):
        mid = ((x + points[place + 1][0]) / 2, (y + points[place + 1][1]) / 2)
        sheet.cut(
            [(mid[0] - 20, mid[1] - 1), (mid[0] + 20, mid[1] + 1), (mid[0], mid[1] + 38)], colours[place % 6]
        )
