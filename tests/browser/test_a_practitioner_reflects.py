"""Priya watches a clip to its end, moves by its transcript, and loses her sign-in while she writes."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from practice.models import Reflection
from tests.browser.conftest import assert_good_everywhere, assert_good_page
from tests.browser.films import SECONDS
from video import seconds
from video.models import WatchedSeconds

pytestmark = [pytest.mark.usefixtures("rental"), pytest.mark.film]

PLACE = "document.querySelector('video').currentTime"
HAS_ENDED = "document.querySelector('video').ended"


def test_a_practitioner_watches_a_clip_and_moves_by_its_transcript(visit, priya, clip_page, course):
    visitor = visit()
    page = visitor.sign_in(priya)
    visitor.follow("All sessions")
    visitor.follow("Everyday care")
    visitor.follow("A nappy change")
    assert_good_everywhere(visitor, "clip")

    visitor.press("Play")
    visitor.until(f"{PLACE} > 1")
    assert not page.evaluate("document.querySelector('video').paused")
    visitor.until(HAS_ENDED)
    assert page.evaluate(PLACE) == pytest.approx(SECONDS, abs=0.3)
    page.get_by_role("button", name="I can see you are tired").click()
    visitor.until(f"{PLACE} > 0.5 && {PLACE} < 2.5")
    line = page.get_by_role("button", name="Shall we go together?")
    line.click()
    visitor.until(f"{PLACE} >= 3 && {PLACE} < 5")
    expect(line).to_have_attribute("aria-current", "true")
    assert_good_page(page)
    visitor.picture("clip-playing")

    with page.expect_response(lambda response: response.url.endswith("/lease/")):
        visitor.until(HAS_ENDED)
    visitor.follow("Back to the session")
    page.wait_for_load_state("networkidle")
    watched = WatchedSeconds.objects.get(user=priya, clip_page=clip_page)
    assert seconds.count(bytes(watched.bitmap)) >= SECONDS - 1


def test_no_word_is_lost_when_the_sign_in_is(visit, priya, maya, course, willow_lane):
    visitor = visit(priya)
    page = visitor.open(course.session_page.address)
    answer = page.get_by_label("Which routine 0?")
    form = page.locator("form.answer").filter(has=answer)
    answer.press_sequentially("I rush the nappy change")
    expect(form).to_contain_text("Saved")
    assert Reflection.objects.get().text == "I rush the nappy change"

    Session.objects.all().delete()
    visitor.expect(401, 403)  # signed out, then once with the token of the old sign-in
    answer.press_sequentially(" before lunch, because the trolley is already rolling.")
    told = page.get_by_role("dialog", name="You have been signed out")
    expect(told).to_be_visible()
    assert Reflection.objects.get().text == "I rush the nappy change"
    assert_good_everywhere(visitor, "signed-out")

    with visitor.context.expect_page() as opened:
        told.get_by_role("link", name="Sign in in a new tab").click()
    visitor.sign_in(priya, opened.value)
    opened.value.close()
    page.bring_to_front()
    page.evaluate(
        "window.dispatchEvent(new Event('focus'))"
    )  # a browser without windows never says so itself
    expect(told).to_be_hidden()
    expect(form).to_contain_text("Saved")
    whole = "I rush the nappy change before lunch, because the trolley is already rolling."
    assert Reflection.objects.get().text == whole
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]

    answer.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" I could say so.")
    form.get_by_role("button", name="Finish").click()
    visitor.reads("Finished, and kept in your journal.")
    expect(page.get_by_label("Which routine 0?")).to_have_value(f"{whole} I could say so.")
    page.get_by_role("navigation", name="Willow Lane").get_by_role("link", name="My journal").click()
    visitor.reads("trolley")
    assert_good_everywhere(visitor, "journal")

    manager = visit(maya)
    for address in (
        course.session_page.address,
        willow_lane.home_path,
        reverse("practice:shared", args=[willow_lane.slug]),
    ):
        manager.open(address)
        assert "trolley" not in manager.page.content()
