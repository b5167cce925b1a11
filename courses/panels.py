"""The session page put together: the kept body, and around it the panels of the rooms above.

A room above fills a slot of the page by a Wagtail hook, so that this room need not know it:

    @hooks.register("construct_session_panels")
    def add_panels(request, session_page, opening, panels):
        panels["reflect"] = SessionPanel(template, context)

``opening`` is the asker's membership with its setting. ``session_page.body.prompts`` and ``.ideas`` are there
without a query. A slot that nobody fills lists its prompts or ideas to read.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail import hooks

from courses.bodies import SessionBody, render_session_body, session_body

if TYPE_CHECKING:
    from courses.models import SessionPage

SLOTS = ("reflect", "plan")  # below Watch and Talk, which stand in the body
HOOK = "construct_session_panels"


@dataclass(frozen=True)
class SessionPanel:
    """What a room shows in a slot of the session page: a template and its context, for this request only."""

    template: str
    context: dict = field(default_factory=dict)


def show_session(request: HttpRequest, session_page: "SessionPage") -> HttpResponse:
    """Answer with the session page for ``request.opening``, or, in a preview, without anybody's own words."""
    opening = request.opening
    if opening is None:
        body = render_session_body(session_page, leads=True, is_preview=True)
    else:
        body = session_body(session_page, leads=opening.leads)
    session_page.body = body
    context = {
        "page": session_page,
        "body": body,
        "opening": opening,
        "membership": opening,
        "other_openings": [one for one in request.openings if one.pk != opening.pk],
        "panels": render_panels(request, session_page, body),
    }
    return render(request, session_page.template, context)


def render_panels(request: HttpRequest, session_page: "SessionPage", body: SessionBody) -> list[SafeString]:
    """Render the slots below Watch and Talk in order, each by its room, or to read only."""
    panels: dict[str, SessionPanel] = {}
    if request.opening is not None:
        for fill_in in hooks.get_hooks(HOOK):
            fill_in(request, session_page, request.opening, panels)
    rendered = []
    for slot in SLOTS:
        panel = panels.get(slot) or SessionPanel(f"courses/_session_{slot}.html", {"body": body})
        rendered.append(render_to_string(panel.template, panel.context, request))
    return rendered
