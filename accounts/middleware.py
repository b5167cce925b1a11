"""What allauth's and Wagtail's own pages answer here."""

from collections.abc import Callable, Iterator

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from accounts.policies import is_provider_staff

ACCOUNT_PREFIX = "/account/"
ADMIN_PREFIX = "/admin/"
TOO_OFTEN_CODES = {"too_many_login_attempts", "rate_limited"}
RETRY_AFTER_SECONDS = 300


class AccountAnswersMiddleware:
    """Answer 422 for a form that came back with errors and 429 for what was tried too often.

    allauth draws both as an ordinary page, which neither a script nor a monitor can tell from success.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave everything to process_template_response."""
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Look at the forms of the page before it is drawn."""
        is_form_answer = request.method == "POST" and request.path.startswith(ACCOUNT_PREFIX)
        if not is_form_answer or response.status_code != 200:
            return response
        codes = set(error_codes(response.context_data or {}))
        if codes & TOO_OFTEN_CODES:
            response.status_code = 429
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        elif codes:
            response.status_code = 422
        return response


def error_codes(context: dict) -> Iterator[str]:
    """Every error's code in every form of a page."""
    for form in context.values():
        if isinstance(form, BaseForm) and form.is_bound:
            for errors in form.errors.as_data().values():
                yield from (error.code or "invalid" for error in errors)


class StaffMfaMiddleware:
    """Ask provider staff for a second step before /admin/ opens, where the setting wants it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send staff without a second step to the page that explains it."""
        if (
            settings.MFA_REQUIRED_FOR_STAFF
            and request.path.startswith(ADMIN_PREFIX)
            and is_provider_staff(request.user)
            and not is_mfa_enabled(request.user)
        ):
            return redirect("accounts:staff_mfa")
        return self.get_response(request)
