"""Rows of the practice room that several tests start from."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from elearning.periods import london_day
from practice.models import ActionPlan
from teams.models import Membership
from tests import factories as make


@pytest.fixture
def today():
    """Today in London."""
    return london_day(timezone.now())


@pytest.fixture
def prompt(course):
    """The first prompt of the course's session."""
    return course.session_page.prompts.order_by("sort_order").first()


@pytest.fixture
def save_url(willow_lane, prompt):
    """Where an answer to the first prompt is sent."""
    return reverse("practice:save_reflection", args=[willow_lane.slug, prompt.pk])


@pytest.fixture
def reflection(priya, willow_lane, prompt, rental):
    """Priya's private answer."""
    return make.make_reflection(priya, willow_lane, prompt)


@pytest.fixture
def plan(baby_room, course, rental):
    """The Baby Room's plan, still without actions."""
    return ActionPlan.objects.create(team=baby_room, course_page=course.page)


@pytest.fixture
def action(plan, priya, course, today):
    """An open action of Priya's, due in ten days."""
    who = Membership.objects.get(user=priya)
    return make.make_action(
        plan,
        who=who,
        session_page=course.session_page,
        due_on=today + dt.timedelta(days=10),
        created_by=priya,
        changed_by=priya,
    )


@pytest.fixture
def plan_url(willow_lane, baby_room, course):
    """Addresses of the Baby Room's plan by name."""

    def address(name: str = "plan", *more) -> str:
        return reverse(f"practice:{name}", args=[willow_lane.slug, baby_room.slug, course.page.slug, *more])

    return address


@pytest.fixture
def words(priya, today):
    """What the form of a new action sends."""

    def post(**changes) -> dict:
        return {
            "what": "Name each nappy change",
            "why": "It is warm time",
            "who": Membership.objects.get(user=priya).pk,
            "due_on": (today + dt.timedelta(days=14)).isoformat(),
            "how_we_will_know": "Babies look at us",
            **changes,
        }

    return post
