"""A setting's home: what needs you, teams, courses, rentals; three things to do when it is new."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.models import Term
from practice.models import Reflection
from teams.models import JoinRequest, Membership
from tests import factories as make

HOME = "/at/willow-lane/"


@pytest.fixture
def home(as_):
    """The home page as somebody reads it."""

    def read(user, address=HOME) -> str:
        answer = as_(user).get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    return read


def primary_labels(page: str) -> list[str]:
    """What the buttons say that stand out."""
    return re.findall(r'class="button button--primary.*?<span>(.*?)</span>', page)


def test_a_new_setting_is_told_three_things_to_do(home, maya):
    page = home(maya)
    for words in ("Three things to start with", "Rent a course", "Invite your team", "Name a facilitator"):
        assert words in page


def test_the_next_of_the_three_has_the_pages_one_button(home, maya):
    assert primary_labels(home(maya)) == ["See the courses"]


def test_once_a_course_is_rented_the_next_thing_is_to_invite(home, maya, rental):
    assert primary_labels(home(maya)) == ["Invite people"]


def test_they_go_when_they_are_done(home, maya, priya, rental):
    assert "Three things" not in home(maya)


def test_who_cannot_do_them_is_not_told(home, priya):
    page = home(priya)
    assert "Three things" not in page
    assert "Ask your manager about renting" in page


def test_managers_hear_of_join_requests(home, maya, priya, rental, willow_lane):
    JoinRequest.objects.create(care_setting=willow_lane, user=make.make_user())
    assert "1 person asks" in home(maya)
    assert "asks" not in home(priya)


def test_managers_hear_of_actions_that_need_them(home, maya, fred, plan):
    make.make_action(plan, what="A low chair", needs_manager=True, what_is_needed="About £40")
    page = home(maya)
    assert "A low chair" in page
    assert "About £40" in page
    assert "A low chair" not in home(fred)


def test_who_leads_hears_of_what_is_overdue_in_their_teams(home, maya, fred, priya, plan, preschool, today):
    make.make_action(plan, what="Late one", due_on=today - dt.timedelta(days=1))
    assert "Late one" in home(maya)
    assert "Late one" in home(fred)
    assert "Late one" not in home(priya)
    Membership.objects.get(user=fred).teams.set([preschool])
    assert "Late one" not in home(fred)


def test_everyone_hears_of_their_own_actions(home, priya, fred, action):
    assert action.what in home(priya)
    assert action.what not in home(fred)


def test_managers_can_renew_what_ends_soon(home, maya, priya, rental, today):
    Term.objects.update(starts_on=today - dt.timedelta(days=345), ends_on=today + dt.timedelta(days=20))
    page = home(maya)
    assert "Rental ending" in page
    assert "/billing/rent/section-two/" in page
    assert "/billing/rent/" not in home(priya)


def test_the_last_day_is_shown(home, priya, rental):
    last = Term.objects.get().last_day
    assert f"Last day {last.day} {last:%B %Y}" in home(priya)


def test_an_ended_rental_says_so_and_plans_stay(home, priya, plan, action, plan_url, today):
    Term.objects.update(starts_on=today - dt.timedelta(days=400), ends_on=today - dt.timedelta(days=35))
    page = home(priya)
    assert "Ended" in page
    assert "Nothing is rented at present" in page
    assert plan_url() in page


def test_a_team_is_where_it_last_planned(home, priya, plan, course):
    second = make.make_session_page(course.section, "The second session")
    make.make_action(plan, session_page=course.session_page)
    page = home(priya)
    assert "Last planned in: Everyday care" in page
    assert second.address in page


def test_members_see_their_own_teams_and_managers_all(home, maya, priya, rental, baby_room, preschool):
    assert "Preschool" in home(maya)
    assert "Preschool" not in home(priya)


def test_who_leads_sees_how_many_reflected_and_nobody_sees_who(
    home, maya, fred, priya, noor, willow_lane, rental, prompt
):
    for user in (priya, noor):
        make.make_reflection(user, willow_lane, prompt, status=Reflection.Status.SENT, text="quillwort")
    make.make_reflection(fred, willow_lane, prompt)
    for leader in (maya, fred):
        page = home(leader)
        assert "2 people" in page
        assert "quillwort" not in page
        assert "Priya" not in page
    assert "2 people" not in home(priya)


def test_an_answer_to_two_prompts_counts_one_person(home, maya, priya, willow_lane, rental, course):
    for prompt in course.session_page.prompts.all():
        make.make_reflection(priya, willow_lane, prompt, status=Reflection.Status.SENT)
    assert "1 person<" in home(maya)


@pytest.mark.parametrize("who", ["omar", "outsider", "leo", "edith", "stan"])
def test_a_stranger_gets_404(as_, request, willow_lane, who):
    for address in (HOME, f"{HOME}courses/", f"{HOME}journal/", f"{HOME}shared/"):
        assert as_(request.getfixturevalue(who)).get(address).status_code == 404


def test_the_courses_page_lists_every_open_session(home, priya, rental, course):
    page = home(priya, f"{HOME}courses/")
    assert course.session_page.address in page
    assert "Use care as key time." in page


def test_only_what_is_rented_is_there(home, priya, rental, course):
    make.make_session_page(make.make_section(course.page, "Section one"), "Not rented")
    make.make_course("Another course")
    page = home(priya, f"{HOME}courses/")
    assert "Not rented" not in page
    assert "Another course" not in page


def test_who_works_in_two_settings_opens_sessions_for_the_one_they_came_from(
    as_, noor, rental, harbour_house, course
):
    make.make_rental(harbour_house, course.product)
    client = as_(noor)
    client.get("/at/harbour-house/")
    assert client.get(course.session_page.address).context["opening"].care_setting == harbour_house
    client.get(HOME)
    assert client.get(course.session_page.address).context["opening"].care_setting.slug == "willow-lane"


@pytest.mark.parametrize("address", [HOME, f"{HOME}courses/"])
def test_it_costs_the_same_for_2_rows_and_200(as_, maya, priya, willow_lane, plan, course, address, today):
    client = as_(maya)

    def count() -> list[str]:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return [one["sql"] for one in captured]

    make.make_action(plan, needs_manager=True)
    few = count()
    for number in range(20):
        make.make_team(willow_lane)
        make.make_session_page(course.section, f"More {number}", prompts=1, actions=0)
    for _ in range(200):
        make.make_action(plan, session_page=course.session_page, due_on=today - dt.timedelta(days=1))
    for _ in range(30):
        person = make.make_user()
        make.make_membership(person, willow_lane, "practitioner")
        make.make_reflection(person, willow_lane, course.session_page.prompts.first(), status="sent")
        JoinRequest.objects.create(care_setting=willow_lane, user=make.make_user())
    many = count()
    assert len(few) == len(many)
    assert len(many) <= 7, many


def test_a_revoked_term_opens_nothing(home, priya, rental):
    Term.objects.update(revoked_at=timezone.now())
    assert "Nothing is rented at present" in home(priya)
