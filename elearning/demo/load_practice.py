"""Load the demo's plans and journals through the services that people use, each at its own time."""

import datetime as dt

from accounts.models import User
from courses.models import CoursePage, ReflectivePrompt, SessionPage
from elearning.demo.records import DemoAction, DemoPlan, DemoReflection
from elearning.periods import london_day
from practice.models import ActionPlan, PlannedAction, Reflection
from practice.services import plans, reflections
from teams.models import CareSetting, Membership, Team


def person(key: str) -> User:
    """Somebody of the demo by their key."""
    return User.objects.get_by_natural_key(f"{key}@demo.example")


def load_plan(one: DemoPlan, *, now: dt.datetime) -> None:
    """The plan of a team with its actions and their reviews, unless the team has begun one."""
    team = Team.objects.get(care_setting__slug=one.setting, name=one.team)
    course_page = CoursePage.objects.get(slug=one.course)
    if ActionPlan.objects.filter(team=team, course_page=course_page).exists():
        return
    began_at = now - dt.timedelta(days=max(action.created_days_ago for action in one.actions))
    plans.save_what_is_working(
        team=team,
        course_page=course_page,
        text=one.already_working,
        version=1,
        actor=person(one.actions[0].who),
        now=began_at,
    )
    for action in one.actions:
        load_action(action, team=team, course_page=course_page, now=now)


def load_action(one: DemoAction, *, team: Team, course_page: CoursePage, now: dt.datetime) -> None:
    """One action and its dated reviews."""
    who = Membership.objects.select_related("user").get(
        user=person(one.who), care_setting=team.care_setting_id
    )
    action: PlannedAction = plans.add_action(
        team=team,
        course_page=course_page,
        words={
            "session_page": SessionPage.objects.descendant_of(course_page).get(slug=one.session),
            "what": one.what,
            "why": one.why,
            "who": who,
            "due_on": london_day(now) + dt.timedelta(days=one.due_in_days),
            "how_we_will_know": one.how_we_will_know,
            "needs_manager": one.needs_manager,
            "what_is_needed": one.needs_what,
        },
        actor=who.user,
        now=now - dt.timedelta(days=one.created_days_ago),
    )
    for review in one.reviews:
        reviewed_at = now - dt.timedelta(days=review.days_ago)
        plans.review_action(
            action=action,
            verdict=review.verdict,
            note=review.note,
            reviewed_on=london_day(reviewed_at),
            actor=person(review.by),
            now=reviewed_at,
        )


def load_reflections(written: list[DemoReflection], *, now: dt.datetime) -> None:
    """Answers to prompts, finished, and shared where their writer shares them."""
    for one in written:
        author, care_setting = person(one.person), CareSetting.objects.get(slug=one.setting)
        prompts = ReflectivePrompt.objects.filter(session_page__slug=one.session).order_by("sort_order")
        prompt = prompts.select_related("session_page")[one.prompt - 1]
        if Reflection.objects.filter(author=author, care_setting=care_setting, prompt=prompt).exists():
            continue
        saved_at = now - dt.timedelta(days=one.days_ago)
        reflection = reflections.save_reflection(
            author=author,
            care_setting=care_setting,
            prompt=prompt,
            text=one.answer,
            version=0,
            now=saved_at,
        )
        reflections.finish_reflection(reflection=reflection)
        if one.shared_with != "nobody":
            team = Team.objects.filter(memberships__user=author, care_setting=care_setting).first()
            reflections.share_reflection(
                reflection=reflection, shared_with=one.shared_with, team=team, now=saved_at
            )
