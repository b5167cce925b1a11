"""Adding an action, from the plan or from a session; changing it; saying how it went."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import SessionPage, StarterAction
from courses.querysets import openings_of
from elearning.periods import london_day
from practice import outlines, printouts
from practice.forms import DAYS_TO_DO_IT, ActionForm, ChangedActionForm, QuickActionForm, ReviewForm
from practice.models import ActionPlan, ActionReview, PlannedAction
from practice.services import plans as services
from practice.views import answers
from practice.views.plans import find_plan_or_404
from teams.access import get_membership_or_404
from teams.models import Membership, Team
from video.gate import BIGGEST_ID


@require_http_methods(["GET", "HEAD", "POST"])
def add_action(request: HttpRequest, slug: str, team: str, course: str) -> HttpResponse:
    """Add an action to the plan; ``?idea=`` and ``?session=`` fill the form from an author's idea."""
    membership = get_membership_or_404(request, slug)
    plan = find_plan_or_404(request, membership, team, course)
    if request.method != "POST":
        form = make_action_form(ActionForm, plan, initial=first_words(request, membership, plan))
        return render(request, "practice/add_action.html", show_form(membership, plan, form))
    form = make_action_form(ActionForm, plan, request.POST)
    if not form.is_valid():
        context = show_form(membership, plan, form)
        return answers.unprocessable(request, "practice/add_action.html", context)
    action = services.add_action(
        team=plan.team,
        course_page=plan.course_page,
        words=form.cleaned_data,
        actor=request.user,
        now=timezone.now(),
    )
    messages.success(request, "Added to the plan.")
    if request.POST.get("button") == "another":
        return redirect("practice:add_action", slug, team, course)
    return answers.go_back(request, plan_address(membership, plan), f"action-{action.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def add_from_session(request: HttpRequest, slug: str, session_page_id: int) -> HttpResponse:
    """From a session page: take an idea to the team's form (GET), or add an action in one line (POST)."""
    membership = get_membership_or_404(request, slug)
    session_page = get_object_or_404(SessionPage.objects.live(), pk=min(session_page_id, BIGGEST_ID))
    teams = list(Team.objects.visible_to_member(membership).by_name())
    form = QuickActionForm(
        request.POST if request.method == "POST" else request.GET, teams=[(one.pk, one.name) for one in teams]
    )
    is_valid = form.is_valid()
    team = choose_team_or_404(teams, form.cleaned_data.get("team"))
    plan = find_plan_or_404(request, membership, team.slug, course_slug_of(session_page))
    address = form_address(membership, plan)
    if request.method != "POST":
        query = QueryDict(mutable=True)
        query.update({"session": session_page.pk, "idea": request.GET.get("idea", "")})
        return redirect(f"{address}?{query.urlencode()}")
    if is_valid:
        return add_in_one_line(request, membership, plan, session_page, form.cleaned_data["what"])
    words = {**default_words(membership), "session_page_id": session_page.pk}
    full = make_action_form(ActionForm, plan, {**words, "what": request.POST.get("what", "")})
    return answers.unprocessable(request, "practice/add_action.html", show_form(membership, plan, full))


def add_in_one_line(
    request: HttpRequest, membership: Membership, plan: ActionPlan, session_page: SessionPage, what: str
) -> HttpResponse:
    """Add an action that the writer takes on, for four weeks; the plan is where to say more."""
    words = default_words(membership)
    words = {"what": what, "session_page_id": session_page.pk, "who": membership, "due_on": words["due_on"]}
    action = services.add_action(
        team=plan.team, course_page=plan.course_page, words=words, actor=request.user, now=timezone.now()
    )
    day = printouts.in_words(action.due_on)
    messages.success(request, f"Added to the plan of {plan.team}: you, by {day}. Change that on the plan.")
    return answers.go_back(request, plan_address(membership, plan), "plan")


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: HttpRequest, slug: str, team: str, course: str, action_id: int) -> HttpResponse:
    """One action: how it went, and its words to change."""
    membership = get_membership_or_404(request, slug)
    plan, found = find_action_or_404(request, membership, team, course, action_id)
    if request.method != "POST":
        form = make_action_form(ChangedActionForm, plan, initial=words_of(found))
        return render(request, "practice/action.html", show_action(membership, plan, found, form))
    form = make_action_form(ChangedActionForm, plan, request.POST)
    if not form.is_valid():
        context = show_action(membership, plan, found, form)
        return answers.unprocessable(request, "practice/action.html", context)
    try:
        services.change_action(
            action=found,
            version=form.cleaned_data["version"],
            words=form.words,
            actor=request.user,
            now=timezone.now(),
        )
    except services.ChangedMeanwhileError as clash:
        return show_merge(request, membership, plan, clash)
    messages.success(request, "Changed.")
    return redirect(f"{plan_address(membership, plan)}#action-{found.pk}")


def show_merge(
    request: HttpRequest, membership: Membership, plan: ActionPlan, clash: services.ChangedMeanwhileError
) -> HttpResponse:
    """409: one's own words in the form, the colleague's beside them, field by field."""
    theirs = clash.current
    form = make_action_form(ChangedActionForm, plan, {**request.POST.dict(), "version": theirs.version})
    form.is_valid()
    context = {
        **show_action(membership, plan, theirs, form),
        "clash": clash,
        "differences": compare(form, theirs),
    }
    return render(request, "practice/action.html", context, status=409)


def compare(form: ChangedActionForm, theirs: PlannedAction) -> list[tuple[str, str, str]]:
    """Where one's own words differ from the colleague's: (label, mine, theirs)."""
    current = words_of(theirs)
    differences = []
    for name, value in form.words.items():
        mine = value.pk if name == "who" and value else value
        if (mine or "") != (current[name] or ""):
            differences.append((form[name].label, say(form, name, mine), say(form, name, current[name])))
    return differences


