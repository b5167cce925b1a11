"""With the keyboard alone: everything that can be pressed is reached, seen and answered."""

import pytest
from playwright.sync_api import Page, expect

from practice.models import PlannedAction

pytestmark = pytest.mark.usefixtures("rental", "guide_page", "task_sheet")

FOCUSED = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  // The browser's own calendar button inside a field for a day draws a ring of its own.
  const isCalendar = at.type === "date" && !at.matches(":focus");
  const box = at.getBoundingClientRect();
  return {
    id: at.id || at.getAttribute("name") || at.innerText.trim() || at.tagName,
    isSeen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    isMarked: isCalendar || (parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none"),
  };
}"""
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && one.type !== "hidden" && !one.disabled)
  .map((one) => one.id || one.getAttribute("name") || one.innerText.trim() || one.tagName)"""


def tab_through(page: Page) -> list[str]:
    """Press Tab until the page is left; say what was reached, in order. Each must be seen."""
    reached = []
    for _ in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["id"] == "BODY" or (reached and page.evaluate("document.activeElement === document.body")):
            break
        assert at["isSeen"], f"{at['id']} has the focus and cannot be seen"
        assert at["isMarked"], f"{at['id']} has the focus and does not show it"
        reached.append(at["id"])
    return reached


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on the field with this id or name."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["id"] == name:
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_tab_reaches_everything_on_the_session_page_in_its_order(visit, fred, course):
    visitor = visit(fred)
    page = visitor.open(course.session_page.address)
    wanted = page.evaluate(REACHABLE)
    reached = tab_through(page)
    assert reached == wanted
    assert reached[0] == "Skip to the main part"


def test_the_skip_link_leads_past_the_navigation(visit, fred, course):
    page = visit(fred).open(course.session_page.address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="The key person approach")).to_be_focused()


def test_an_action_is_added_on_the_session_page_by_the_keyboard(visit, fred, course):
    visitor = visit(fred)
    page = visitor.open(course.session_page.address)
    tab_to(page, "quick-what")
    page.keyboard.type("Name each nappy change")
    page.keyboard.press("Enter")
    visitor.reads("Added to the plan of Baby Room")
    assert PlannedAction.objects.get().what == "Name each nappy change"


def test_the_form_of_the_plan_is_filled_in_and_sent_by_the_keyboard(visit, fred, priya, course):
    visitor = visit(fred)
    page = visitor.open("/at/willow-lane/teams/baby-room/the-key-person-approach/plan/actions/new/")
    fields = [name for name in tab_through(page) if name.startswith("id_")]
    assert fields == [
        "id_what",
        "id_why",
        "id_session_page_id",
        "id_who",
        *["id_due_on"] * 4,  # day, month, year and the calendar of the browser
        "id_how_we_will_know",
        "id_needs_manager",
        "id_what_is_needed",
    ]
    page.reload()
    tab_to(page, "id_what")
    page.keyboard.type("Two of us sit down at lunch")
    tab_to(page, "id_who")
    page.keyboard.type("Priya")
    tab_to(page, "id_needs_manager")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    visitor.reads("Added to the plan.")
    action = PlannedAction.objects.get()
    assert (action.what, action.who_name, action.needs_manager) == (
        "Two of us sit down at lunch",
        "Priya Nair",
        True,
    )
