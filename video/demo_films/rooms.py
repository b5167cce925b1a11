"""The nine rooms of the stories: walls, windows, furniture, and where people stand in them."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageFilter

from video.demo_films.decor import bunting, picture, plant, rug, shelf, turned
from video.demo_films.furniture import PIECES, Piece
from video.demo_films.sheet import Colour, Point, Sheet, box, darker, lighter, mix, rgb, ring, smooth, strip
from video.demo_films.things import draw_thing

WIDTH, HEIGHT = 1280, 720
FLOOR_LINE = 470

WOOD, CREAM, INK = rgb("#c79a63"), rgb("#fbf3e4"), rgb("#3a3230")
TEAL, OCHRE, PLUM, BRICK = rgb("#2f8085"), rgb("#d99a3d"), rgb("#7d4f8c"), rgb("#b9533c")
SAGE, NAVY, ROSE, LEAF = rgb("#7f9f76"), rgb("#33507a"), rgb("#d9848c"), rgb("#5f8a5b")

# Where the feet of somebody at a place stand.
PLACES: dict[str, Point] = {
    "left": (270, 640),
    "centre": (640, 646),
    "right": (1010, 640),
    "door": (1135, 588),
    "window": (395, 572),
    "table": (860, 600),
    "rug": (585, 662),
    "mat": (520, 656),
    "sofa": (250, 604),
}
TINTS = {"morning": (255, 250, 238), "day": (255, 255, 255), "evening": (246, 226, 206)}
OUTSIDE = {"morning": rgb("#f6dcae"), "day": rgb("#bfe0e4"), "evening": rgb("#41557a")}


@dataclass(frozen=True)
class Room:
    """A room ready to play in."""

    ground: Image.Image
    pieces: tuple[Piece, ...]
    tint: Colour
    has_chairs: bool
    has_sofa: bool


@dataclass(frozen=True)
class Plan:
    """What makes one kind of room."""

    wall: Colour
    floor: Colour
    furnish: Callable[[Sheet, str], None]
    pieces: tuple[str, ...] = ()
    has_chairs: bool = False
    has_sofa: bool = False
    is_outside: bool = False


def build_room(kind: str, light: str) -> Room:
    """Cut and glue a room in the light of the time of day."""
    plan = ROOMS[kind]
    tint = TINTS[light]
    sheet = Sheet(WIDTH, HEIGHT, ground=plan.wall)
    if plan.is_outside:
        open_air(sheet, light, plan)
    else:
        indoors(sheet, light, plan)
    plan.furnish(sheet, light)
    ground = with_grain(sheet.finished(tint).convert("RGB"))
    pieces = tuple(PIECES[name](tint) for name in plan.pieces)
    return Room(ground, pieces, tint, plan.has_chairs, plan.has_sofa)


def with_grain(picture: Image.Image) -> Image.Image:
    """The faint tooth of paper; always the same."""
    dice = random.Random(7)  # noqa: S311 - the tooth of paper, not a secret
    noise = Image.frombytes("L", (320, 180), bytes(dice.randrange(118, 138) for _ in range(320 * 180)))
    noise = noise.resize(picture.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.6))
    grain = Image.merge("RGB", (noise, noise, noise))
    return Image.blend(picture, Image.composite(picture, grain, Image.new("L", picture.size, 0)), 0.055)


def indoors(sheet: Sheet, light: str, plan: Plan) -> None:
    """Wall, floor, skirting board, window and door."""
    sheet.cut(box(0, 0, WIDTH, 60), lighter(plan.wall, 0.18), shadow=0.5)
    sheet.cut(box(-5, FLOOR_LINE, WIDTH + 10, HEIGHT - FLOOR_LINE + 5), plan.floor)
    for row in range(1, 5):
        y = FLOOR_LINE + row * row * 14
        sheet.line([(0, y), (WIDTH, y)], darker(plan.floor, 0.07), 1.5)
    sheet.cut(box(-5, FLOOR_LINE - 16, WIDTH + 10, 18), lighter(plan.wall, 0.55), shadow=0.8)
    window(sheet, light)
    door(sheet, plan)


def window(sheet: Sheet, light: str) -> None:
    """A window with what is outside it, and its light on the floor."""
    x, y, width, height = 300, 110, 200, 220
    sky = OUTSIDE[light]
    sheet.cut(box(x - 14, y - 14, width + 28, height + 28, 8), CREAM)
    sheet.cut(box(x, y, width, height, 2), sky, shadow=0)
    if light == "evening":
        sheet.cut(ring(x + 150, y + 50, 20), rgb("#f5e6b8"), shadow=0)
    else:
        sheet.cut(ring(x + 46, y + 52, 26), rgb("#fff0bd") if light == "day" else rgb("#f7b65c"), shadow=0)
    hill = mix(LEAF, sky, 0.35)
    sheet.cut(
        [
            (x, y + height),
            (x, y + 160),
            *smooth(
                [
                    (x + 1, y + 160),
                    (x + 70, y + 130),
                    (x + 140, y + 158),
                    (x + width - 1, y + 140),
                    (x + width - 1, y + height - 1),
                    (x + 1, y + height - 1),
                ]
            ),
        ],
        hill,
        shadow=0,
    )
    sheet.cut(ring(x + 150, y + 128, 34, 42), darker(hill, 0.12), shadow=0.4)
    sheet.cut(box(x - 2, y + height / 2 - 4, width + 4, 8), CREAM, shadow=0.4)
    sheet.cut(box(x + width / 2 - 4, y - 2, 8, height + 4), CREAM, shadow=0.4)
    sheet.cut(box(x - 26, y + height + 10, width + 52, 16, 5), lighter(CREAM, 0.3))
    curtain = mix(OCHRE, CREAM, 0.35)
    for side, edge in ((-1, x - 22), (1, x + width + 22)):
        points = [
            (edge - 20, y - 26),
            (edge + 20, y - 26),
            (edge + 16 - side * 5, y + height + 34),
            (edge - 22 - side * 5, y + height + 34),
        ]
        sheet.cut(points, curtain)
        sheet.line([(edge, y - 20), (edge - side * 4, y + height + 28)], darker(curtain, 0.12), 2)
    sheet.cut(box(x - 56, y - 36, width + 112, 10, 5), darker(WOOD, 0.2))
    if light != "evening":
        beam = [(430, 505), (620, 505), (760, 640), (500, 640)]
        sheet.cut(beam, rgb("#fff3d0"), shadow=0, opacity=0.28)


def door(sheet: Sheet, plan: Plan) -> None:
    """A door at the right."""
    sheet.cut(box(1062, 152, 156, 324, 4), CREAM)
    colour = mix(TEAL, plan.wall, 0.28)
    sheet.cut(box(1074, 164, 132, 312, 2), colour)
    for top in (184, 326):
        sheet.cut(box(1094, top, 92, 120, 4), darker(colour, 0.1), shadow=0.4)
    sheet.cut(ring(1092, 322, 8), OCHRE)


def open_air(sheet: Sheet, light: str, plan: Plan) -> None:
    """Sky, hills, hedge and grass."""
    sheet.cut(box(0, 0, WIDTH, HEIGHT), OUTSIDE[light] if light != "evening" else rgb("#e6b48a"), shadow=0)
    sheet.cut(ring(980, 110, 48), rgb("#ffeebc"), shadow=0.3)
    for x, y, size in ((250, 110, 1.0), (640, 76, 0.7)):
        for shift, r in ((-44, 28), (0, 40), (46, 30)):
            sheet.cut(ring(x + shift * size, y, r * size * 1.2, r * size), CREAM, shadow=0.3)
    sheet.cut(
        smooth(
            [
                (-60, 360),
                (180, 300),
                (420, 350),
                (700, 290),
                (1000, 345),
                (1340, 300),
                (1340, 520),
                (-60, 520),
            ]
        ),
        mix(LEAF, CREAM, 0.35),
    )
    for x in range(-10, 1300, 62):
        sheet.cut([(x, 330), (x + 22, 308), (x + 44, 330), (x + 44, 480), (x, 480)], lighter(WOOD, 0.25))
    sheet.cut(box(-5, 372, WIDTH + 10, 18), WOOD)
    sheet.cut(box(-5, FLOOR_LINE - 20, WIDTH + 10, 300), plan.floor)
    for x, y in ((90, 520), (480, 500), (800, 520), (1180, 560), (700, 690), (180, 690)):
        for shift in (-7, 0, 7):
            sheet.line([(x + shift, y), (x + shift * 1.7, y - 14)], darker(plan.floor, 0.2), 2.4)
    sheet.cut(strip((395, 470), (390, 250), 44, 34), darker(WOOD, 0.35))
    for x, y, r in ((330, 210, 80), (450, 200, 84), (390, 140, 92)):
        sheet.cut(ring(x, y, r), LEAF)
    for x, y in ((340, 190), (440, 160), (390, 230)):
        sheet.cut(ring(x, y, 11), BRICK)


# --- what stands and hangs in each room ---


def furnish_baby_room(sheet: Sheet, light: str) -> None:
    """A cot with a mobile, a mat and a shelf."""
    sheet.line([(720, 60), (720, 120)], darker(CREAM, 0.4), 2)
    sheet.line([(660, 130), (720, 118), (780, 130)], darker(WOOD, 0.1), 4)
    for x, colour in ((660, OCHRE), (720, ROSE), (780, TEAL)):
        sheet.line([(x, 128), (x, 166)], darker(CREAM, 0.4), 1.5)
        sheet.cut(ring(x, 182, 17), colour)
    cot = lighter(WOOD, 0.3)
    sheet.cut(box(608, 330, 230, 26, 6), cot)
    sheet.cut(box(620, 420, 206, 52, 6), mix(TEAL, CREAM, 0.6))
    for x in range(622, 830, 26):
        sheet.cut(box(x, 344, 8, 140, 3), cot, shadow=0.6)
    sheet.cut(box(602, 474, 242, 22, 5), cot)
    shelf(sheet, 30, 330)
    picture(sheet, 890, 170, PLUM)
    sheet.cut(box(300, 606, 430, 84, 38), mix(ROSE, CREAM, 0.4))
    sheet.cut(box(322, 618, 386, 60, 28), mix(ROSE, CREAM, 0.62), shadow=0)


def furnish_playroom(sheet: Sheet, light: str) -> None:
    """Bunting, a shelf, a rug, a little sofa."""
    bunting(sheet)
    shelf(sheet, 560, 318)
    rug(sheet, mix(TEAL, CREAM, 0.35))
    plant(sheet, 1000, 480)


def furnish_dining(sheet: Sheet, light: str) -> None:
    """Pictures of fruit and a hatch."""
    sheet.cut(box(600, 150, 330, 170, 6), CREAM)
    sheet.cut(box(614, 164, 302, 142, 2), mix(OCHRE, CREAM, 0.6), shadow=0)
    sheet.cut(box(590, 312, 350, 20, 5), WOOD)
    for x, colour in ((660, BRICK), (740, TEAL), (830, OCHRE)):
        sheet.cut(box(x - 26, 264, 52, 48, 9), colour)
        sheet.cut(box(x - 20, 256, 40, 10, 4), darker(colour, 0.15))
    picture(sheet, 90, 170, BRICK)
    plant(sheet, 80, 500)


def furnish_hallway(sheet: Sheet, light: str) -> None:
    """Pegs with coats and a bench with boots."""
    sheet.cut(box(590, 186, 400, 18, 6), WOOD)
    coats = (BRICK, TEAL, OCHRE, PLUM, SAGE)
    for place, colour in enumerate(coats):
        x = 630 + place * 80
        sheet.cut(ring(x, 198, 6), darker(WOOD, 0.3))
        if place != 3:
            sheet.cut(
                smooth(
                    [(x - 8, 204), (x + 8, 204), (x + 30, 250), (x + 26, 322), (x - 26, 322), (x - 30, 250)]
                ),
                colour,
            )
            sheet.line([(x, 216), (x, 318)], darker(colour, 0.2), 2)
        sheet.cut(box(x - 17, 152, 34, 24, 4), CREAM)
        sheet.cut(ring(x, 164, 7), colour, shadow=0)
    sheet.cut(box(590, 412, 400, 24, 6), lighter(WOOD, 0.15))
    for x in (612, 950):
        sheet.cut(box(x, 434, 18, 56, 3), WOOD)
    for x, colour in ((668, ROSE), (760, NAVY), (860, SAGE)):
        for shift in (-13, 13):
            sheet.cut(
                smooth(
                    [(x + shift - 9, 452), (x + shift + 8, 452), (x + shift + 17, 490), (x + shift - 10, 490)]
                ),
                colour,
            )
    sheet.cut(box(430, 600, 460, 78, 10), mix(BRICK, CREAM, 0.45))
    sheet.cut(box(444, 612, 432, 54, 6), mix(BRICK, CREAM, 0.62), shadow=0)
    picture(sheet, 90, 170, SAGE)


def furnish_office(sheet: Sheet, light: str) -> None:
    """Shelves of folders, a lamp, a plant."""
    for row, y in enumerate((170, 270)):
        sheet.cut(box(600, y + 74, 350, 14, 4), WOOD)
        for place in range(9):
            colour = (NAVY, TEAL, BRICK, OCHRE, PLUM, SAGE)[(place * 5 + row * 2) % 6]
            tall = 58 + (place * 11 + row * 7) % 14
            sheet.cut(box(616 + place * 34 + row * 12, y + 74 - tall, 27, tall, 3), colour, shadow=0.6)
    plant(sheet, 70, 520)
    sheet.cut(box(120, 190, 130, 96, 4), WOOD)
    sheet.cut(box(130, 200, 110, 76, 2), mix(WOOD, CREAM, 0.55), shadow=0)
    for x, y, colour in ((142, 210, ROSE), (184, 214, OCHRE), (152, 242, TEAL), (200, 244, CREAM)):
        sheet.cut(box(x, y, 32, 24, 1), colour, shadow=0.6)


def furnish_garden(sheet: Sheet, light: str) -> None:
    """A sandpit and flowers."""
    sheet.cut(ring(620, 650, 250, 50), darker(WOOD, 0.1))
    sheet.cut(ring(620, 647, 228, 40), rgb("#eed9a6"), shadow=0)
    for x, y, colour in (
        (60, 470, ROSE),
        (110, 488, OCHRE),
        (160, 472, PLUM),
        (1130, 480, ROSE),
        (1190, 470, OCHRE),
    ):
        sheet.line([(x, y), (x, y - 36)], darker(LEAF, 0.1), 4)
        for shift in ((-9, 0), (9, 0), (0, -9), (0, 9)):
            sheet.cut(ring(x + shift[0], y - 42 + shift[1], 8), colour, shadow=0.4)
        sheet.cut(ring(x, y - 42, 6), CREAM, shadow=0)
    draw_thing(sheet, "ball", (930, 560))


def furnish_living_room(sheet: Sheet, light: str) -> None:
    """Family pictures, a lamp, a rug."""
    picture(sheet, 620, 150, TEAL)
    picture(sheet, 730, 130, BRICK)
    picture(sheet, 840, 158, PLUM)
    sheet.cut(box(950, 300, 10, 180), darker(WOOD, 0.3))
    glow = rgb("#f7e0a5") if light == "evening" else mix(OCHRE, CREAM, 0.5)
    sheet.cut([(922, 230), (988, 230), (1010, 310), (900, 310)], glow)
    sheet.cut(ring(955, 482, 34, 9), darker(WOOD, 0.3))
    rug(sheet, mix(PLUM, CREAM, 0.45), 640, 642, 330)
    plant(sheet, 60, 480)


def furnish_nap_room(sheet: Sheet, light: str) -> None:
    """Stars, a row of little beds, a soft mat."""
    for place in range(11):
        x, y = 600 + (place * 83) % 400, 110 + (place * 47) % 200
        star = [
            point
            for step in range(5)
            for point in (turned(x, y, step * 72, 13), turned(x, y, step * 72 + 36, 5.5))
        ]
        sheet.cut(star, lighter(OCHRE, 0.35), shadow=0.5)
    for x, colour in ((620, TEAL), (830, ROSE)):
        sheet.cut(box(x, 432, 190, 52, 14), lighter(WOOD, 0.3))
        sheet.cut(box(x + 8, 418, 174, 34, 15), mix(colour, CREAM, 0.35))
        sheet.cut(ring(x + 40, 420, 26, 13), CREAM)
    sheet.cut(box(310, 604, 440, 86, 40), mix(NAVY, CREAM, 0.5))
    sheet.cut(box(332, 616, 396, 62, 30), mix(NAVY, CREAM, 0.64), shadow=0)
    plant(sheet, 70, 500)


def furnish_meeting_room(sheet: Sheet, light: str) -> None:
    """A board with notes, a clock, a plant."""
    sheet.cut(box(590, 130, 390, 200, 6), WOOD)
    sheet.cut(box(602, 142, 366, 176, 2), CREAM, shadow=0)
    for x, y, colour in (
        (630, 166, OCHRE),
        (700, 166, ROSE),
        (770, 166, SAGE),
        (630, 234, TEAL),
        (700, 234, OCHRE),
    ):
        sheet.cut(box(x, y, 52, 48, 2), lighter(colour, 0.3), shadow=0.6)
        sheet.line([(x + 9, y + 16), (x + 42, y + 16)], darker(colour, 0.2), 2)
        sheet.line([(x + 9, y + 28), (x + 34, y + 28)], darker(colour, 0.2), 2)
    sheet.line([(860, 180), (930, 180)], INK, 3)
    sheet.line([(860, 206), (912, 206)], INK, 3)
    sheet.cut(ring(150, 210, 46), CREAM)
    sheet.line([(150, 210), (150, 180)], INK, 4)
    sheet.line([(150, 210), (172, 218)], INK, 4)
    plant(sheet, 80, 520)


ROOMS = {
    "baby_room": Plan(rgb("#f3dfc4"), rgb("#dcb98c"), furnish_baby_room),
    "playroom": Plan(rgb("#efe0bd"), rgb("#d8b283"), furnish_playroom, ("sofa", "low_table"), has_sofa=True),
    "dining": Plan(rgb("#f0d9bd"), rgb("#cfa878"), furnish_dining, ("long_table",), has_chairs=True),
    "hallway": Plan(rgb("#e4e0c8"), rgb("#c9a67c"), furnish_hallway),
    "office": Plan(rgb("#dfe0cf"), rgb("#b98f68"), furnish_office, ("desk",), has_chairs=True),
    "garden": Plan(rgb("#bfe0e4"), rgb("#9dbb7c"), furnish_garden, is_outside=True),
    "living_room": Plan(rgb("#ecd5bf"), rgb("#c39a6f"), furnish_living_room, ("sofa",), has_sofa=True),
    "nap_room": Plan(rgb("#cfd6d4"), rgb("#c2a988"), furnish_nap_room),
    "meeting_room": Plan(
        rgb("#e3ddcb"), rgb("#b8946e"), furnish_meeting_room, ("conference_table",), has_chairs=True
    ),
}
