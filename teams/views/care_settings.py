"""Choosing a setting, making one, and changing what it says of itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from teams import services
from teams.access import get_manager_or_403
from teams.forms import CareSettingForm, NewCareSettingForm
from teams.models import CareSetting


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """GET: the settings a person works in; with exactly one, straight to its home page."""
    care_settings = list(CareSetting.objects.visible_to(request.user).by_name())
    if len(care_settings) == 1 and "all" not in request.GET:
        return redirect(care_settings[0].home_path)
    return render(request, "teams/choose.html", {"care_settings": care_settings})


@require_http_methods(["GET", "HEAD", "POST"])
def new_care_setting(request: HttpRequest) -> HttpResponse:
    """Make a setting; with ?next=…, go on there afterwards, so that renting can go on."""
    after = safe_next(request)
    form = NewCareSettingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            care_setting = services.create_care_setting(
                actor=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.TooManySettings as refusal:
            form.add_error(None, str(refusal))
            context = {"form": form, "next": after}
            return render(request, "teams/new_care_setting.html", context, status=429)
        messages.success(request, f"{care_setting.name} is ready.")
        return HttpResponseRedirect(after or care_setting.home_path)
    status = 422 if form.errors else 200
    return render(request, "teams/new_care_setting.html", {"form": form, "next": after}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, kind, address and safeguarding lead of a setting."""
    membership = get_manager_or_403(request, slug)
    form = CareSettingForm(
        request.POST if request.method == "POST" else None, instance=membership.care_setting
    )
    if request.method == "POST" and form.is_valid():
        services.edit_care_setting(
            actor=request.user, care_setting=membership.care_setting, **form.cleaned_data
        )
        messages.success(request, "The details are changed.")
        return redirect("teams:people", slug)
    if form.errors:
        membership.care_setting.refresh_from_db()
    context = {"membership": membership, "form": form}
    return render(request, "teams/details.html", context, status=422 if form.errors else 200)


def safe_next(request: HttpRequest) -> str:
    """The address on this site to go on to, from its first stroke on, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""
