"""The teams of a setting: adding and renaming."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from teams import services
from teams.access import get_manager_or_403
from teams.forms import TeamForm
from teams.models import Team


@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest, slug: str) -> HttpResponse:
    """The teams, and a box to add one."""
    membership = get_manager_or_403(request, slug)
    form = TeamForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            team = services.add_team(
                actor=request.user,
                care_setting=membership.care_setting,
                name=form.cleaned_data["name"],
                now=timezone.now(),
            )
        except services.TeamNameTaken as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{team} is added.")
            return redirect("teams:teams", slug)
    found = Team.objects.in_care_setting(membership.care_setting).by_name()
    context = {"membership": membership, "teams": found, "form": form}
    return render(request, "teams/teams.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def rename_team(request: HttpRequest, slug: str, team_id: int) -> HttpResponse:
    """Another name for a team."""
    membership = get_manager_or_403(request, slug)
    team = get_object_or_404(Team.objects.in_care_setting(membership.care_setting), pk=team_id)
    form = TeamForm(request.POST if request.method == "POST" else None, initial={"name": team.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_team(actor=request.user, team=team, name=form.cleaned_data["name"])
        except services.TeamNameTaken as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, "The name is changed.")
            return redirect("teams:teams", slug)
    context = {"membership": membership, "team": team, "form": form}
    return render(request, "teams/rename_team.html", context, status=422 if form.errors else 200)
