"""Task sheets: on the screen and on paper, for every member."""

import page as pdf_checker
import pytest
from wagtail.blocks import StructBlockValidationError

from elearning import printing
from facilitator_guides.blocks import TableBlock
from tests import factories as make

pytestmark = pytest.mark.usefixtures("rental")
needs_pango = pytest.mark.skipif(not printing.is_available(), reason="Pango is not on this machine")

EVERY_BLOCK = [
    ("table", {"heading": "", "columns": ["A", "B"], "rows": ["x | y", "z"], "blank_rows": 1}),
    ("boxes", {"heading": "Boxes", "labels": ["Left", "Right", "Below"]}),
    ("checklist", {"heading": "A good pair", "items": ["Both want to"]}),
    ("lines", {"heading": "", "label": "The gap:", "count": 2}),
    ("cards", {"heading": "Cards", "items": ["Change a nappy", "Answer the phone"]}),
    ("text", {"heading": "", "text": "Not for this card: anything about safety."}),
]


@pytest.fixture
def sheet(course):
    return make.make_task_sheet(course.session_page, "Every block", blocks=EVERY_BLOCK)


@pytest.mark.parametrize("who", ["priya", "fred", "maya", "noor"])
def test_every_member_can_open_it(who, request, as_, sheet):
    response = as_(request.getfixturevalue(who)).get(sheet.address)
    assert response.status_code == 200
    page = response.content.decode()
    for words in (
        "Choose an ordinary day.",
        "Below",
        "Both want to",
        "The gap:",
        "Answer the phone",
        "about safety",
    ):
        assert words in page


@pytest.mark.parametrize("who", ["omar", "outsider", "leo"])
def test_others_are_told_why_not(who, request, as_, sheet):
    assert as_(request.getfixturevalue(who)).get(sheet.address).status_code == 403


@needs_pango
def test_it_prints_accessibly(as_, priya, sheet, read_pdf):
    response = as_(priya).get(sheet.print_address)
    assert response.status_code == 200
    report = pdf_checker.validate_pdf_bytes(response.content, profile="ua1")
    assert [failure.message for failure in report.failures] == []
    text = "".join(read_pdf(response.content))
    assert "Willow Lane · rented until" in text
    places = [text.index(words) for words in ("How to use it", "Boxes", "A good pair", "The gap:", "Cards")]
    assert places == sorted(places)


def test_a_sheet_that_is_not_there_answers_404(as_, priya, sheet):
    address = sheet.print_address.replace("every-block", "no-such-sheet")
    assert as_(priya).get(address).status_code == 404


def test_the_guide_is_not_a_task_sheet(as_, fred, guide_page):
    """The two addresses look alike; each finds its own kind only."""
    response = as_(fred).get(guide_page.address.replace("/guide/", "/guides.pdf"))
    assert response.status_code == 404


def test_a_short_row_is_filled_up_and_a_long_one_refused():
    block = TableBlock()
    value = block.to_python({"heading": "", "columns": ["A", "B"], "rows": ["z"], "blank_rows": 0})
    assert block.get_context(block.clean(value))["cells"] == [["z", ""]]
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python({"columns": ["A"], "rows": ["x | y"], "blank_rows": 0}))


def test_a_table_without_any_row_is_refused():
    block = TableBlock()
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python({"columns": ["A"], "rows": [], "blank_rows": 0}))
