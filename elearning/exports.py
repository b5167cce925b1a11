"""The one writer of tables that people open in a spreadsheet. It knows no models."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# A spreadsheet takes a cell that begins so for a formula, also after spaces and in full-width letters.
FORMULA_START = re.compile(r"^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\x00]")


def defuse(cell: object) -> str:
    """A cell's words, with an apostrophe in front where a spreadsheet would take them for a formula."""
    words = "" if cell is None else str(cell)
    return "'" + words if FORMULA_START.match(words) else words


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV in UTF-8 with a byte order mark, so that spreadsheets read the letters right."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow([defuse(heading) for heading in headings])
    writer.writerows([[defuse(cell) for cell in row] for row in rows])
    return sheet.getvalue().encode("utf-8-sig")
