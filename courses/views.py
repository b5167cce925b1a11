"""The fast doors: public pages kept whole for strangers, and a session found in one query."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe
from wagtail import views as wagtail_views

from courses.gate import serve_behind_gate
from courses.models import CourseIndexPage, CoursePage, HomePage, SectionPage, SessionPage
from courses.querysets import PublicPageQuerySet
from elearning.periods import london_day

PUBLIC_SECONDS = 60


@login_not_required
@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    """The front page."""
    return show_public_page(request, HomePage.objects.all)


@login_not_required
@require_safe
def course_index_page(request: HttpRequest) -> HttpResponse:
    """The catalogue."""
    return show_public_page(request, CourseIndexPage.objects.all)


@login_not_required
@require_safe
def course_page(request: HttpRequest, course: str) -> HttpResponse:
    """A course as anyone may read it."""
    return show_public_page(request, CoursePage.objects.with_words)


@login_not_required
@require_safe
def section_page(request: HttpRequest, course: str, section: str) -> HttpResponse:
    """A section as anyone may read it."""
    return show_public_page(request, SectionPage.objects.all)


@login_not_required
@require_safe
def session_page(request: HttpRequest, course: str, section: str, session: str) -> HttpResponse:
    """A session, found in one query by its address with the right to open it, and shown behind the gate."""
    if not request.user.is_authenticated:
        return by_the_default_route(request)
    today = london_day(timezone.now())
    page = SessionPage.objects.all().find_fast(request.path_info, user=request.user, day=today)
    return serve_behind_gate(request, page) if page else by_the_default_route(request)


def show_public_page(request: HttpRequest, find: Callable[[], PublicPageQuerySet]) -> HttpResponse:
    """Answer with a public page; a stranger's copy is kept for PUBLIC_SECONDS and costs no query again.

    ``find`` makes the query, only when there is no copy: making a wide one costs more than the answer.

    A browser without a session and without messages gets what everybody without them gets. Any other answer,
    and one that would set a cookie, is made for its asker alone and never kept.
    """
    key = f"public:{request.path_info}"
    is_stranger = not is_known(request)
    body = caches["bodies"].get(key) if is_stranger else None
    if body is None:
        page = find().at_address(request.path_info).first()
        if page is None:
            return by_the_default_route(request)
        response = page.serve(request).render()
        if not is_stranger or response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            return response
        body = response.content
        caches["bodies"].set(key, body, PUBLIC_SECONDS)
    response = HttpResponse(body)
    patch_cache_control(response, public=True, max_age=PUBLIC_SECONDS)
    patch_vary_headers(response, ["Cookie"])
    return response


def is_known(request: HttpRequest) -> bool:
    """Whether the browser brings a session or messages, so that the page may differ for it."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES


def by_the_default_route(request: HttpRequest) -> HttpResponse:
    """Let Wagtail look: for a home page with an unusual slug, a redirect, or a 404."""
    return wagtail_views.serve(request, request.path_info.lstrip("/"))
