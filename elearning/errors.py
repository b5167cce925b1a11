"""Error pages that look like the site and say what to do."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

JSON = "application/json"
AWAY = (OperationalError, InterfaceError)  # the database did not answer, or could not be locked
RETRY_SECONDS = "60"


def _page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    return render(request, f"{status}.html", context, status=status)


@login_not_required
@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request made no sense."""
    return _page(request, 400)


@login_not_required
@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: theirs, but not allowed; the exception says why and whom to ask."""
    return _page(request, 403, reason=str(exception or ""))


@login_not_required
@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not theirs; the page does not say which."""
    return _page(request, 404)


@login_not_required
@requires_csrf_token
def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: tried too often. An honest person waits 5 minutes at most (ACCOUNT_RATE_LIMITS)."""
    response = _page(request, 429, minutes=5)
    response["Retry-After"] = "300"
    return response


@login_not_required
@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; 503 when the database is away. Rendered without the request: nothing else can fail."""
    status = 503 if isinstance(sys.exc_info()[1], AWAY) else 500
    page = render_to_string(f"{status}.html", {"request_id": getattr(request, "id", "")})
    response = HttpResponse(page, status=status)
    if status == 503:
        response["Retry-After"] = RETRY_SECONDS
    return response


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for an old form: say so, and that going back keeps the words."""
    if request.headers.get("Accept", "").startswith(JSON):
        return HttpResponse('{"stale": true}', content_type=JSON, status=403)
    return _page(
        request, 403, reason="This form was open for too long. Go back, reload the page and try again."
    )
