"""How a save answers: to a page that saves by itself (JSON), or to a plain form. No typed word is lost."""

import datetime as dt

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from elearning.errors import JSON


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which shows the answer beside the words."""
    return request.headers.get("Accept", "").startswith(JSON)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """401 beside the words, so that a lost sign-in takes none with it; a plain form goes to sign in."""
    if wants_json(request):
        return JsonResponse({"sign_in": reverse("account_login")}, status=401)
    return redirect_to_login(find_way_back(request, "/at/"), resolve_url("account_login"))


def saved(saved_at: dt.datetime, version: int) -> JsonResponse:
    """The words are kept."""
    return JsonResponse({"saved_at": f"{timezone.localtime(saved_at):%H:%M}", "version": version})


def clash(reason: str, theirs: str, version: int) -> JsonResponse:
    """409: there is another text; here it is."""
    return JsonResponse({"reason": reason, "theirs": theirs, "version": version}, status=409)


def refused(reason: str) -> JsonResponse:
    """409 for good: these words cannot be saved here any more."""
    return JsonResponse({"reason": reason}, status=409)


def errors(form) -> JsonResponse:
    """422: what to mend, field by field."""
    return JsonResponse({"errors": form.errors}, status=422)


def unprocessable(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    """422: the form again, with every word."""
    return render(request, template, context, status=422)


def find_way_back(request: HttpRequest, otherwise: str) -> str:
    """The page of this site that a form was sent from, as it says in ``back``; else ``otherwise``."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else otherwise


def go_back(request: HttpRequest, otherwise: str, anchor: str = "") -> HttpResponse:
    """Go to the page that the form was sent from, to the place in it."""
    return redirect(find_way_back(request, otherwise) + (f"#{anchor}" if anchor else ""))
