"""Furniture that people stand before or behind."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from video.demo_films.sheet import Colour, Sheet, box, darker, lighter, mix, rgb, ring, smooth
from video.demo_films.things import draw_thing

WOOD, CREAM = rgb("#c79a63"), rgb("#fbf3e4")
TEAL, OCHRE = rgb("#2f8085"), rgb("#d99a3d")


@dataclass(frozen=True)
class Piece:
    """A piece of furniture before or behind people: whoever stands further up the picture is behind it."""

    picture: Image.Image
    left: int
    top: int
    stands_at: float


def _piece(
    tint: Colour, left: int, top: int, size: tuple[int, int], stands_at: float, draw: Callable[[Sheet], None]
) -> Piece:
    sheet = Sheet(*size)
    draw(sheet)
    return Piece(sheet.finished(tint), left, top, stands_at)


def low_table(tint: Colour) -> Piece:
    """A child's table with paper and a cup."""

    def draw(sheet: Sheet) -> None:
        for x in (36, 238):
            sheet.cut(box(x, 60, 16, 92, 4), darker(WOOD, 0.2))
        sheet.cut(box(10, 44, 270, 26, 11), lighter(WOOD, 0.15))
        sheet.cut([(70, 46), (128, 42), (136, 52), (76, 56)], CREAM, shadow=0.5)
        draw_thing(sheet, "cup", (214, 28))

    return _piece(tint, 715, 506, (300, 170), 648, draw)


def long_table(tint: Colour) -> Piece:
    """A long table laid for lunch, before the people who sit at it."""

    def draw(sheet: Sheet) -> None:
        for x in (70, 790):
            sheet.cut(box(x, 84, 22, 110, 4), darker(WOOD, 0.2))
        sheet.cut(
            smooth([(20, 54), (450, 48), (880, 54), (884, 92), (450, 96), (16, 92)], 12), lighter(WOOD, 0.15)
        )
        for x in (160, 400, 640):
            sheet.cut(ring(x, 58, 42, 12), CREAM, shadow=0.8)
            sheet.cut(ring(x, 56, 22, 6), OCHRE, shadow=0.3)
        draw_thing(sheet, "bowl", (280, 40))
        draw_thing(sheet, "cup", (520, 36))
        draw_thing(sheet, "bowl", (750, 40))

    return _piece(tint, 190, 520, (900, 200), 700, draw)


def desk(tint: Colour) -> Piece:
    """A round table with a cup and papers."""

    def draw(sheet: Sheet) -> None:
        sheet.cut(box(138, 60, 24, 96, 5), darker(WOOD, 0.25))
        sheet.cut(ring(150, 158, 62, 12), darker(WOOD, 0.25))
        sheet.cut(ring(150, 54, 138, 22), lighter(WOOD, 0.1))
        sheet.cut([(70, 50), (128, 42), (142, 56), (84, 64)], CREAM, shadow=0.6)
        draw_thing(sheet, "cup", (210, 38))

    return _piece(tint, 490, 500, (300, 176), 652, draw)


def conference_table(tint: Colour) -> Piece:
    """A wide meeting table, before the people who sit at it."""

    def draw(sheet: Sheet) -> None:
        for x in (110, 770):
            sheet.cut(box(x, 84, 26, 110, 4), darker(WOOD, 0.25))
        sheet.cut(smooth([(10, 60), (450, 42), (890, 60), (880, 100), (450, 108), (20, 100)], 12), WOOD)
        for x in (200, 430, 660):
            sheet.cut([(x, 62), (x + 62, 58), (x + 72, 74), (x + 6, 80)], CREAM, shadow=0.6)
        draw_thing(sheet, "cup", (340, 46))
        draw_thing(sheet, "cup", (590, 46))

    return _piece(tint, 190, 520, (900, 200), 700, draw)


def sofa(tint: Colour) -> Piece:
    """A sofa, behind whoever sits on it."""

    def draw(sheet: Sheet) -> None:
        colour = mix(TEAL, CREAM, 0.18)
        for x in (40, 320):
            sheet.cut(box(x, 190, 20, 26, 4), darker(WOOD, 0.3))
        sheet.cut(box(30, 30, 330, 140, 34), colour)
        sheet.cut(box(10, 84, 64, 122, 26), darker(colour, 0.06))
        sheet.cut(box(316, 84, 64, 122, 26), darker(colour, 0.06))
        sheet.cut(box(62, 118, 266, 84, 20), lighter(colour, 0.12))
        sheet.line([(195, 124), (195, 196)], darker(colour, 0.14), 2)
        sheet.cut(smooth([(92, 72), (150, 66), (156, 124), (88, 128)]), OCHRE)

    return _piece(tint, 60, 400, (400, 226), 560, draw)


PIECES = {
    "low_table": low_table,
    "long_table": long_table,
    "desk": desk,
    "conference_table": conference_table,
    "sofa": sofa,
}