def say(form: ChangedActionForm, name: str, value: object) -> str:
    """A field's value in words."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return printouts.in_words(value)
    if name == "session_page_id":
        return str(dict(form.fields[name].choices).get(value or "", ""))
    if name == "who":
        people = {pk: label for _, group in form.fields[name].choices[1:] for pk, label in group}
        return people.get(value, "A former member" if value else "Nobody")
    return str(value or "–")


@require_POST
def review_action(request: HttpRequest, slug: str, team: str, course: str, action_id: int) -> HttpResponse:
    """Say how an action went, on a day; earlier entries stay as they are."""
    membership = get_membership_or_404(request, slug)
    plan, found = find_action_or_404(request, membership, team, course, action_id)
    form = ReviewForm(request.POST, today=london_day(timezone.now()))
    if not form.is_valid():
        change = make_action_form(ChangedActionForm, plan, initial=words_of(found))
        context = {**show_action(membership, plan, found, change), "review_form": form}
        return answers.unprocessable(request, "practice/action.html", context)
    services.review_action(action=found, **form.cleaned_data, actor=request.user, now=timezone.now())
    messages.success(request, "Noted.")
    return redirect(f"{plan_address(membership, plan)}#action-{found.pk}")


# --- What these views share -----------------------------------------------------------------------


def choose_team_or_404(teams: list[Team], team_id: int | None) -> Team:
    """The chosen one of the member's teams, else the first; Http404 for somebody in no team."""
    chosen = next((one for one in teams if one.pk == team_id), teams[0] if teams else None)
    if chosen is None:
        raise Http404("In no team.")
    return chosen


def course_slug_of(session_page: SessionPage) -> str:
    """The slug of the course that a session lies in: /courses/<course>/<section>/<session>/."""
    return session_page.address.strip("/").split("/")[1]


def find_action_or_404(
    request: HttpRequest, membership: Membership, team: str, course: str, action_id: int
) -> tuple[ActionPlan, PlannedAction]:
    """The plan that the address names, and its action; else Http404."""
    plan = find_plan_or_404(request, membership, team, course)
    if plan.pk is None:
        raise Http404("No such action.")
    return plan, get_object_or_404(
        PlannedAction.objects.of_plan(plan).with_people(ActionReview.objects.oldest_first()), pk=action_id
    )


def default_words(membership: Membership) -> dict:
    """A new action is the writer's own, for four weeks, until the team says otherwise."""
    return {
        "who": membership.pk,
        "due_on": london_day(timezone.now()) + dt.timedelta(days=DAYS_TO_DO_IT),
    }


def first_words(request: HttpRequest, membership: Membership, plan: ActionPlan) -> dict:
    """What the form begins with: an author's idea of a session that is open to the asker, or nothing."""
    words = default_words(membership)
    idea_id, session_page_id = request.GET.get("idea", ""), request.GET.get("session", "")
    if session_page_id.isdecimal() and len(session_page_id) < 19:
        words["session_page_id"] = int(session_page_id)
    if not (idea_id.isdecimal() and len(idea_id) < 19):
        return words
    ideas = StarterAction.objects.filter(session_page__live=True).select_related("session_page")
    idea = ideas.filter(pk=idea_id).first()
    if idea is None or not idea.session_page.path.startswith(plan.course_page.path):
        return words
    day = london_day(timezone.now())
    if not openings_of(idea.session_page.section_path, user=request.user, day=day).contains(membership):
        return words
    return {
        **words,
        "session_page_id": idea.session_page_id,
        "what": idea.what,
        "why": idea.why,
        "how_we_will_know": idea.how_we_will_know,
    }


def words_of(action: PlannedAction) -> dict:
    """The action as its form begins."""
    who_id = action.who_id if action.who and action.who.is_standing else None
    return {
        "what": action.what,
        "why": action.why,
        "session_page_id": action.session_page_id,
        "who": who_id,
        "due_on": action.due_on,
        "how_we_will_know": action.how_we_will_know,
        "needs_manager": action.needs_manager,
        "what_is_needed": action.what_is_needed,
        "version": action.version,
    }


def make_action_form(
    kind: type[ActionForm], plan: ActionPlan, data: object = None, *, initial: dict | None = None
) -> ActionForm:
    """A form with the team's people and the course's sessions to choose from."""
    return kind(
        data,
        initial=initial,
        team=plan.team,
        people=outlines.people_for(plan.team),
        sessions=[(one.pk, one.title) for one in outlines.sessions_of(plan.course_page, plan=plan)],
        today=london_day(timezone.now()),
    )


def show_form(membership: Membership, plan: ActionPlan, form: ActionForm) -> dict:
    """What the page with the form needs."""
    return {"membership": membership, "plan": plan, "form": form, "address": form_address(membership, plan)}


def show_action(
    membership: Membership, plan: ActionPlan, action: PlannedAction, form: ChangedActionForm
) -> dict:
    """What the page of one action needs."""
    today = london_day(timezone.now())
    return {
        "membership": membership,
        "plan": plan,
        "action": action,
        "owner": printouts.name_of_owner(action),
        "is_overdue": action.is_overdue_on(today),
        "form": form,
        "review_form": ReviewForm(today=today, prefix=None),
    }


def plan_address(membership: Membership, plan: ActionPlan) -> str:
    """Where the plan is."""
    return reverse(
        "practice:plan", args=[membership.care_setting.slug, plan.team.slug, plan.course_page.slug]
    )


def form_address(membership: Membership, plan: ActionPlan) -> str:
    """Where the form for a new action is, and sends its words."""
    return reverse(
        "practice:add_action", args=[membership.care_setting.slug, plan.team.slug, plan.course_page.slug]
    )
