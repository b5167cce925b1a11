"""Reading what a person has downloaded."""

import csv
import io

from pypdf import PdfReader

from practice.printouts import PLAN_HEADINGS


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of a CSV without its headings."""
    headings, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert headings == list(PLAN_HEADINGS)
    return rows


def words_of(content: bytes) -> str:
    """The text of a PDF in one line; words broken over lines are put together by leaving out all spaces."""
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def assert_same_rows(table: bytes, paper: bytes) -> None:
    """Every cell of the table stands on the paper, in the same order of actions."""
    text = words_of(paper)
    places = []
    for row in rows_of(table):
        for cell in row:
            assert "".join(cell.removeprefix("'").split()) in text, cell
        places.append(text.index("".join(row[0].removeprefix("'").split())))
    assert places == sorted(places)
