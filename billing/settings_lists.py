"""Reading a list of settings that somebody pasted or uploaded: name, kind, manager's e-mail address.

Pure: text in, rows and troubles out. What spreadsheets really write is understood: commas, semicolons or
tabs, quotation marks, a line of headings in any order, "sep=;", blank lines and blank cells at the end.
"""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from teams.models import CareSetting

MOST_LINES = 200
BIGGEST_LIST = 100_000  # letters, or bytes of a file
LONGEST_NAME = 120
LONGEST_EMAIL = 254
DELIMITERS = ("\t", ";", ",")
LINES_OF_A_CELL = 3  # a cell that is longer has lost its closing quotation mark
PARTS = ("name", "kind", "email")
TEMPLATE = (
    "Setting's name,Kind,Manager's e-mail\r\n"
    "Willow Lane Nursery,Nursery,manager@willow-lane.example\r\n"
    '"Harbour House, Leeds",Children\'s home,manager@harbour-house.example\r\n'
)

KINDS = {
    "nursery": CareSetting.Kind.NURSERY,
    "day nursery": CareSetting.Kind.NURSERY,
    "pre school": CareSetting.Kind.PRE_SCHOOL,
    "preschool": CareSetting.Kind.PRE_SCHOOL,
    "childminder": CareSetting.Kind.CHILDMINDER,
    "child minder": CareSetting.Kind.CHILDMINDER,
    "school": CareSetting.Kind.SCHOOL,
    "children s home": CareSetting.Kind.CHILDRENS_HOME,
    "childrens home": CareSetting.Kind.CHILDRENS_HOME,
    "service": CareSetting.Kind.SERVICE,
    "service for families": CareSetting.Kind.SERVICE,
}
KINDS_TO_WRITE = ", ".join(CareSetting.Kind.labels[:-1]) + " or " + CareSetting.Kind.labels[-1]
HOW_TO_WRITE = "Write name, kind and manager’s e-mail address, in this order."


class UnreadableFileError(Exception):
    """A file that is no list; the text is fit to show."""


class Row(NamedTuple):
    """A good line: one setting."""

    line: int
    name: str
    kind: str
    email: str

    @property
    def key(self) -> str:
        """What makes two names the same one."""
        return name_key(self.name)


class Trouble(NamedTuple):
    """A line to mend: what stands there, what is wrong with it, and how to mend it."""

    line: int
    text: str
    what: str
    how: str


class Reading(NamedTuple):
    """What a list says. With a ``refusal`` the whole of it cannot be used."""

    rows: list[Row]
    troubles: list[Trouble]
    refusal: str = ""

    @property
    def is_good(self) -> bool:
        """Whether nothing is left to mend."""
        return not self.troubles and not self.refusal


class Line(NamedTuple):
    """A line as it stands in the list; ``cells`` is None where quotation marks do not match."""

    number: int
    text: str
    cells: list[str] | None


