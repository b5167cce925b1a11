"""The cards that Python puts together are those that a template would draw; and nothing typed is markup."""

import datetime as dt
import re

import pytest
from django.template import engines

from practice import outlines
from practice.action_cards import ActionCards
from practice.models import ActionReview, PlannedAction
from teams.models import Membership
from tests import factories as make

TWIN = """{% load design %}
<article class="action action--{{ kind }}" id="action-{{ action.pk }}">
  <h3 class="action__what">{{ action.what }}</h3>
  <p class="action__badges">
    {% if kind == "overdue" %}<span class="badge badge--alert">{% icon "circle-alert" %}Overdue</span>
    {% elif action.status == "done" %}<span class="badge badge--done">{% icon "check" %}Done</span>
    {% elif action.status == "dropped" %}<span class="badge badge--plain">Dropped</span>{% endif %}
    {% if action.needs_manager and action.is_open %}
      <span class="badge badge--warning">{% icon "flag" %}Needs a manager</span>{% endif %}
  </p>
  <dl class="action__facts">
    {% if action.why %}<div><dt>Why</dt><dd>{{ action.why }}</dd></div>{% endif %}
    <div><dt>Who</dt><dd>{% firstof action.who_name "Nobody yet" %}
      {% if action.is_of_former_member %} <span class="muted">(former member)</span>{% endif %}</dd></div>
    <div><dt>By when</dt><dd>{{ action.due_on|day }}</dd></div>
    {% if action.how_we_will_know %}
      <div><dt>How we will know</dt><dd>{{ action.how_we_will_know }}</dd></div>{% endif %}
    {% if action.what_is_needed %}
      <div><dt>What is needed</dt><dd>{{ action.what_is_needed }}</dd></div>{% endif %}
    {% if session %}<div><dt>From</dt><dd>{% if session.address %}<a href="{{ session.address }}">
      {{ session.title }}</a>{% else %}{{ session.title }}{% endif %}</dd></div>{% endif %}
  </dl>
  {% if action.reviews %}
    <ul class="action__reviews" role="list" aria-label="How it went">
      {% for review in action.reviews %}
        <li><span class="action__verdict">{{ review.reviewed_on|day }}: {{ review.verdict_in_words }}</span>
          {% if review.note %} – {{ review.note }}{% endif %}
          <span class="muted">{{ review.by_name }}</span></li>
      {% endfor %}
    </ul>
  {% endif %}
  <p class="action__links">
    <a href="{{ address }}actions/{{ action.pk }}/#review">
      {% if action.is_open %}Say how it went{% else %}Add a review{% endif %}
      <span class="visually-hidden">: {{ action.what }}</span></a>
    <a href="{{ address }}actions/{{ action.pk }}/#change">Change
      <span class="visually-hidden">: {{ action.what }}</span></a>
  </p>
</article>"""
MARKUP = "<b>&\"'{0}{kind}%s</b>"


@pytest.fixture
def cards(plan, course):
    sessions = {one.pk: one for one in outlines.sessions_of(course.page, plan=plan)}
    return ActionCards("/at/a/teams/b/c/plan/", sessions)


def squash(markup: str) -> str:
    return re.sub(r"\s+", "", markup)


def draw_twin(cards: ActionCards, action, kind: str) -> str:
    session = cards.sessions.get(action.session_page_id)
    context = {"action": action, "kind": kind, "session": session, "address": cards.address}
    return engines["django"].from_string(TWIN).render(context)


def test_every_card_is_the_one_that_a_template_would_draw(cards, plan, priya, leo, course, today):
    mine, left = (Membership.objects.get(user=one) for one in (priya, leo))
    make.make_action(plan)
    make.make_action(plan, who=left, session_page=course.session_page, why=MARKUP)
    make.make_action(plan, who=mine, needs_manager=True, what_is_needed=MARKUP, how_we_will_know=MARKUP)
    make.make_action(plan, what=MARKUP, status=PlannedAction.Status.DROPPED, who_name="Gone")
    done = make.make_action(plan, status=PlannedAction.Status.DONE, needs_manager=True)
    for verdict in ActionReview.Verdict:
        ActionReview.objects.create(
            action=done, reviewed_on=dt.date(2026, 9, 1), verdict=verdict, note=MARKUP, by_name=MARKUP
        )
    for action in outlines.actions_of(plan):
        for kind in ("overdue", "last", "open", "closed"):
            assert squash(cards.draw([action], kind)) == squash(draw_twin(cards, action, kind))


def test_a_session_that_is_not_published_is_no_link(plan, course):
    make.make_action(plan, session_page=course.session_page)
    course.session_page.unpublish()
    sessions = {one.pk: one for one in outlines.sessions_of(course.page, plan=plan)}
    card = ActionCards("/plan/", sessions).draw(outlines.actions_of(plan), "open")
    assert "<dd>Everyday care</dd>" in card


def test_a_row_answers_as_the_action_itself(plan, priya, leo, today):
    for who in (Membership.objects.get(user=priya), Membership.objects.get(user=leo), None):
        for status in PlannedAction.Status:
            for days in (-1, 0, 1):
                make.make_action(plan, who=who, status=status, due_on=today + dt.timedelta(days=days))
    actions = {one.pk: one for one in PlannedAction.objects.select_related("who")}
    rows = outlines.actions_of(plan)
    assert len(rows) == 27
    for row in rows:
        action = actions[row.pk]
        assert row.is_open == action.is_open
        assert row.is_of_former_member == action.is_of_former_member
        assert row.is_overdue_on(today) == action.is_overdue_on(today)


def test_the_session_pages_one_statement_finds_the_same_as_two(
    plan, maya, priya, fred, noor, course, today, preschool, reflection, prompt, willow_lane
):
    make.make_action(plan, due_on=today - dt.timedelta(days=1))
    make.make_action(plan, due_on=today)
    make.make_action(plan, status=PlannedAction.Status.DONE)
    make.make_reflection(maya, willow_lane, prompt, text="Mine.")
    for membership in Membership.objects.select_related("user", "care_setting"):
        session_page, user, here = course.session_page, membership.user, membership.care_setting
        answers, teams = outlines.answers_and_teams(membership, session_page, day=today)
        own = outlines.find_own_answers(user, care_setting=here, session_page=session_page)
        assert answers == {row[0]: row for row in own}
        path = session_page.course_path
        slow = outlines.find_teams_with_open_actions(membership, course_path=path, day=today)
        assert teams == list(slow)
