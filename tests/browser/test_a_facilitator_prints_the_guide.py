"""Fred prints the guide, adds two actions to the plan, and says how one went: in a real browser."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from elearning import printing
from practice.models import PlannedAction
from tests import factories as make
from tests.browser.conftest import assert_good_everywhere, assert_good_page

pytestmark = pytest.mark.usefixtures("rental", "guide_page", "priya")


@pytest.mark.skipif(not printing.is_available(), reason="Pango is not on this machine")
def test_a_facilitator_prints_the_guide_and_a_task_sheet(visit, fred, course):
    make.make_task_sheet(course.session_page, "One day")
    visitor = visit()
    page = visitor.sign_in(fred)
    visitor.follow("All sessions")
    visitor.follow("Everyday care")
    visitor.follow("Facilitator guide")
    assert_good_everywhere(visitor, "guide")

    link = page.get_by_role("link", name="Print the guide")
    answer = visitor.context.request.get(visitor.address + link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    assert len(PdfReader(io.BytesIO(answer.body())).pages) > 1

    page.emulate_media(media="print")
    for part in (".site-header", ".setting-nav", ".site-footer", "[data-screen-only]"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.get_by_role("table", name="Running order")).to_be_visible()
    visitor.picture("guide-on-paper")
    page.emulate_media(media="screen")

    page.go_back()
    visitor.follow("One day")
    page.emulate_media(media="print")
    expect(page.locator(".site-header")).to_be_hidden()
    visitor.picture("task-sheet-on-paper")


def test_a_facilitator_adds_two_actions_and_a_review(visit, fred, course):
    visitor = visit(fred)
    page = visitor.open(course.session_page.address)
    visitor.press("Use this idea")
    expect(page.get_by_label("What will you do?")).to_have_value("Try this 0")
    page.get_by_label("Why?").fill("It is warm time")
    assert_good_page(page)
    visitor.press("Add to the plan")
    visitor.reads("Added to the plan.")

    visitor.follow("Add to the plan")
    visitor.press("Add to the plan")
    assert page.get_by_label("What will you do?").evaluate("field => field.matches(':invalid')")
    page.get_by_label("What will you do?").fill("Two of us sit down at lunch")
    page.get_by_label("Who?").select_option(label="Priya Nair")
    page.get_by_label("How will you know that it worked?").fill("Babies linger")
    visitor.press("Add to the plan")
    visitor.reads("Two of us sit down at lunch")

    page.get_by_role("link", name=re.compile("Say how it went.*Two of us")).click()
    page.get_by_label("Going well").check()
    page.get_by_label("What did you notice?").fill("Lunch was calm")
    visitor.press("Add the review")
    visitor.reads("Lunch was calm")
    assert_good_everywhere(visitor, "plan-after-review")
    assert [action.who.user.display_name for action in PlannedAction.objects.order_by("pk")] == [
        "Fred Larsen",
        "Priya Nair",
    ]
