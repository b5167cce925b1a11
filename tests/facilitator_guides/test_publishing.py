"""A guide goes live only when its steps fill the session; a draft always saves."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from facilitator_guides.models import GuidePage
from facilitator_guides.publishing import time_refusal, time_refusal_of
from tests import factories as make


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([10, 65], ""),
        ([10, 60], "70 minutes, but the session lasts 75: 5 too few"),
        ([10, 80], "90 minutes, but the session lasts 75: 15 too many"),
        ([], "no steps yet, and the session lasts 75"),
    ],
)
def test_the_refusal_says_both_numbers(steps, words):
    refusal = time_refusal(steps, session_minutes=75)
    assert (words in refusal) if words else refusal == ""


def form_for(minutes: list[int], action: str = "") -> dict:
    steps = [
        {
            "title": f"Step {number}",
            "minutes": taken,
            "is_keep": "on",
            "activity": "talk",
            "what_happens": rich_text("<p>Say hello.</p>"),
            "watch_for": "",
            "you_need": "",
        }
        for number, taken in enumerate(minutes, 1)
    ]
    fields = {
        "title": "Everyday care",
        "aim": "Everyone has counted a turn.",
        "closing": rich_text("<p>Thank you.</p>"),
        "steps": inline_formset(steps),
        "preparation": inline_formset([]),
        "materials": inline_formset([]),
        "response_cards": inline_formset([]),
        "comments": inline_formset([]),
    }
    return nested_form_data(fields) | ({action: "yes"} if action else {})


@pytest.fixture
def add(as_, stan, course):
    address = reverse(
        "wagtailadmin_pages:add", args=["facilitator_guides", "guidepage", course.session_page.pk]
    )
    client = as_(stan)
    return lambda minutes, action="": client.post(address, form_for(minutes, action))


def test_an_editor_cannot_publish_steps_that_do_not_fill_the_session(add):
    response = add([10, 20], "action-publish")
    assert response.status_code == 200
    assert "30 minutes, but the session lasts 75" in response.content.decode()
    assert not GuidePage.objects.exists()


def test_the_same_guide_saves_as_a_draft(add):
    assert add([10, 20]).status_code == 302
    page = GuidePage.objects.get()
    assert not page.live
    assert page.slug == "guide"


def test_a_guide_that_fills_the_session_goes_live_at_its_address(add, course):
    assert add([15, 60], "action-publish").status_code == 302
    page = GuidePage.objects.get()
    assert page.live
    assert page.address == f"{course.session_page.address}guide/"


def test_a_session_has_one_guide(add):
    add([75], "action-publish")
    add([75], "action-publish")
    assert GuidePage.objects.count() == 1


def test_publishing_many_pages_at_once_asks_too(as_, stan, course):
    page = make.make_guide_page(course.session_page, minutes=[10], live=False)
    assert "10 minutes, but the session lasts 75" in time_refusal_of(page)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = as_(stan).post(f"{address}?id={page.pk}", follow=True)
    assert "Nothing was published" in response.content.decode()
    page.refresh_from_db()
    assert not page.live


def test_an_editor_previews_a_draft(as_, stan, course):
    page = make.make_guide_page(course.session_page, minutes=[10], live=False)
    page.save_revision()
    response = as_(stan).get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert response.status_code == 200
    assert "Running order" in response.content.decode()
