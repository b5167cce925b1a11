"""Reflect and Plan on the session page, for one statement."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from elearning.kept import mark
from practice import outlines
from practice.models import PlannedAction, Reflection
from practice.services.reflections import share_reflection
from teams.models import Membership
from tests import factories as make


@pytest.fixture
def page(as_, rental, course):
    """The session page as somebody sees it."""

    def read(user) -> str:
        answer = as_(user).get(course.session_page.address)
        assert answer.status_code == 200
        return answer.content.decode()

    return read


def test_each_prompt_has_a_box_that_saves_itself(page, priya, save_url, course):
    html = page(priya)
    assert html.count("data-autosave") == 4
    assert f'action="{save_url}"' in html
    assert "Only you can see" in html
    assert "Sam Lead" in html  # the safeguarding lead, above the boxes


def test_ones_own_answer_is_in_its_box(page, priya, reflection):
    html = page(priya)
    assert "I rush the nappy change.</textarea>" in html
    assert 'name="version" value="1"' in html


def test_nobody_elses_answer_is(page, fred, maya, reflection):
    assert "I rush" not in page(fred)
    assert "I rush" not in page(maya)


def test_it_says_who_can_read_a_shared_answer(page, priya, reflection, baby_room):
    share_reflection(reflection=reflection, shared_with="team", team=baby_room, now=timezone.now())
    html = page(priya)
    assert "Shared: Everyone in Baby Room, and managers" in html
    assert "or stop sharing" in html


def test_the_teams_plan_is_in_numbers(page, priya, plan, today, course):
    make.make_action(plan, due_on=today - dt.timedelta(days=1))
    make.make_action(plan)
    make.make_action(plan, status=PlannedAction.Status.DONE)
    html = page(priya)
    assert "2 open actions" in html
    assert "1 overdue" in html


def test_a_manager_sees_all_teams_and_a_member_their_own(page, maya, priya, baby_room, preschool):
    assert "Preschool" in page(maya)
    assert "Preschool" not in page(priya)


def test_who_is_in_no_team_is_told_whom_to_ask(page, willow_lane):
    user = make.make_user("New Person")
    make.make_membership(user, willow_lane, "practitioner")
    html = page(user)
    assert "Ask your manager to put you into one" in html
    assert "My setting&#x27;s facilitators" in html


def test_an_idea_can_be_used(page, priya, willow_lane, course):
    idea = course.session_page.starter_actions.get()
    html = page(priya)
    assert f'name="idea" value="{idea.pk}"' in html


def count(as_, user, address) -> list[str]:
    """The page's statements, warm; Django's own list of them has no text for those that are prepared."""
    client = as_(user)
    client.get(address)
    statements: list[str] = []

    def note(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(address).status_code == 200
    return statements


def test_both_panels_cost_one_statement_and_the_page_four(as_, priya, reflection, course, plan):
    queries = count(as_, priya, course.session_page.address)
    ours = [sql for sql in queries if "practice_" in sql]
    assert len(ours) == 1, ours
    assert len(queries) == 4, queries


def test_the_page_costs_the_same_for_2_rows_and_200(as_, maya, willow_lane, course, rental, plan):
    few = count(as_, maya, course.session_page.address)
    for _ in range(200):
        make.make_action(plan)
    for _ in range(20):
        make.make_team(willow_lane)
    for prompt in course.session_page.prompts.all():
        for _ in range(5):
            make.make_reflection(make.make_user(), willow_lane, prompt, status=Reflection.Status.SENT)
    many = count(as_, maya, course.session_page.address)
    assert len(few) == len(many)


def test_somebody_of_two_settings_answers_for_each_apart(as_, noor, rental, course, harbour_house, prompt):
    make.make_rental(harbour_house, course.product)
    make.make_reflection(
        noor, Membership.objects.filter(user=noor).first().care_setting, prompt, text="Lane words"
    )
    address = course.session_page.address
    assert "Lane words" in as_(noor).get(f"{address}?at=willow-lane").content.decode()
    assert "Lane words" not in as_(noor).get(f"{address}?at=harbour-house").content.decode()


def test_the_fast_way_finds_the_same_answers(priya, maya, reflection, prompt, willow_lane, course, baby_room):
    share_reflection(reflection=reflection, shared_with="team", team=baby_room, now=timezone.now())
    make.make_reflection(maya, willow_lane, prompt, text="Not Priya's")
    reflection.refresh_from_db()
    membership = Membership.objects.get(user=priya)
    found, _ = outlines.answers_and_teams(membership, course.session_page, day=timezone.localdate())
    assert list(found) == [prompt.pk]
    for name in (*outlines.AnswerRow._fields, "is_shared", "is_finished"):
        assert getattr(found[prompt.pk], name) == getattr(reflection, name)


def test_words_in_a_box_are_escaped_and_marks_in_them_mean_nothing(page, priya, reflection):
    words = f"</textarea><script>1</script> {mark('token')}"
    Reflection.objects.filter(pk=reflection.pk).update(text=words)
    html = page(priya)
    assert f"&lt;/textarea&gt;&lt;script&gt;1&lt;/script&gt; {mark('token')}</textarea>" in html


def test_no_mark_is_left_on_the_page(page, priya, maya, reflection):
    for user in (priya, maya, priya):
        assert mark("")[:32] not in page(user)
