"""Acts of the practice room: home, journal, team action plans. All at Willow Lane, in the Baby Room."""

import datetime as dt

from django.utils import timezone

from courses.models import SessionPage
from practice.models import ActionPlan, PlannedAction, Reflection
from teams.models import CareSetting, Membership, Team
from tests import factories as make
from tests.house.acts import Act

RENTED = ("willow_lane", "baby_room", "preschool", "rental", "priya", "fred", "maya", "noor", "leo")
IN_THE_SETTING = {"priya": 200, "fred": 200, "maya": 200, "noor": 200}
IN_THE_TEAM = {"priya": 200, "fred": 200, "maya": 200}
ADDS = {"priya": 302, "fred": 302, "maya": 302}
TAKES_OUT = {"priya": 403, "fred": 200, "maya": 200}


def at_the_lane(request, **more) -> dict:
    """Willow Lane's address."""
    return {"slug": CareSetting.objects.get(slug="willow-lane").slug, **more}


def on_the_plan(request, **more) -> dict:
    """The address of the Baby Room's plan."""
    return at_the_lane(request, team="baby-room", course="the-key-person-approach", **more)


def of_an_action(request) -> dict:
    """The address of an action of the Baby Room, made if there is none."""
    course = request.getfixturevalue("course").page
    plan, _ = ActionPlan.objects.get_or_create(team=Team.objects.get(slug="baby-room"), course_page=course)
    action = PlannedAction.objects.filter(plan=plan).first() or make.make_action(plan)
    return on_the_plan(request, action_id=action.pk)


def of_a_reflection(request) -> dict:
    """The number of an answer of priya's, made if there is none."""
    priya = request.getfixturevalue("priya")
    prompt = request.getfixturevalue("course").session_page.prompts.first()
    setting = CareSetting.objects.get(slug="willow-lane")
    kept = Reflection.objects.filter(author=priya).first() or make.make_reflection(priya, setting, prompt)
    return {"reflection_id": kept.pk}


def of_a_copy(request) -> dict:
    """The number of a second copy of priya's answer."""
    kept = Reflection.objects.get(pk=of_a_reflection(request)["reflection_id"])
    copy = kept.copies.first() or kept.copies.create(text="Another text")
    return {"copy_id": copy.pk}


def at_a_prompt(request) -> dict:
    """Where an answer is sent."""
    prompt = request.getfixturevalue("course").session_page.prompts.first()
    return at_the_lane(request, prompt_id=prompt.pk)


def at_a_session(request) -> dict:
    """Where an action from a session page is sent."""
    return at_the_lane(request, session_page_id=SessionPage.objects.get().pk)


def words_of_an_action(request) -> dict:
    """What the form of an action sends."""
    return {
        "what": "Sing",
        "who": Membership.objects.get(user=request.getfixturevalue("priya")).pk,
        "due_on": (timezone.localdate() + dt.timedelta(days=9)).isoformat(),
    }


def words_of_a_change(request) -> dict:
    """The same, from the version that is there."""
    return {**words_of_an_action(request), "version": PlannedAction.objects.get().version}


ACTS = [
    Act("practice:setting_home", IN_THE_SETTING, kwargs=at_the_lane, fixtures=RENTED),
    Act("practice:courses", IN_THE_SETTING, kwargs=at_the_lane, fixtures=RENTED),
    Act("practice:journal", IN_THE_SETTING, kwargs=at_the_lane, fixtures=RENTED),
    Act("practice:shared", IN_THE_SETTING, kwargs=at_the_lane, fixtures=RENTED),
    Act("practice:own_journal", {}, otherwise=200),
    Act("practice:journal_print", {}, otherwise=200),
    Act("practice:journal_txt", {}, otherwise=200),
    Act(
        "practice:save_reflection",
        {"priya": 302, "fred": 302, "maya": 302, "noor": 302, "leo": 409},
        method="post",
        kwargs=at_a_prompt,
        data=lambda request: {"text": "I rush it.", "version": "0"},
        fixtures=RENTED,
        note="own answers; a leaver is told that access has ended",
    ),
    Act(
        "practice:save_reflection",
        {"stranger": 401, "priya": 200, "fred": 200, "maya": 200, "noor": 200, "leo": 409},
        method="post",
        kwargs=at_a_prompt,
        data=lambda request: {"text": "I rush it.", "version": "0"},
        extra={"headers": {"Accept": "application/json"}},
        fixtures=RENTED,
        note="as a draft that saves itself",
    ),
    Act(
        "practice:share_reflection",
        {"priya": 302},
        method="post",
        kwargs=of_a_reflection,
        data=lambda request: {"readers": "nobody"},
        fixtures=RENTED,
    ),
    Act("practice:remove_reflection", {"priya": 302}, method="post", kwargs=of_a_reflection, fixtures=RENTED),
    Act("practice:remove_copy", {"priya": 302}, method="post", kwargs=of_a_copy, fixtures=RENTED),
    Act(
        "practice:choose_plan",
        ADDS,
        kwargs=lambda request: at_the_lane(request, team="baby-room"),
        fixtures=RENTED,
    ),
    Act("practice:plan", IN_THE_TEAM, kwargs=on_the_plan, fixtures=RENTED),
    Act(
        "practice:save_working",
        ADDS,
        method="post",
        kwargs=on_the_plan,
        data=lambda request: {"text": "We sing.", "version": "1"},
        fixtures=RENTED,
    ),
    Act("practice:add_action", IN_THE_TEAM, kwargs=on_the_plan, fixtures=RENTED),
    Act(
        "practice:add_action",
        ADDS,
        method="post",
        kwargs=on_the_plan,
        data=words_of_an_action,
        fixtures=RENTED,
    ),
    Act(
        "practice:add_from_session",
        {**ADDS, "noor": 422},
        method="post",
        kwargs=at_a_session,
        data=lambda request: {"what": "Sing", "team": Team.objects.get(slug="baby-room").pk},
        fixtures=RENTED,
        note="to the Baby Room; noor is offered her own team",
    ),
    Act("practice:add_from_session", {**ADDS, "noor": 302}, kwargs=at_a_session, fixtures=RENTED),
    Act("practice:action", IN_THE_TEAM, kwargs=of_an_action, fixtures=RENTED),
    Act(
        "practice:action",
        ADDS,
        method="post",
        kwargs=of_an_action,
        data=words_of_a_change,
        fixtures=RENTED,
    ),
    Act(
        "practice:review_action",
        ADDS,
        method="post",
        kwargs=of_an_action,
        data=lambda request: {"verdict": "stuck", "reviewed_on": timezone.localdate().isoformat()},
        fixtures=RENTED,
    ),
    Act("practice:plan_csv", TAKES_OUT, kwargs=on_the_plan, fixtures=RENTED),
    Act("practice:plan_pdf", TAKES_OUT, kwargs=on_the_plan, fixtures=RENTED),
    Act("practice:plan_print", TAKES_OUT, kwargs=on_the_plan, fixtures=RENTED),
]
