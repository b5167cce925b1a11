"""What people hold, give and put down, each about as large as a hand or two."""

from video.demo_films.sheet import Point, Sheet, box, darker, lighter, rgb, ring, smooth, strip

CREAM, WOOD, TEAL, BRICK = rgb("#fbf3e4"), rgb("#c79a63"), rgb("#2f8085"), rgb("#b9533c")
OCHRE, ROSE, SAGE, NAVY = rgb("#d99a3d"), rgb("#d9848c"), rgb("#7f9f76"), rgb("#33507a")


def draw_thing(sheet: Sheet, name: str, at: Point) -> None:
    """Draw a thing with its middle near ``at``; an unknown name draws nothing."""
    drawing = THINGS.get(name)
    if drawing:
        drawing(sheet, *at)


def ball(sheet: Sheet, x: float, y: float) -> None:
    """A striped ball."""
    sheet.cut(ring(x, y, 21), BRICK)
    sheet.cut(ring(x, y, 21, 7, -20), CREAM, shadow=0)


def blocks(sheet: Sheet, x: float, y: float) -> None:
    """Three blocks."""
    sheet.cut(box(x - 25, y - 4, 24, 24, 3), TEAL)
    sheet.cut(box(x + 1, y - 4, 24, 24, 3), OCHRE)
    sheet.cut(box(x - 12, y - 27, 24, 24, 3), BRICK)


def book(sheet: Sheet, x: float, y: float) -> None:
    """An open book."""
    sheet.cut(
        [(x - 36, y - 22), (x, y - 15), (x + 36, y - 22), (x + 36, y + 16), (x, y + 23), (x - 36, y + 16)],
        NAVY,
    )
    for side in (-1, 1):
        sheet.cut(
            [(x, y - 13), (x + side * 31, y - 19), (x + side * 31, y + 12), (x, y + 18)], CREAM, shadow=0.4
        )
    sheet.cut(ring(x + 15, y - 3, 8), OCHRE, shadow=0)
    sheet.line([(x - 24, y - 6), (x - 8, y - 3)], darker(CREAM, 0.3), 2)
    sheet.line([(x - 24, y + 3), (x - 8, y + 6)], darker(CREAM, 0.3), 2)


def bowl(sheet: Sheet, x: float, y: float) -> None:
    """A bowl with food in it."""
    sheet.cut(ring(x, y - 8, 24, 9), CREAM)
    sheet.cut(smooth([(x - 28, y - 8), (x + 28, y - 8), (x + 17, y + 15), (x - 17, y + 15)]), TEAL)
    sheet.cut(ring(x, y - 8, 27, 7), lighter(TEAL, 0.3), shadow=0)
    sheet.cut(ring(x, y - 10, 20, 5), CREAM, shadow=0)


def spoon(sheet: Sheet, x: float, y: float) -> None:
    """A wooden spoon."""
    sheet.cut(strip((x, y + 14), (x + 6, y - 20), 6, 5), WOOD)
    sheet.cut(ring(x + 8, y - 28, 9, 12, 10), lighter(WOOD, 0.15))


def nappy(sheet: Sheet, x: float, y: float) -> None:
    """A folded nappy."""
    sheet.cut(
        smooth(
            [
                (x - 27, y - 15),
                (x, y - 10),
                (x + 27, y - 15),
                (x + 22, y + 2),
                (x + 8, y + 17),
                (x - 8, y + 17),
                (x - 22, y + 2),
            ]
        ),
        CREAM,
    )
    for side in (-1, 1):
        sheet.cut(ring(x + side * 18, y - 9, 4), TEAL, shadow=0)


def blanket(sheet: Sheet, x: float, y: float) -> None:
    """A small blanket hanging from the hand."""
    sheet.cut(
        smooth(
            [
                (x - 12, y - 8),
                (x + 12, y - 8),
                (x + 27, y + 26),
                (x + 22, y + 56),
                (x, y + 50),
                (x - 22, y + 57),
                (x - 26, y + 24),
            ]
        ),
        ROSE,
    )
    for row in (12, 28, 43):
        sheet.line([(x - 20, y + row), (x, y + row - 3), (x + 20, y + row)], lighter(ROSE, 0.4), 3)


