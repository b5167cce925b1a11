"""Who may keep a copy of a page: nobody keeps a signed-in person's; tablets are shared."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control


class PrivatePagesMiddleware:
    """Mark pages of signed-in people ``no-store``, unless the view has said otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the header added where it is missing."""
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        if request.user.is_authenticated or request.method not in ("GET", "HEAD"):
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response
