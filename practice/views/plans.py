"""The team action plan: the page, its text of what is working, and its downloads."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from elearning import exports, printing
from elearning.periods import london_day
from practice import outlines, printouts
from practice.action_cards import ActionCards
from practice.forms import WorkingForm
from practice.models import ActionPlan
from practice.policies import may_download_plan
from practice.services import plans as services
from practice.views import answers
from teams.access import get_membership_or_404
from teams.models import Membership, Team

logger = logging.getLogger(__name__)


def find_plan_or_404(request: HttpRequest, membership: Membership, team: str, course: str) -> ActionPlan:
    """Find the team's plan for the course, or a blank one for a course the setting rents; else Http404.

    A blank one is not in the database: nothing is written until somebody writes something.
    """
    plan = outlines.find_plan(request.user, care_setting=membership.care_setting, team=team, course=course)
    if plan:
        return plan
    return ActionPlan(
        team=get_object_or_404(Team.objects.visible_to_member(membership), slug=team),
        course_page=get_object_or_404(outlines.courses_ever_rented_by(membership.care_setting), slug=course),
    )


@require_safe
def choose_plan(request: HttpRequest, slug: str, team: str) -> HttpResponse:
    """Go to the team's plan; with several courses, let people choose."""
    membership = get_membership_or_404(request, slug)
    found = get_object_or_404(Team.objects.visible_to_member(membership), slug=team)
    courses = list(outlines.courses_ever_rented_by(membership.care_setting))
    if len(courses) == 1:
        return redirect("practice:plan", slug, team, courses[0].slug)
    return render(
        request,
        "practice/choose_plan.html",
        {"membership": membership, "team": found, "courses": courses},
    )


@require_safe
def plan(request: HttpRequest, slug: str, team: str, course: str) -> HttpResponse:
    """The plan: what is already working, what is late, what is fresh, the rest, what is over."""
    membership = get_membership_or_404(request, slug)
    found = find_plan_or_404(request, membership, team, course)
    form = WorkingForm(initial={"text": found.what_is_working, "version": found.version})
    return render(request, "practice/plan.html", show_plan(membership, found, form))


def show_plan(membership: Membership, plan: ActionPlan, form: WorkingForm) -> dict:
    """What the plan page needs."""
    sessions = {one.pk: one for one in outlines.sessions_of(plan.course_page, plan=plan)}
    groups = printouts.group_actions(outlines.actions_of(plan), london_day(timezone.now()))
    last = sessions.get(groups.last_session_id or 0)
    addresses = [membership.care_setting.slug, plan.team.slug, plan.course_page.slug]
    cards = ActionCards(reverse("practice:plan", args=addresses), sessions)
    sections = [
        ("Overdue", "overdue", groups.overdue),
        (f"From the last session: {last.title}" if last else "", "last", groups.from_last_session),
        ("Other open actions" if last else "Open", "open", groups.others),
        ("Done and dropped", "closed", groups.closed),
    ]
    return {
        "membership": membership,
        "plan": plan,
        "form": form,
        "groups": groups,
        "sections": [
            (title, kind, len(actions), cards.draw(actions, kind))
            for title, kind, actions in sections
            if actions
        ],
        "overloaded": printouts.find_overloaded(groups.open),
        "may_download": may_download_plan(membership),
        "can_make_pdf": printing.is_available(),
    }


@login_not_required
@require_POST
def save_working(request: HttpRequest, slug: str, team: str, course: str) -> HttpResponse:
    """Keep what the team says is already working."""
    if not request.user.is_authenticated:
        return answers.sign_in_first(request)
    membership = get_membership_or_404(request, slug)
    found = find_plan_or_404(request, membership, team, course)
    form = WorkingForm(request.POST)
    if not form.is_valid():
        if answers.wants_json(request):
            return answers.errors(form)
        return render(request, "practice/plan.html", show_plan(membership, found, form), status=422)
    try:
        found = services.save_what_is_working(
            team=found.team,
            course_page=found.course_page,
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
            actor=request.user,
            now=timezone.now(),
        )
    except services.ChangedMeanwhileError as clash:
        return show_both_texts(request, membership, form, clash)
    if answers.wants_json(request):
        return answers.saved(found.changed_at or timezone.now(), found.version)
    return redirect("practice:plan", slug, team, course)


def show_both_texts(
    request: HttpRequest, membership: Membership, form: WorkingForm, clash: services.ChangedMeanwhileError
) -> HttpResponse:
    """409: the colleague's text and one's own."""
    current = clash.current
    if answers.wants_json(request):
        return answers.clash(str(clash), current.what_is_working, current.version)
    again = WorkingForm({"text": form.cleaned_data["text"], "version": current.version})
    context = {**show_plan(membership, current, again), "clash": clash}
    return render(request, "practice/plan.html", context, status=409)


def find_plan_to_download(request: HttpRequest, slug: str, team: str, course: str) -> ActionPlan:
    """The plan, for those who lead. Raises PermissionDenied for others of the team."""
    membership = get_membership_or_404(request, slug)
    found = find_plan_or_404(request, membership, team, course)
    if not may_download_plan(membership):
        raise PermissionDenied(
            "Only facilitators and managers can download the plan. Ask one of them for a copy."
        )
    logger.info("plan %s taken out by %s as %s", found.pk, request.user.pk, request.resolver_match.url_name)
    return found


def find_rows(plan: ActionPlan) -> list[printouts.PlanRow]:
    """The plan in words, the same for every download."""
    sessions = {one.pk: one.title for one in outlines.sessions_of(plan.course_page, plan=plan)}
    return printouts.plan_rows(outlines.actions_of(plan), sessions, london_day(timezone.now()))


def as_download(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file that nobody but the asker keeps."""
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


@require_safe
def plan_csv(request: HttpRequest, slug: str, team: str, course: str) -> HttpResponse:
    """The plan as a table for a spreadsheet."""
    found = find_plan_to_download(request, slug, team, course)
    content = exports.csv_bytes(printouts.PLAN_HEADINGS, find_rows(found))
    return as_download(content, "text/csv; charset=utf-8", printouts.name_file(found, "csv"))


@require_safe
def plan_pdf(request: HttpRequest, slug: str, team: str, course: str) -> HttpResponse:
    """The plan as a PDF, made of the page that the browser prints."""
    found = find_plan_to_download(request, slug, team, course)
    html = render_to_string("print/practice/plan.html", print_plan(request.membership, found))
    return printing.answer_with_fresh_paper(request, html, file_name=printouts.name_file(found, "pdf"))


@require_safe
def plan_print(request: HttpRequest, slug: str, team: str, course: str) -> HttpResponse:
    """The plan on paper: the page that the browser prints, and the PDF is made of."""
    found = find_plan_to_download(request, slug, team, course)
    return render(request, "print/practice/plan.html", print_plan(request.membership, found))


def print_plan(membership: Membership, plan: ActionPlan) -> dict:
    """What the paper shows."""
    today = london_day(timezone.now())
    return {
        "membership": membership,
        "plan": plan,
        "rows": find_rows(plan),
        "headings": printouts.PLAN_HEADINGS,
        "today": today,
        "last_day": outlines.last_day_of_rental(membership.care_setting, plan.course_page),
        "activity": "plan",
    }
