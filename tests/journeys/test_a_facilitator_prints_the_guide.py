"""Fred prints the guide, adds two actions to the team action plan, and says how one went."""

import io

import pytest
from pypdf import PdfReader

from elearning import printing
from practice.models import PlannedAction
from teams.models import Membership

pytestmark = pytest.mark.usefixtures("rental", "guide_page")


@pytest.mark.skipif(not printing.is_available(), reason="Pango is not on this machine")
def test_a_facilitator_prints_the_guide(walk, fred, priya, course, guide_page):
    walker = walk(fred).follow("All sessions").follow("Everyday care").follow("Facilitator guide")
    assert "Step 1" in walker.text
    walker.follow("Print the guide")
    assert walker.response["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(walker.content)).pages
    assert len(pages) > 1
    assert "Willow Lane" in pages[0].extract_text()

    practitioner = walk(priya).open(course.session_page.address)
    assert "Facilitator guide" not in practitioner.text
    practitioner.open(guide_page.address, status=403)
    assert "for whoever leads the session" in practitioner.text


def test_a_facilitator_adds_two_actions_and_a_review(walk, fred, priya, course, baby_room):
    walker = walk(fred).open(course.session_page.address)
    walker.press("Use this idea")
    assert 'value="Try this 0"' in str(walker.page)
    walker.press("Add to the plan", why="It is warm time")
    assert "Added to the plan" in walker.text
    assert "Try this 0" in walker.text

    walker.follow("Add to the plan")
    who = Membership.objects.get(user=priya)
    own = "Two of us sit down at lunch"
    walker.press("Add to the plan", what=own, who=who.pk, how_we_will_know="Babies linger")
    assert f"{own}" in walker.text
    ideas, mine = PlannedAction.objects.order_by("pk")
    assert (ideas.what, ideas.why, ideas.who.user) == ("Try this 0", "It is warm time", fred)
    assert (ideas.session_page_id, ideas.plan.team) == (course.session_page.pk, baby_room)
    assert (mine.what, mine.who) == (own, who)

    walker.follow(f"Say how it went : {own}")
    walker.press("Add the review", verdict="going_well", note="Lunch was calm")
    assert "Lunch was calm" in walker.text
    assert mine.reviews.get().by_name == "Fred Larsen"