def name_key(name: str) -> str:
    """Two settings of a payer have the same name when their keys are the same."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def decode_list(raw: bytes) -> str:
    """Return the text of an uploaded file: UTF-8, UTF-16 as Excel's "Unicode text", or Windows-1252.

    Raises UnreadableFileError for a workbook and for what is no text.
    """
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFileError(
            "This is a workbook. In your spreadsheet choose “Save as” or “Download”, then CSV."
        )
    try:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = raw.decode("utf-16")
        else:
            text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise UnreadableFileError("This file is no text. Save your list as CSV, then choose that file.")
    return text.replace("\r\n", "\n")


def read_list(text: str) -> Reading:
    """Read a list. Every line ends up as a row or as trouble; lines are counted as an editor counts them."""
    text = text.removeprefix("\ufeff")
    if len(text) > BIGGEST_LIST:
        return Reading([], [], "This list is too long to be read. Please order in two parts.")
    lines = [line for line in split_lines(text) if any(letter.isalnum() for letter in line.text)]
    order: dict[str, int] = {name: number for number, name in enumerate(PARTS)}
    headings = read_headings(lines[0].cells or []) if lines else {}
    if headings:
        lines, order = lines[1:], headings
        missing = [part for part in PARTS if part not in headings]
        if missing:
            return Reading([], [], _missing_heading(missing[0]))
    if not lines:
        return Reading([], [], "Write at least one setting.")
    if len(lines) > MOST_LINES:
        return Reading(
            [],
            [],
            f"These are {len(lines)} settings. Order {MOST_LINES} at most at once, then the others.",
        )
    return read_lines(lines, order, has_headings=bool(headings))


def read_lines(lines: list[Line], order: dict[str, int], *, has_headings: bool) -> Reading:
    """Sort lines into rows and troubles; a name that stands there twice is trouble the second time."""
    rows: list[Row] = []
    troubles: list[Trouble] = []
    seen: dict[str, int] = {}
    for line in lines:
        found = read_line(line, order, has_headings=has_headings)
        if isinstance(found, Row) and found.key in seen:
            found = Trouble(
                line.number,
                shorten(line.text),
                f"“{shorten(found.name)}” is in line {seen[found.key]} already",
                "Take one out, or add the place to the name, so that you can tell them apart.",
            )
        if isinstance(found, Row):
            seen[found.key] = line.number
            rows.append(found)
        else:
            troubles.append(found)
    return Reading(rows, troubles)


def read_line(line: Line, order: dict[str, int], *, has_headings: bool) -> Row | Trouble:
    """Read one line."""

    def trouble(what: str, how: str) -> Trouble:
        return Trouble(line.number, shorten(line.text), what, how)

    if line.cells is None:
        return trouble("its quotation marks do not match", "Put one before and one after the name, or none.")
    cells = line.cells
    if not has_headings and len(cells) > len(PARTS):
        return trouble(
            f"it has {len(cells)} parts",
            f"{HOW_TO_WRITE} A name with a comma in it goes into quotation marks.",
        )
    name, kind, email = (cells[order[part]] if order[part] < len(cells) else "" for part in PARTS)
    if not any(letter.isalnum() for letter in name):
        return trouble("the setting’s name is missing", HOW_TO_WRITE)
    if len(name) > LONGEST_NAME:
        return trouble("the name is too long", f"Use {LONGEST_NAME} letters at most.")
    if not kind:
        return trouble("the kind of setting is missing", f"Write {KINDS_TO_WRITE}.")
    if plain(kind) not in KINDS:
        return trouble(f"“{shorten(kind, 40)}” is no kind that we know", f"Write {KINDS_TO_WRITE}.")
    if not email:
        return trouble("the manager’s e-mail address is missing", "Add it: the manager gets a link there.")
    address = read_address(email)
    if not address:
        return trouble(
            f"“{shorten(email, 60)}” is not an e-mail address",
            "It looks like manager@setting.org.uk, without spaces.",
        )
    return Row(line.number, name, KINDS[plain(kind)], address)


def read_address(text: str) -> str:
    """Return an e-mail address in small letters, or nothing where it is none."""
    address = text.removeprefix("mailto:").strip(" <>").lower()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= LONGEST_EMAIL else ""


def read_headings(cells: list[str]) -> dict[str, int]:
    """Return which column holds what, when a line is one of headings; nothing when it is a setting."""
    found: dict[str, int] = {}
    if any("@" in cell for cell in cells):
        return {}
    for number, cell in enumerate(cells):
        words = plain(cell).split()
        if "mail" in words or "email" in words or "emails" in words:
            found.setdefault("email", number)
        elif "kind" in words or "type" in words:
            found.setdefault("kind", number)
        elif "manager" not in words and ("name" in words or words in (["setting"], ["settings"])):
            found.setdefault("name", number)
    return found if len(found) >= 2 else {}


def split_lines(text: str) -> Iterator[Line]:
    """The lines of a list, split into cells by whatever stands between them."""
    lines = re.split(r"\r\n|\r|\n", text)
    first = re.fullmatch(r'"?sep=(.)"?', lines[0].strip("\r"))
    if first:
        lines[0] = ""
    delimiter = first[1] if first else find_delimiter(lines)
    number = 0
    while number < len(lines):
        for taken in range(1, LINES_OF_A_CELL + 1):
            raw = " ".join(lines[number : number + taken])
            cells = split_cells(raw, delimiter)
            if cells is not None:
                break
        else:
            raw, cells, taken = lines[number], None, 1
        yield Line(number + 1, raw.strip(), cells)
        number += taken


def find_delimiter(lines: list[str]) -> str:
    """What stands between the cells: whichever makes most lines three cells long."""

    def fitting(delimiter: str) -> tuple[int, int]:
        counts = [len(split_cells(line, delimiter) or []) for line in lines]
        return counts.count(len(PARTS)), sum(count > 1 for count in counts)

    return max(DELIMITERS, key=fitting)


def split_cells(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of one line without needless spaces and blank ends; None when a cell goes on."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error:
        return None
    tidy = [tidy_cell(cell) for cell in cells]
    while tidy and not tidy[-1]:
        tidy.pop()
    return tidy


def tidy_cell(cell: str) -> str:
    """Return what somebody meant to write, without control characters and needless spaces."""
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Cf") else letter for letter in cell)
    return " ".join(kept.split())


def plain(words: str) -> str:
    """Return words in small letters with one space between them and nothing else."""
    return " ".join(re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKC", words).casefold()))


def shorten(words: str, most: int = 100) -> str:
    """Return the beginning of something long."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _missing_heading(part: str) -> str:
    wanted = {"name": "the setting’s name", "kind": "the kind of setting", "email": "the manager’s e-mail"}
    return (
        f"The first line names columns, but none of them is {wanted[part]}. "
        "It should read: Setting’s name, Kind, Manager’s e-mail."
    )
