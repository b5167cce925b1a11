"""The plan taken out: the same rows in every format, for those who lead, also after the rental."""

import csv
import datetime as dt
import html
import io
import re

import pypdf
import pytest
from django.utils import timezone

from billing.models import Term
from elearning import exports, printing
from practice import printouts
from practice.models import ActionReview, PlannedAction
from practice.views.plans import find_rows
from teams.models import Membership
from tests import factories as make


@pytest.fixture
def full_plan(plan, priya, leo, course, today):
    """A plan with something of everything."""
    plan.what_is_working = "We sing at every change."
    plan.save()
    done = make.make_action(plan, what="Photographs at the door", status=PlannedAction.Status.DONE)
    ActionReview.objects.create(
        action=done, reviewed_on=dt.date(2026, 9, 1), verdict="stuck", note="No printer", by_name="Fred"
    )
    ActionReview.objects.create(action=done, reviewed_on=dt.date(2026, 10, 1), verdict="done", by_name="Fred")
    make.make_action(
        plan,
        what="Slow nappy changes",
        why="Warm time",
        who=Membership.objects.get(user=priya),
        session_page=course.session_page,
        how_we_will_know="They look at us",
        needs_manager=True,
        what_is_needed="A chair",
    )
    make.make_action(
        plan, what="Late", who=Membership.objects.get(user=leo), due_on=today - dt.timedelta(days=3)
    )
    return plan


@pytest.fixture
def rows(full_plan):
    return [tuple(row) for row in find_rows(full_plan)]


def test_the_rows_say_it_in_words(rows, course):
    assert [row[0] for row in rows] == ["Late", "Slow nappy changes", "Photographs at the door"]
    late, slow, photographs = (printouts.PlanRow(*row) for row in rows)
    assert (late.status, late.who) == ("Overdue", "Leo Grant (former member)")
    assert (slow.session, slow.needs_a_manager, slow.why) == ("Everyday care", "A chair", "Warm time")
    assert photographs.reviews == "1 September 2026: Stuck – No printer; 1 October 2026: Done"


def squash(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_spreadsheet_holds_the_same_rows(as_, maya, rows, plan_url):
    answer = as_(maya).get(plan_url("plan_csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "team-action-plan-baby-room" in answer["Content-Disposition"]
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table[0] == list(printouts.PLAN_HEADINGS)
    assert [tuple(row) for row in table[1:]] == rows


def test_the_printed_page_holds_the_same_rows(as_, maya, rows, plan_url, willow_lane):
    page = as_(maya).get(plan_url("plan_print")).content.decode()
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    found = [
        tuple(html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S))
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]
    assert found == rows
    assert "We sing at every change." in page
    assert willow_lane.name in page
    assert "rented until" in page


@pytest.mark.skipif(not printing.is_available(), reason="This machine lacks the libraries that make PDFs.")
def test_the_pdf_holds_the_same_rows(as_, maya, rows, plan_url):
    answer = as_(maya).get(plan_url("plan_pdf"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    text = squash("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages))
    for row in rows:
        for cell in row:
            assert squash(cell) in text, cell


@pytest.mark.parametrize("name", ["plan_csv", "plan_print", "plan_pdf"])
def test_facilitators_and_managers_take_it_out_also_after_the_rental(
    as_, maya, fred, full_plan, plan_url, name
):
    if name == "plan_pdf" and not printing.is_available():
        pytest.skip("This machine lacks the libraries that make PDFs.")
    Term.objects.update(revoked_at=timezone.now())
    for user in (maya, fred):
        answer = as_(user).get(plan_url(name))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["plan_csv", "plan_print", "plan_pdf"])
def test_a_practitioner_is_told_whom_to_ask(as_, priya, full_plan, plan_url, name):
    answer = as_(priya).get(plan_url(name))
    assert answer.status_code == 403
    assert "Ask one of them" in answer.content.decode()


@pytest.mark.parametrize("name", ["plan_csv", "plan_print", "plan_pdf"])
def test_a_stranger_gets_404(as_, omar, full_plan, plan_url, name):
    assert as_(omar).get(plan_url(name)).status_code == 404


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+44",
        "-1",
        "@cmd",
        "\t=1",
        "\r=1",
        "\x00=1",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\n=1",
    ],
)
def test_no_cell_becomes_a_formula(cell):
    assert exports.defuse(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["Sing", "1 = 1", "a@b", "", "well-known", "'quoted"])
def test_plain_words_stay_as_they_are(cell):
    assert exports.defuse(cell) == cell


def test_a_formula_typed_into_an_action_is_harmless(as_, maya, plan, plan_url):
    make.make_action(plan, what='=HYPERLINK("http://evil.example")')
    table = as_(maya).get(plan_url("plan_csv")).content.decode("utf-8-sig")
    assert "'=HYPERLINK" in table


def test_taking_it_out_is_noted_without_its_words(as_, maya, full_plan, plan_url, caplog):
    with caplog.at_level("INFO"):
        as_(maya).get(plan_url("plan_csv"))
    assert f"plan {full_plan.pk} taken out by {maya.pk} as plan_csv" in caplog.text
    assert "nappy" not in caplog.text
