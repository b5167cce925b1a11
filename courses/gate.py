"""The gate before every lesson page: who comes through, for which setting, and what others are told."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from courses.policies import may_open_lesson, may_preview_lessons
from courses.querysets import openings_of
from elearning.periods import london_day
from teams.models import Membership

if TYPE_CHECKING:
    from courses.models import GatedPage

PREFERRED_SETTING = "care_setting"  # the key in the browser session: where the person last worked


def find_opening(request: HttpRequest, section_path: str) -> Membership | None:
    """Return the asker's membership, with its setting, that opens the section today, or None.

    Someone who works in two renting settings gets the one they last worked in.
    """
    if not request.user.is_authenticated:
        return None
    openings = list(
        openings_of(section_path, user=request.user, day=london_day(timezone.now()))
        .select_related("care_setting")
        .order_by("pk")
    )
    preferred = request.session.get(PREFERRED_SETTING)
    return next(
        (one for one in openings if one.care_setting.slug == preferred), openings[0] if openings else None
    )


def serve_behind_gate(request: HttpRequest, page: "GatedPage", *args, **kwargs) -> HttpResponse:
    """Serve ``page`` if the asker may open it; else say why not and what to do, with status 403."""
    if getattr(request, "is_preview", False) and may_preview_lessons(request.user):
        request.opening = None
        return page.serve_opened(request, *args, **kwargs)
    request.opening = find_opening(request, page.section_path)
    if may_open_lesson(request.opening, page):
        return page.serve_opened(request, *args, **kwargs)
    return refuse(request, page)


def refuse(request: HttpRequest, page: "GatedPage") -> HttpResponse:
    """Say why a lesson page stays closed and what the asker can do about it."""
    memberships = (
        list(Membership.objects.standing().for_user(request.user).select_related("care_setting"))
        if request.user.is_authenticated
        else []
    )
    context = {"page": page, "memberships": memberships, "opening": request.opening}
    return render(request, "courses/closed.html", context, status=403)
