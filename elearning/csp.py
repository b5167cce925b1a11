"""The content security policy of Wagtail's own pages: theirs needs nonces, the site's does not."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class AdminPolicyMiddleware:
    """Give addresses below /admin/ their own policy; the CSP middleware outside writes the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the admin's policy where it applies."""
        response = self.get_response(request)
        if request.path_info.startswith("/admin/"):
            str(request.csp_nonce)  # a nonce that nobody asked for would not be in the header
            response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY
        return response
