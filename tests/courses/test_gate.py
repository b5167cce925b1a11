"""Who comes through the gate, by whichever door, and what the others are told."""

import datetime as dt

import pytest
from django.utils import timezone

from billing.models import Term
from courses.policies import may_open_lesson
from elearning.periods import london_day
from tests import factories as make

SESSION = "/courses/the-key-person-approach/section-two/everyday-care/"
PAGES = {
    "session": SESSION,
    "clip": f"{SESSION}a-nappy-change/",
    "guide": f"{SESSION}guide/",
    "task_sheet": f"{SESSION}slow-motion-notes/",
}
EVERYONE = ("stranger", "outsider", "priya", "fred", "maya", "noor", "omar", "leo", "edith", "stan")
MEMBERS = {"priya", "fred", "maya", "noor"}
LEADERS = {"fred", "maya"}


@pytest.fixture
def try_as(as_, request):
    """The answer to somebody of the cast."""

    def answer(actor, address):
        user = None if actor == "stranger" else request.getfixturevalue(actor)
        return as_(user).get(address)

    return answer


@pytest.mark.parametrize("name", PAGES)
def test_only_members_of_a_renting_setting_come_in(name, try_as, rental, parts):
    welcome = LEADERS if name == "guide" else MEMBERS
    found = {actor: try_as(actor, PAGES[name]).status_code for actor in EVERYONE}
    assert found == {actor: 200 if actor in welcome else 403 for actor in EVERYONE}


@pytest.mark.parametrize("name", PAGES)
def test_nobody_comes_in_without_a_rental(name, try_as, parts, willow_lane):
    assert {actor: try_as(actor, PAGES[name]).status_code for actor in EVERYONE} == dict.fromkeys(
        EVERYONE, 403
    )


@pytest.mark.parametrize("name", PAGES)
def test_below_a_lesson_page_there_is_no_side_door(name, try_as, rental, parts):
    for actor in EVERYONE:
        assert try_as(actor, f"{PAGES[name]}nothing-here/").status_code == 404


def end_rental(rental, days_ago):
    day = london_day(timezone.now())
    Term.objects.filter(rental=rental).update(
        starts_on=day - dt.timedelta(days=365 + days_ago), ends_on=day - dt.timedelta(days=days_ago)
    )


def test_the_end_of_the_rental_closes_it_on_the_next_request(as_, priya, rental):
    client = as_(priya)
    assert client.get(SESSION).status_code == 200
    end_rental(rental, days_ago=60)
    assert client.get(SESSION).status_code == 403


def test_who_leaves_is_out_on_the_next_request(as_, priya, rental):
    client = as_(priya)
    assert client.get(SESSION).status_code == 200
    priya.memberships.update(left_at=timezone.now())
    assert client.get(SESSION).status_code == 403


def test_another_section_of_the_course_stays_closed(as_, priya, rental, course):
    section = make.make_section(course.page, "Section three")
    make.make_session_page(section, "Unrented")
    address = "/courses/the-key-person-approach/section-three/unrented/"
    assert as_(priya).get(address).status_code == 403


def test_who_leads_in_one_of_two_settings_finds_the_guide(as_, noor, harbour_house, rental, course, parts):
    make.make_rental(harbour_house, course.product)
    noor.memberships.filter(care_setting=harbour_house).update(is_facilitator=True)
    assert as_(noor).get(PAGES["guide"]).status_code == 200


def test_a_sample_is_open_to_everybody(try_as, course, parts):
    parts["clip"].is_sample = True
    parts["clip"].save()
    for actor in ("stranger", "outsider", "omar"):
        assert try_as(actor, PAGES["clip"]).status_code == 200
        assert try_as(actor, SESSION).status_code == 403


def test_a_guide_is_never_a_sample(course, parts):
    guide = parts["guide"]
    guide.is_sample = True
    assert not may_open_lesson(None, guide)


def test_a_stranger_is_told_to_sign_in_and_comes_back(try_as, course):
    answer = try_as("stranger", SESSION)
    assert "Please sign in to open this" in answer.text
    assert f"/account/login/?next={SESSION.replace('/', '%2F')}" in answer.text
    assert "/courses/the-key-person-approach/" in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_who_works_nowhere_is_told_to_add_a_setting_or_be_invited(try_as, course):
    text = try_as("outsider", SESSION).text
    assert "You do not belong to a setting here yet" in text
    assert "/settings/new/" in text


def test_a_manager_without_a_rental_is_led_to_rent(try_as, course, maya):
    text = try_as("maya", SESSION).text
    assert "Rent for Willow Lane" in text
    assert "/billing/rent/section-two/" in text


def test_a_practitioner_without_a_rental_is_told_whom_to_ask(try_as, course, maya):
    text = try_as("priya", SESSION).text
    assert "Willow Lane does not rent it. Ask Maya Okafor" in text
    assert "/billing/rent/" not in text


def test_after_the_end_a_manager_is_led_to_renew(try_as, rental, maya):
    end_rental(rental, days_ago=60)
    text = try_as("maya", SESSION).text
    assert "The rental has ended" in text
    assert "Renew for Willow Lane" in text
    assert "own journal stay readable" in text


def test_after_the_end_a_practitioner_is_told_whom_to_ask(try_as, rental, maya):
    end_rental(rental, days_ago=60)
    assert "Ask Maya Okafor to renew it" in try_as("priya", SESSION).text


def test_who_does_not_lead_is_told_about_guides(try_as, rental, parts, maya):
    text = try_as("priya", PAGES["guide"]).text
    assert "This guide is for whoever leads the session" in text
    assert "Ask Maya Okafor to make you a facilitator" in text
    assert f'href="{SESSION}"' in text


def test_an_editor_is_sent_to_the_editor(try_as, course):
    text = try_as("edith", SESSION).text
    assert f"/admin/pages/{course.session_page.pk}/edit/" in text


def test_a_closed_page_shows_nothing_of_the_lesson(try_as, course, parts):
    text = try_as("stranger", SESSION).text
    for words in ("Which routine 0?", "Try this 0", "A nappy change"):
        assert words not in text
