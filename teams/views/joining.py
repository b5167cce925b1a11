"""The join link: the poster, asking to join, and a manager's answer."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import policies, services
from teams.access import get_manager_or_403
from teams.forms import RoleAndTeamsForm
from teams.models import JoinLink, JoinRequest, Membership


def link_context(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    """The join link as an address and as a QR code."""
    link = services.get_join_link(care_setting=membership.care_setting, now=timezone.now())
    address = request.build_absolute_uri(link.path)
    qr_code = segno.make(address, error="m").svg_data_uri(scale=8, border=2, dark="#20302f", light="#ffffff")
    return {"membership": membership, "join_link": link, "address": address, "qr_code": qr_code}


@require_safe
def join_link(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the link, its QR code, and what it does."""
    membership = get_manager_or_403(request, slug)
    return render(request, "teams/join_link.html", link_context(request, membership))


@require_safe
def join_poster(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: a page to print and pin up in the staff room."""
    membership = get_manager_or_403(request, slug)
    return render(request, "teams/join_poster.html", link_context(request, membership))


@require_POST
def replace_join_link(request: HttpRequest, slug: str) -> HttpResponse:
    """POST: a new link; old posters stop working."""
    membership = get_manager_or_403(request, slug)
    services.replace_join_link(actor=request.user, care_setting=membership.care_setting, now=timezone.now())
    messages.success(request, "Here is your new link. Old posters no longer work.")
    return redirect("teams:join_link", slug)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """GET: what the link on the wall leads to. POST: ask to join."""
    link = get_object_or_404(JoinLink.objects.with_code(code).select_related("care_setting"))
    context = {"care_setting": link.care_setting, "join_link": link, "has_asked": False}
    if not request.user.is_authenticated:
        return render(request, "teams/join.html", context)
    if Membership.objects.in_care_setting(link.care_setting).standing().for_user(request.user).exists():
        return redirect(link.care_setting.home_path)
    if request.method == "POST":
        try:
            services.ask_to_join(user=request.user, join_link=link, now=timezone.now())
        except services.DeclinedLately as refusal:
            return render(request, "teams/join.html", context | {"refusal": str(refusal)}, status=409)
        except (services.AlreadyAsked, services.AlreadyMember):
            return redirect("teams:join", code)
        return redirect("teams:join", code)
    asked = JoinRequest.objects.in_care_setting(link.care_setting).undecided().by_person(request.user)
    return render(request, "teams/join.html", context | {"has_asked": asked.exists()})


@require_http_methods(["GET", "HEAD", "POST"])
def approve_join_request(request: HttpRequest, slug: str, request_id: int) -> HttpResponse:
    """GET: in which role and teams? POST: let the person in."""
    membership = get_manager_or_403(request, slug)
    requests = JoinRequest.objects.in_care_setting(membership.care_setting).select_related("user")
    join_request = get_object_or_404(requests, pk=request_id)
    form = RoleAndTeamsForm(
        request.POST if request.method == "POST" else None,
        membership=membership,
        may_grant_manager=policies.may_grant_manager(membership),
        initial={"role": "practitioner"},
    )
    context = {"membership": membership, "join_request": join_request, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            services.approve_join_request(
                actor=request.user, join_request=join_request, now=timezone.now(), **form.cleaned_data
            )
        except services.AlreadyDecided as refusal:
            return render(
                request, "teams/approve_join_request.html", context | {"refusal": str(refusal)}, status=409
            )
        messages.success(request, f"{join_request.user} is in, and has been told.")
        return redirect("teams:people", slug)
    return render(request, "teams/approve_join_request.html", context, status=422 if form.errors else 200)


@require_POST
def decline_join_request(request: HttpRequest, slug: str, request_id: int) -> HttpResponse:
    """POST: say no."""
    membership = get_manager_or_403(request, slug)
    requests = JoinRequest.objects.in_care_setting(membership.care_setting).select_related("user")
    join_request = get_object_or_404(requests, pk=request_id)
    try:
        services.decline_join_request(actor=request.user, join_request=join_request, now=timezone.now())
    except services.AlreadyDecided as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{join_request.user} was not let in. Please tell them yourself.")
    return redirect("teams:people", slug)
