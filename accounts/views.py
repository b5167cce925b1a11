"""A person's own account: what it holds, the name, and what scripts ask for. The rest is allauth's."""

from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms import NameForm
from accounts.policies import is_provider_staff

ONLY_STAFF = "Only those who write the courses and the provider’s staff work here."


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """GET: name, address, and how the person signs in."""
    kinds = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    return render(
        request,
        "accounts/account.html",
        {
            "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
            "has_authenticator_app": Authenticator.Type.TOTP in kinds,
            "has_recovery_codes": Authenticator.Type.RECOVERY_CODES in kinds,
            "is_provider_staff": is_provider_staff(request.user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_name(request: HttpRequest) -> HttpResponse:
    """The name that colleagues see."""
    form = NameForm(
        request.POST if request.method == "POST" else None,
        initial={"display_name": request.user.display_name},
    )
    if request.method == "POST" and form.is_valid():
        services.change_name(person=request.user, display_name=form.cleaned_data["display_name"])
        messages.success(request, "Your name is changed.")
        return redirect("accounts:account")
    return render(request, "accounts/change_name.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_safe
def csrf(request: HttpRequest) -> JsonResponse:
    """GET: a fresh token for a page that was open for too long."""
    response = JsonResponse({"token": get_token(request)})
    response["Cache-Control"] = "no-store, private"
    return response


@require_safe
def staff_mfa(request: HttpRequest) -> HttpResponse:
    """GET: why provider staff need a second step, and how to set it up. Nobody else knows this page."""
    if not is_provider_staff(request.user):
        raise Http404("Only for provider staff.")
    if is_mfa_enabled(request.user):
        return redirect("wagtailadmin_home")
    return render(request, "accounts/staff_mfa.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def admin_login(request: HttpRequest) -> HttpResponse:
    """Wagtail's own way in leads to the one sign-in page, which counts wrong passwords.

    Whoever is signed in and may not go on gets 403: the sign-in page would only send them back here.
    """
    if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
        list(messages.get_messages(request))  # Wagtail's own words for it, which another page would show
        raise PermissionDenied(ONLY_STAFF)
    after = request.GET.get("next") or reverse("wagtailadmin_home")
    return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': after})}")
