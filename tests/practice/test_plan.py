"""The team action plan: in what order, who sees it, what is already working, two people at once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.models import Term
from practice.models import ActionPlan, ActionReview, PlannedAction
from teams.models import Membership
from tests import factories as make

JSON = {"HTTP_ACCEPT": "application/json"}


def test_a_team_without_a_plan_sees_where_to_begin_and_nothing_is_written(as_, priya, rental, plan_url):
    page = as_(priya).get(plan_url()).content.decode()
    assert "What is already working" in page
    assert "No actions yet" in page
    assert not ActionPlan.objects.exists()


def test_overdue_comes_first_then_the_last_session_then_the_rest(as_, priya, plan, plan_url, course, today):
    earlier = make.make_session_page(course.section, "An earlier one")
    long_ago = timezone.now() - dt.timedelta(days=60)
    make.make_action(plan, what="Done one", status=PlannedAction.Status.DONE)
    make.make_action(plan, what="Earlier one", session_page=earlier, created_at=long_ago)
    make.make_action(plan, what="Fresh one", session_page=course.session_page)
    make.make_action(plan, what="Late one", due_on=today - dt.timedelta(days=1), created_at=long_ago)
    page = as_(priya).get(plan_url()).content.decode()
    places = [page.index(f">{title} one<") for title in ("Late", "Fresh", "Earlier", "Done")]
    assert places == sorted(places)
    assert "From the last session: Everyday care" in page


def test_an_action_says_what_why_who_by_when_and_how_we_will_know(as_, priya, plan, plan_url):
    make.make_action(
        plan,
        what="Slow down",
        why="Warm time",
        who=Membership.objects.get(user=priya),
        due_on=dt.date(2026, 11, 21),
        how_we_will_know="Babies look at us",
        needs_manager=True,
        what_is_needed="A chair",
    )
    page = as_(priya).get(plan_url()).content.decode()
    for words in ("Slow down", "Warm time", "Priya Nair", "21 November 2026", "Babies look at us", "A chair"):
        assert words in page
    assert "Needs a manager" in page


def test_a_leaver_stands_as_a_former_member(as_, priya, plan, plan_url, leo):
    make.make_action(plan, who=Membership.objects.get(user=leo))
    page = as_(priya).get(plan_url()).content.decode()
    assert "Leo Grant" in page
    assert "(former member)" in page


def test_a_person_who_was_erased_does_too(as_, priya, plan, plan_url, leo):
    make.make_action(plan, who=Membership.objects.get(user=leo))
    leo.delete()
    assert "(former member)" in as_(priya).get(plan_url()).content.decode()


def test_it_warns_when_one_person_has_more_than_half(as_, priya, fred, plan, plan_url):
    mine, theirs = (Membership.objects.get(user=one) for one in (priya, fred))
    make.make_action(plan, who=mine)
    make.make_action(plan, who=theirs)
    assert "One person has most of it" not in as_(priya).get(plan_url()).content.decode()
    make.make_action(plan, who=mine)
    page = as_(priya).get(plan_url()).content.decode()
    assert "Priya Nair has 2 of the 3 open actions" in page


def test_it_stays_when_the_rental_is_over(as_, priya, plan, action, plan_url, words):
    Term.objects.update(revoked_at=timezone.now())
    client = as_(priya)
    assert action.what in client.get(plan_url()).content.decode()
    assert client.post(plan_url("add_action"), words()).status_code == 302


@pytest.mark.parametrize("who", ["noor", "omar", "outsider", "leo", "edith", "stan"])
def test_another_team_another_setting_and_strangers_get_404(as_, request, plan, plan_url, who):
    client = as_(request.getfixturevalue(who))
    for name in ("plan", "plan_csv", "plan_print", "plan_pdf", "add_action"):
        assert client.get(plan_url(name)).status_code == 404


@pytest.mark.parametrize("who", ["priya", "fred", "maya"])
def test_the_team_and_managers_see_it(as_, request, plan, plan_url, who):
    assert as_(request.getfixturevalue(who)).get(plan_url()).status_code == 200


def test_a_course_that_was_never_rented_has_no_plan(as_, priya, course, plan_url):
    assert as_(priya).get(plan_url()).status_code == 404


def test_the_chooser_goes_to_the_only_courses_plan(as_, priya, rental, plan_url, willow_lane, baby_room):
    answer = as_(priya).get(f"/at/{willow_lane.slug}/teams/{baby_room.slug}/plan/")
    assert answer["Location"] == plan_url()


def test_the_chooser_lists_several_courses(as_, priya, rental, willow_lane, baby_room):
    other = make.make_product()
    make.make_section(make.make_course("Another course"), products=[other])
    make.make_rental(willow_lane, other)
    page = as_(priya).get(f"/at/{willow_lane.slug}/teams/{baby_room.slug}/plan/").content.decode()
    assert "Another course" in page
    assert "The key person approach" in page


# --- What is already working ----------------------------------------------------------------------


def test_what_is_working_saves_itself(as_, priya, rental, plan_url):
    answer = as_(priya).post(plan_url("save_working"), {"text": "We sing.", "version": "1"}, **JSON)
    assert answer.status_code == 200
    assert answer.json()["version"] == 2
    assert ActionPlan.objects.get().what_is_working == "We sing."


def test_two_people_get_both_texts_and_the_others_name(as_, priya, fred, plan, plan_url):
    as_(fred).post(plan_url("save_working"), {"text": "Fred's text.", "version": "1"}, **JSON)
    answer = as_(priya).post(plan_url("save_working"), {"text": "Priya's text.", "version": "1"}, **JSON)
    assert answer.status_code == 409
    assert answer.json()["theirs"] == "Fred's text."
    assert "Fred Larsen" in answer.json()["reason"]
    page = as_(priya).post(plan_url("save_working"), {"text": "Priya's text.", "version": "1"})
    assert page.status_code == 409
    assert "Fred&#x27;s text." in page.content.decode()
    assert "Priya&#x27;s text." in page.content.decode()


def test_too_much_text_is_422_and_every_word_is_there(as_, priya, plan, plan_url):
    long = "word " * 500
    assert as_(priya).post(plan_url("save_working"), {"text": long}, **JSON).status_code == 422
    answer = as_(priya).post(plan_url("save_working"), {"text": long})
    assert answer.status_code == 422
    assert "2,000" in answer.content.decode()
    assert long.strip() in answer.content.decode()


def test_signed_out_while_typing_is_401(as_, plan, plan_url):
    assert as_().post(plan_url("save_working"), {"text": "x"}, **JSON).status_code == 401


def test_a_stranger_cannot_write_it(as_, omar, plan, plan_url):
    assert as_(omar).post(plan_url("save_working"), {"text": "x", "version": "1"}, **JSON).status_code == 404


# --- What it costs --------------------------------------------------------------------------------


def test_the_page_costs_the_same_for_2_actions_and_200(as_, priya, plan, plan_url, course):
    who = Membership.objects.get(user=priya)

    def fill(number):
        for _ in range(number):
            action = make.make_action(plan, who=who, session_page=course.session_page)
            ActionReview.objects.create(action=action, reviewed_on=dt.date(2026, 1, 1), verdict="stuck")

    def count():
        client = as_(priya)
        client.get(plan_url())
        with CaptureQueriesContext(connection) as captured:
            assert client.get(plan_url()).status_code == 200
        return [one["sql"] for one in captured]

    fill(2)
    few = count()
    fill(198)
    many = count()
    assert len(few) == len(many)
    assert len(many) <= 8, many
