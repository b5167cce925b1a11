"""The rows of the table of sessions by teams, put together in Python: a large setting has thousands of cells.

Every word that somebody typed goes through ``escape``, here and nowhere else; the markup belongs to
frontend/css/components/setting_home.css.
"""

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from practice.outlines import PageRow

NOT_YET = '<td><span class="cell">Not yet</span></td>'
PLANNED = '<td><span class="cell cell--planned">{number} action{s}</span></td>'
NOBODY = '<td><span class="muted">Nobody yet</span></td>'
REFLECTED = "<td>{number} {people}</td>"
ROW = '<tr><th scope="row">{title}</th>{planned}{reflected}</tr>'


def draw_rows(rows: Sequence[tuple[PageRow, list[int]]]) -> SafeString:
    """Of each session how many actions each team planned from it, and how many people reflected."""
    return mark_safe("".join(draw_row(session, numbers) for session, numbers in rows))  # noqa: S308 - escaped below


def draw_row(session: PageRow, numbers: list[int]) -> str:
    """One session."""
    return ROW.format(
        title=escape(session.title),
        planned="".join(draw_planned(number) for number in numbers),
        reflected=draw_reflected(session.finished_by),
    )


def draw_planned(number: int) -> str:
    """How many actions a team planned."""
    return PLANNED.format(number=number, s="" if number == 1 else "s") if number else NOT_YET


def draw_reflected(number: int) -> str:
    """How many people reflected, never who."""
    people = "person" if number == 1 else "people"
    return REFLECTED.format(number=number, people=people) if number else NOBODY
