"""The one writer of tables that people open in a spreadsheet. It knows no models."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, TYPE_STRING, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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


class Sheet(NamedTuple):
    """One sheet of a workbook. Text stays text, numbers are numbers, decimals amounts, and days are days."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """A workbook in which no cell is a formula: words are typed as text, and stay so when they are edited."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        for row_number, row in enumerate([sheet.headings, *sheet.rows], 1):
            for column_number, value in enumerate(row, 1):
                _write(page.cell(row_number, column_number), value, is_heading=row_number == 1)
        for column_number in range(1, len(sheet.headings) + 1):
            page.column_dimensions[get_column_letter(column_number)].width = 20
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write(cell: Cell, value: object, *, is_heading: bool) -> None:
    if value is None or value == "":
        return
    if isinstance(value, (int, Decimal, dt.date)):
        cell.value = value
        formats = {Decimal: "#,##0.00", dt.date: "yyyy-mm-dd"}
        cell.number_format = formats.get(type(value), "0")
        return
    words = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell.value = words
    cell.data_type = TYPE_STRING
    cell.quotePrefix = bool(FORMULA_START.match(words))
    cell.font = Font(bold=is_heading)