def bear(sheet: Sheet, x: float, y: float) -> None:
    """A soft bear."""
    brown = rgb("#b07f4f")
    for side in (-1, 1):
        sheet.cut(ring(x + side * 14, y - 24, 8), brown)
        sheet.cut(ring(x + side * 18, y + 10, 8, 12, side * -30), brown)
        sheet.cut(ring(x + side * 11, y + 29, 10, 8), brown)
    sheet.cut(ring(x, y + 12, 18, 20), brown)
    sheet.cut(ring(x, y - 12, 20, 18), brown)
    sheet.cut(ring(x, y - 6, 9, 7), lighter(brown, 0.4), shadow=0)
    sheet.cut(ring(x, y + 14, 10, 11), lighter(brown, 0.3), shadow=0)
    for side in (-1, 1):
        sheet.cut(ring(x + side * 8, y - 15, 2.4), rgb("#2c2422"), shadow=0)
    sheet.cut(ring(x, y - 9, 3, 2.2), rgb("#2c2422"), shadow=0)


def photo(sheet: Sheet, x: float, y: float) -> None:
    """A photograph of a smiling face."""
    sheet.cut(box(x - 22, y - 34, 44, 52, 2), CREAM)
    sheet.cut(box(x - 17, y - 29, 34, 35), rgb("#a9c9c4"), shadow=0)
    sheet.cut(ring(x, y - 4, 13, 9), rgb("#7d4f8c"), shadow=0)
    sheet.cut(ring(x, y - 17, 9), rgb("#d39b72"), shadow=0)
    sheet.cut(
        smooth([(x - 10, y - 17), (x, y - 29), (x + 10, y - 17), (x, y - 22)]), rgb("#3d2620"), shadow=0
    )


def card(sheet: Sheet, x: float, y: float) -> None:
    """A written card."""
    sheet.cut(box(x - 30, y - 22, 60, 42, 3), CREAM)
    sheet.cut(box(x - 30, y - 22, 60, 9, 3), OCHRE, shadow=0)
    for row in (-4, 4, 12):
        sheet.line([(x - 22, y + row), (x + 18, y + row)], darker(CREAM, 0.35), 2)


def cup(sheet: Sheet, x: float, y: float) -> None:
    """A cup."""
    sheet.cut(ring(x + 17, y, 10), BRICK)
    sheet.cut(ring(x + 17, y, 5), lighter(BRICK, 0.7), shadow=0)
    sheet.cut(box(x - 16, y - 17, 32, 34, 7), BRICK)
    sheet.cut(ring(x, y - 16, 15, 4), lighter(BRICK, 0.55), shadow=0)


def carton(sheet: Sheet, x: float, y: float) -> None:
    """A cardboard box."""
    sheet.cut([(x - 40, y - 26), (x - 26, y - 40), (x + 26, y - 40), (x + 40, y - 26)], darker(WOOD, 0.25))
    sheet.cut(box(x - 37, y - 26, 74, 48, 2), WOOD)
    sheet.cut(box(x - 8, y - 26, 16, 20), lighter(WOOD, 0.3), shadow=0)


def phone(sheet: Sheet, x: float, y: float) -> None:
    """A telephone."""
    sheet.cut(box(x - 11, y - 28, 22, 42, 5), rgb("#3a4247"))
    sheet.cut(box(x - 8, y - 24, 16, 31, 2), rgb("#b7d5d2"), shadow=0)


def clipboard(sheet: Sheet, x: float, y: float) -> None:
    """A clipboard."""
    sheet.cut(box(x - 26, y - 36, 52, 66, 4), darker(WOOD, 0.15))
    sheet.cut(box(x - 21, y - 28, 42, 54, 1), CREAM, shadow=0.4)
    sheet.cut(box(x - 10, y - 40, 20, 11, 3), rgb("#6d7a80"))
    for row in (-16, -6, 4, 14):
        sheet.line([(x - 14, y + row), (x + 13, y + row)], darker(CREAM, 0.35), 2)


THINGS = {
    "ball": ball,
    "blocks": blocks,
    "book": book,
    "bowl": bowl,
    "spoon": spoon,
    "nappy": nappy,
    "blanket": blanket,
    "bear": bear,
    "photo": photo,
    "card": card,
    "cup": cup,
    "box": carton,
    "phone": phone,
    "clipboard": clipboard,
}
