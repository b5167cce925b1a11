"""The people of a setting: the list, and one member's page."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.reauthentication import ask_who_it_is
from teams import policies, services
from teams.access import get_manager_or_403, get_membership_or_404
from teams.forms import MemberTeamsForm, RolesForm
from teams.models import Invitation, JoinRequest, Membership, Team
from teams.refusals import Refusal

ONLY_OWNERS = "Only an owner can change roles, and nobody changes their own. Ask an owner of your setting."
NOT_THIS_ONE = "You cannot remove this person: nobody removes themselves, and only an owner removes an owner."


class TeamPeople(NamedTuple):
    """One team and who is in it, strongest role first."""

    team: Team | None
    members: list[Membership]


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: everybody by team; for managers also addresses, letters and requests that wait."""
    membership = get_membership_or_404(request, slug)
    care_setting = membership.care_setting
    members = Membership.objects.in_care_setting(care_setting).standing().by_role()
    members = list(members.select_related("user").prefetch_related("teams"))
    context = {
        "membership": membership,
        "members": members,
        "groups": by_team(members, list(Team.objects.in_care_setting(care_setting).by_name())),
        "may_manage": policies.may_manage_people(membership),
    }
    if context["may_manage"]:
        letters = Invitation.objects.in_care_setting(care_setting).waiting().newest_first()
        requests = JoinRequest.objects.in_care_setting(care_setting).undecided().oldest_first()
        context["invitations"] = letters.prefetch_related("teams")
        context["join_requests"] = requests.select_related("user")
        context["now"] = timezone.now()
    return render(request, "teams/people.html", context)


def by_team(members: list[Membership], teams: list[Team]) -> list[TeamPeople]:
    """Members under each of their teams; who is in none comes last. Reads only what was prefetched."""
    inside: dict[int, list[Membership]] = {team.pk: [] for team in teams}
    without = []
    for member in members:
        own_teams = member.teams.all()
        for team in own_teams:
            inside[team.pk].append(member)
        if not own_teams:
            without.append(member)
    groups = [TeamPeople(team, inside[team.pk]) for team in teams]
    return [*groups, TeamPeople(None, without)] if without else groups


def get_member_or_404(membership: Membership, member_id: int) -> Membership:
    """Another standing member of the same setting."""
    members = Membership.objects.in_care_setting(membership.care_setting).standing()
    return get_object_or_404(members.select_related("user", "care_setting"), pk=member_id)


@require_safe
def member(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """GET: one member, for managers: roles, teams, removing."""
    membership = get_manager_or_403(request, slug)
    other = get_member_or_404(membership, member_id)
    form = MemberTeamsForm(membership=membership, initial={"teams": other.teams.all()})
    return render(request, "teams/member.html", member_context(membership, other, form))


def member_context(membership: Membership, other: Membership, form: MemberTeamsForm) -> dict:
    """What a member's page needs."""
    return {
        "membership": membership,
        "other": other,
        "form": form,
        "may_change_roles": policies.may_change_roles(membership, other),
        "may_remove": policies.may_remove_member(membership, other),
    }


@require_POST
def change_teams(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """POST: put a member into these teams."""
    membership = get_manager_or_403(request, slug)
    other = get_member_or_404(membership, member_id)
    form = MemberTeamsForm(request.POST, membership=membership)
    if not form.is_valid():
        return render(request, "teams/member.html", member_context(membership, other, form), status=422)
    try:
        services.change_teams(actor=membership, membership=other, teams=form.cleaned_data["teams"])
    except services.NotAllowedAnyMore as refusal:
        raise PermissionDenied(str(refusal)) from None
    messages.success(request, f"The teams of {other.user} are changed.")
    return redirect("teams:people", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def change_roles(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """Which roles a member has: for owners, after showing once more who they are."""
    membership = get_membership_or_404(request, slug)
    other = get_member_or_404(membership, member_id)
    if not policies.may_change_roles(membership, other):
        raise PermissionDenied(ONLY_OWNERS)
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": other.role_names})
    if request.method == "POST":
        ask_who_it_is(request)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_roles(actor=membership, membership=other, roles=form.cleaned_data["roles"])
        except services.NotAllowedAnyMore as refusal:
            raise PermissionDenied(str(refusal)) from None
        except Refusal as refusal:
            form.add_error("roles", str(refusal))
        else:
            messages.success(request, f"The roles of {other.user} are changed.")
            return redirect("teams:people", slug)
    context = {"membership": membership, "other": other, "form": form}
    return render(request, "teams/change_roles.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_member(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """GET: what removing means. POST: take the person out, from their next request on."""
    membership = get_manager_or_403(request, slug)
    other = get_member_or_404(membership, member_id)
    if not policies.may_remove_member(membership, other):
        raise PermissionDenied(NOT_THIS_ONE)
    if request.method != "POST":
        return render(request, "teams/remove_member.html", {"membership": membership, "other": other})
    ask_who_it_is(request)
    try:
        services.remove_member(actor=membership, membership=other, now=timezone.now())
    except Refusal as refusal:
        raise PermissionDenied(str(refusal)) from None
    messages.success(request, f"{other.user} is removed.")
    return redirect("teams:people", slug)
