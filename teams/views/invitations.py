"""Letters that let one person in: written by managers, opened by whoever got one."""

import datetime as dt

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.services import has_verified_address
from teams import policies, services
from teams.access import get_manager_or_403
from teams.forms import InviteForm
from teams.models import Invitation, Membership

SESSION_KEY = "invitation_token"


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite by e-mail. Good lines are sent; the others come back in the box, each with what is wrong."""
    membership = get_manager_or_403(request, slug)
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        membership=membership,
        may_grant_manager=policies.may_grant_manager(membership),
    )
    context = {"membership": membership, "form": form}
    if request.method != "POST":
        return render(request, "teams/invite.html", context)
    if not form.is_valid():
        return render(request, "teams/invite.html", context, status=413 if form.is_too_many else 422)
    try:
        outcome = send_letters(request.user, membership, form)
    except services.TooManyLetters as refusal:
        form.add_error("emails", str(refusal))
        return render(request, "teams/invite.html", context, status=429)
    sent = ", ".join(letter.email for letter in outcome.sent)
    if outcome.sent:
        messages.success(request, f"Invited: {sent}.")
    bad = form.bad | outcome.refused
    if not bad:
        return redirect("teams:people", slug)
    return render(request, "teams/invite.html", context | {"form": with_bad_lines(form, bad)}, status=422)


def send_letters(actor: User, membership: Membership, form: InviteForm) -> services.InviteOutcome:
    """One service call for the good lines of a form."""
    return services.invite_people(
        actor=actor,
        care_setting=membership.care_setting,
        emails=form.good,
        role=form.cleaned_data["role"],
        teams=form.cleaned_data["teams"],
        now=timezone.now(),
    )


def with_bad_lines(form: InviteForm, bad: dict[str, str]) -> InviteForm:
    """The form as it comes back: only the lines to mend stand in the box, and each is named."""
    form.data = form.data.copy()
    form.data["emails"] = "\n".join(bad)
    for line, trouble in bad.items():
        form.add_error("emails", f"“{line[:100]}” {trouble}.")
    return form


def get_waiting_or_404(membership: Membership, invitation_id: int) -> Invitation:
    """A letter of this setting that was neither accepted nor withdrawn."""
    letters = Invitation.objects.in_care_setting(membership.care_setting).waiting()
    return get_object_or_404(letters, pk=invitation_id)


@require_POST
def resend_invitation(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """POST: send the letter again, with a new link."""
    membership = get_manager_or_403(request, slug)
    invitation = get_waiting_or_404(membership, invitation_id)
    try:
        services.resend_invitation(actor=request.user, invitation=invitation, now=timezone.now())
    except (services.InvitationOver, services.SentJustNow) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Sent again to {invitation.email}. The old link no longer works.")
    return redirect("teams:people", slug)


@require_POST
def withdraw_invitation(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """POST: take the letter back."""
    membership = get_manager_or_403(request, slug)
    invitation = get_waiting_or_404(membership, invitation_id)
    try:
        services.withdraw_invitation(actor=request.user, invitation=invitation, now=timezone.now())
    except services.InvitationOver as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The invitation to {invitation.email} is withdrawn.")
    return redirect("teams:people", slug)


@login_not_required
@never_cache
@require_safe
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET: where the letter's link leads. The token moves into the session, out of the address bar.

    A form on a page with this address could not be sent: with "no-referrer", browsers hide where it came
    from, and the protection against forged forms refuses it.
    """
    invitation = find_open(token, timezone.now())
    if invitation is None or not is_for(invitation, request):
        return over(request)
    request.session[SESSION_KEY] = token
    if not request.user.is_authenticated:
        # The link came to this address, so whoever signs up with it now has shown that it is theirs.
        get_adapter().stash_verified_email(request, invitation.email)
    response = redirect("teams:invitation")
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """GET: who invites whom to what. POST: join."""
    letter = find_open(request.session.get(SESSION_KEY, ""), timezone.now())
    if letter is None or not is_for(letter, request):
        return over(request)
    if request.method != "POST" or not request.user.is_authenticated:
        has_account = User.objects.with_email(letter.email).exists()
        return render(request, "teams/invitation.html", {"invitation": letter, "has_account": has_account})
    try:
        services.accept_invitation(invitation=letter, user=request.user, now=timezone.now())
    except services.InvitationOver:
        return over(request)
    del request.session[SESSION_KEY]
    messages.success(request, f"Welcome to {letter.care_setting}.")
    return redirect(letter.care_setting.home_path)


def find_open(token: str, now: dt.datetime) -> Invitation | None:
    """The letter with this token, if it can still be accepted."""
    letters = Invitation.objects.with_token(token).to_members().open_at(now)
    return letters.select_related("care_setting", "invited_by").first()


def is_for(letter: Invitation, request: HttpRequest) -> bool:
    """Whether the letter is meant for whoever asks: a stranger may still turn out to be the right person."""
    return not request.user.is_authenticated or has_verified_address(request.user, letter.email)


def over(request: HttpRequest) -> HttpResponse:
    """410: expired, used, withdrawn or meant for another address; the page does not say which."""
    request.session.pop(SESSION_KEY, None)
    response = render(request, "teams/invitation_over.html", status=410)
    response["Referrer-Policy"] = "no-referrer"
    return response
