"""No more reminders: by the link in the mail, without signing in; and what managers and payers choose."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from billing import services
from billing.models import Payer
from billing.tokens import read_payer_reminder_token, read_reminder_token
from billing.views.groups import get_payer
from billing.views.orders import get_buying_membership
from teams.models import CareSetting


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """GET: one button; POST: stop. Mail programs post here by themselves (RFC 8058), so no form token.

    The signed address is the key, and all that it can do is stop one person's reminders about one setting.
    """
    named = read_reminder_token(token)
    if named is None:
        raise Http404("Not a link that we sent.")
    user_id, care_setting_id = named
    care_setting = get_object_or_404(CareSetting, pk=care_setting_id)
    get_object_or_404(User, pk=user_id)
    if request.method == "POST":
        services.stop_reminders(user_id=user_id, care_setting_id=care_setting_id, now=timezone.now())
    return show_stop(
        request,
        name=care_setting.name,
        page="Rentals",
        path=reverse("billing:rentals", args=[care_setting.slug]),
    )


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_payer_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """The same for the contact of a payer: the address in the link is the one that gets no more."""
    named = read_payer_reminder_token(token)
    if named is None:
        raise Http404("Not a link that we sent.")
    payer_id, email = named
    payer = get_object_or_404(Payer, pk=payer_id)
    if request.method == "POST":
        services.stop_payer_reminders(payer=payer, email=email, now=timezone.now())
    return show_stop(request, name=payer.name, page="Orders", path=payer.path)


def show_stop(request: HttpRequest, *, name: str, page: str, path: str) -> HttpResponse:
    """One button, or word that they have stopped; ``page`` at ``path`` turns them on again."""
    context = {"name": name, "page": page, "path": path, "is_stopped": request.method == "POST"}
    response = render(request, "billing/stop_reminders.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
def payer_reminders(request: HttpRequest, payer_id: uuid.UUID) -> HttpResponse:
    """A payer's own choice: reminders to its contact, or none."""
    payer = get_payer(request, payer_id)
    if request.POST.get("wanted") == "yes":
        services.resume_payer_reminders(payer=payer)
        messages.success(request, f"{payer.contact_email} gets a mail before rentals end.")
    else:
        services.stop_payer_reminders(payer=payer, email=payer.contact_email, now=timezone.now())
        messages.success(request, f"{payer.contact_email} gets no more reminders.")
    return redirect(payer.path)


@require_POST
def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """A manager's own choice for one setting: reminders, or none."""
    membership = get_buying_membership(request, slug)
    named = {"user_id": request.user.pk, "care_setting_id": membership.care_setting_id}
    if request.POST.get("wanted") == "yes":
        services.resume_reminders(**named)
        messages.success(request, "You get a mail before a rental ends.")
    else:
        services.stop_reminders(**named, now=timezone.now())
        messages.success(request, "You get no more reminders about this setting.")
    return redirect("billing:rentals", slug)
