"""Where the letter to a setting's manager leads: open the setting, or use the rental in one they have."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.services import has_verified_address
from billing import services
from billing.models import PayerSetting
from billing.policies import may_rent_for
from teams.access import get_membership_or_404
from teams.forms import CareSettingForm
from teams.models import CareSetting, Invitation

SESSION_KEY = "claim_token"
ONLY_MANAGERS = "Only owners and managers of a setting use this for it. Please ask one of them."


@login_not_required
@never_cache
@require_safe
def open_claim(request: HttpRequest, token: str) -> HttpResponse:
    """GET: where the letter's link leads. The token moves into the session, out of the address bar."""
    request.session[SESSION_KEY] = token
    found = find_claim(request)
    if found is None:
        return over(request)
    if not request.user.is_authenticated:
        # The link came to this address, so whoever signs up with it now has shown that it is theirs.
        get_adapter().stash_verified_email(request, found.invitation.email)
    response = redirect("billing:claim")
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """GET: who paid for what, and what to do with it. POST: open it as a new setting."""
    found = find_claim(request)
    if found is None:
        return over(request)
    if not request.user.is_authenticated:
        has_account = User.objects.with_email(found.invitation.email).exists()
        return render(request, "billing/claim_sign_in.html", {"claim": found, "has_account": has_account})
    form = CareSettingForm(request.POST if request.method == "POST" else None, initial=first_details(found))
    if request.method != "POST" or not form.is_valid():
        return show_claim(request, found, form)
    try:
        care_setting = services.claim_as_new(
            payer_setting=found, user=request.user, now=timezone.now(), **form.cleaned_data
        )
    except services.ClaimOverError:
        return over(request)
    return welcome(request, care_setting)


@never_cache
@require_POST
def use_claim(request: HttpRequest) -> HttpResponse:
    """POST: use what was paid for in a setting that the asker manages."""
    found = find_claim(request)
    if found is None:
        return over(request)
    membership = get_membership_or_404(request, request.POST.get("setting", ""))
    if not may_rent_for(membership):
        raise PermissionDenied(ONLY_MANAGERS)
    try:
        care_setting = services.claim_for(
            payer_setting=found,
            care_setting=membership.care_setting,
            user=request.user,
            now=timezone.now(),
        )
    except services.ClaimOverError:
        return over(request)
    except services.CannotClaimError as refusal:
        messages.error(request, str(refusal))
        return redirect("billing:claim")
    return welcome(request, care_setting)


@login_not_required
@never_cache
@require_POST
def fresh_claim(request: HttpRequest) -> HttpResponse:
    """POST: a link that ran out is sent anew, to the address where it went before."""
    found = find_stale_claim(request)
    if found is None:
        raise Http404("No such link.")
    try:
        services.send_letter(payer_setting=found, email=found.manager_email, actor=None, now=timezone.now())
    except services.CannotSendLetterError:
        return over(request)
    request.session.pop(SESSION_KEY, None)
    return render(request, "billing/claim_sent.html")


def find_letter(request: HttpRequest) -> Invitation | None:
    """The letter whose link the asker followed, whatever became of it."""
    token = request.session.get(SESSION_KEY, "")
    return Invitation.objects.with_token(token).to_owners().first() if token else None


def find_claim(request: HttpRequest) -> PayerSetting | None:
    """What the asker may take over by the link that they followed, or nothing."""
    letter = find_letter(request)
    if letter is None or not letter.is_open_at(timezone.now()):
        return None
    if request.user.is_authenticated and not has_verified_address(request.user, letter.email):
        return None
    found = PayerSetting.objects.of_invitation(letter).first()
    return found if found and services.what_waits(found) else None


def find_stale_claim(request: HttpRequest) -> PayerSetting | None:
    """What waits behind a link that ran out and was neither used nor replaced, or nothing."""
    letter = find_letter(request)
    if letter is None or letter.accepted_at or letter.withdrawn_at or letter.is_open_at(timezone.now()):
        return None
    return PayerSetting.objects.of_invitation(letter).unclaimed().paid_for().first()


def first_details(found: PayerSetting) -> dict[str, str]:
    """What is known of the setting before its manager has said anything."""
    return {"name": found.name, "kind": found.kind}


def show_claim(request: HttpRequest, found: PayerSetting, form: CareSettingForm) -> HttpResponse:
    """Show what was paid for, the settings that could use it, and the form of a new one."""
    context = {
        "claim": found,
        "lines": services.what_waits(found),
        "managed": CareSetting.objects.managed_by(request.user).by_name(),
        "form": form,
    }
    return render(request, "billing/claim.html", context, status=422 if form.errors else 200)


def welcome(request: HttpRequest, care_setting: CareSetting) -> HttpResponse:
    """Go to the setting that can begin now."""
    request.session.pop(SESSION_KEY, None)
    messages.success(request, f"{care_setting.name} can begin. It is paid for: there is nothing to pay.")
    return redirect(care_setting.home_path)


def over(request: HttpRequest) -> HttpResponse:
    """410: used, replaced, given back, for another address, or too old: only what is too old comes anew."""
    is_stale = find_stale_claim(request) is not None
    if not is_stale:
        request.session.pop(SESSION_KEY, None)
    response = render(request, "billing/claim_over.html", {"is_stale": is_stale}, status=410)
    response["Referrer-Policy"] = "no-referrer"
    return response
