"""Priya opens a session, reads a clip's transcript, writes a reflection and loses her sign-in half-way."""

import pytest
from django.urls import reverse

from practice.models import Reflection
from tests import factories as make

FIRST = "I rush the nappy change before lunch."
SECOND = "I rush the nappy change before lunch, because the trolley is already rolling."
JSON = {"Accept": "application/json"}

pytestmark = pytest.mark.usefixtures("rental")


@pytest.fixture
def save_url(willow_lane, course):
    """Where an answer to the first prompt is sent."""
    prompt = course.session_page.prompts.order_by("sort_order").first()
    return reverse("practice:save_reflection", args=[willow_lane.slug, prompt.pk])


def test_a_practitioner_opens_a_session_and_reflects(walk, priya, maya, willow_lane, course, save_url):
    clip_page = make.make_clip_page(course.session_page, "A nappy change")
    walker = walk(priya)
    assert walker.address == willow_lane.home_path
    walker.follow("All sessions").follow("Everyday care")
    assert "Only you can see what you write" in walker.text
    walker.follow("A nappy change")
    assert walker.address == clip_page.address
    assert "What is said" in walker.text
    walker.follow("Back to the session")

    # The page saves by itself, as its script does.
    answer = walker.client.post(save_url, {"text": FIRST, "version": "0"}, headers=JSON)
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert answer.json()["saved_at"]

    # Her sign-in is lost; what she types meanwhile is refused, and stays with her.
    walker.client.logout()
    answer = walker.client.post(save_url, {"text": SECOND, "version": "1"}, headers=JSON)
    assert (answer.status_code, answer.json()) == (401, {"sign_in": "/account/login/"})
    assert Reflection.objects.get().text == FIRST

    # She signs in again, and the very same save succeeds.
    walker.sign_in(priya)
    answer = walker.client.post(save_url, {"text": SECOND, "version": "1"}, headers=JSON)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    walker.open(course.session_page.address)
    assert SECOND in walker.text
    assert SECOND in walker.follow("My journal").text

    manager = walk(maya)
    for address in (
        course.session_page.address,
        willow_lane.home_path,
        reverse("practice:shared", args=[willow_lane.slug]),
        reverse("practice:journal", args=[willow_lane.slug]),
    ):
        assert "trolley" not in manager.open(address).text


def test_without_scripts_the_buttons_of_the_page_do_the_same(walk, priya, course):
    walker = walk(priya).open(course.session_page.address)
    walker.press("Save", text=FIRST)
    assert "Only you can see it until you share it" in walker.text
    assert Reflection.objects.get().text == FIRST
    walker.open(course.session_page.address).press("Finish")
    assert "Finished" in walker.text
