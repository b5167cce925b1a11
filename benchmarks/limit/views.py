"""The unit of all figures: a bare Django page of 15 KB after session, user and one indexed query."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from courses.models import ReflectivePrompt


def limit(request: HttpRequest) -> HttpResponse:
    """Three statements: the browser session, the person, one row by its key."""
    prompt = ReflectivePrompt.objects.filter(pk=request.GET["prompt"]).values_list("text", flat=True).get()
    return HttpResponse(
        render_to_string("limit.html", {"person": request.user.display_name, "prompt": prompt})
    )
