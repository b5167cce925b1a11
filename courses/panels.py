"""The session page put together: the kept body, and around it the panels of the rooms above.

A room above fills a slot of the page by a Wagtail hook, so that this room need not know it:

    @hooks.register("construct_session_panels")
    def add_panels(request, session_page, opening, panels):
        panels["reflect"] = SessionPanel(template, context)  # or its HTML, if the room draws it itself

``opening`` is the asker's membership with its setting. ``session_page.body.prompts`` and ``.ideas`` are there
without a query. A slot that nobody fills lists its prompts or ideas to read.
"""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail import hooks

from billing.banners import draw_grace_banner
from courses.bodies import SessionBody, render_session_body, session_body
from elearning.context import site
from elearning.kept import fill, form_token, keep, mark
from teams.models import Membership

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
    panels = render_panels(request, session_page, body)
    others = [one for one in request.openings if one.pk != opening.pk]
    if opening is None or others or len(get_messages(request)):
        return draw_whole(request, session_page, panels, others)
    return HttpResponse(draw_around_kept(request, session_page, panels))


def draw_whole(
    request: HttpRequest, session_page: "SessionPage", panels: list[SafeString], others: list[Membership]
) -> HttpResponse:
    """Draw the whole page, as for whoever has messages or more than one setting to choose from."""
    context = {
        "page": session_page,
        "body": session_page.body,
        "opening": request.opening,
        "membership": request.opening,
        "other_openings": others,
        "panels": panels,
    }
    return render(request, session_page.template, context)


def draw_around_kept(
    request: HttpRequest, session_page: "SessionPage", panels: list[SafeString]
) -> SafeString:
    """The same page as ``draw_whole``, from a kept one in which person, setting and panels are marks.

    It is drawn for a stand-in that has nothing of the asker's but what is named here: anything else that a
    template came to show would be missing for all, and never be another person's.
    """
    user, opening = request.user, request.opening
    known = {"is_authenticated": True, "is_staff": user.is_staff}
    marked_user = known | {
        "display_name": mark("person") if user.display_name else "",
        "email": mark("email"),
    }
    roles = {"pk": True, "leads": opening.leads, "manages": opening.manages}

    def draw() -> str:
        care_setting = SimpleNamespace(slug=mark("slug"), name=mark("name"))
        standing_in = HttpRequest()
        standing_in.path = standing_in.path_info = request.path
        standing_in.user = SimpleNamespace(**marked_user)
        membership = SimpleNamespace(**roles, care_setting=care_setting)
        context = {
            "page": session_page,
            "body": session_page.body,
            "opening": membership,
            "membership": membership,
            "panels": [mark(f"panel_{number}") for number in range(len(panels))],
            "banner": mark("banner"),
            "csrf_token": mark("token"),
        }
        return render_to_string(session_page.template, context, standing_in)

    drawn_from = (session_page.body.key, session_page.title, request.path, marked_user, roles, site(request))
    values = {
        "person": user.display_name,
        "email": user.email,
        "slug": opening.care_setting.slug,
        "name": opening.care_setting.name,
        "token": form_token(request),
        "banner": draw_grace_banner(opening),
        **{f"panel_{number}": panel for number, panel in enumerate(panels)},
    }
    return fill(keep("session", drawn_from, draw), values)


def render_panels(request: HttpRequest, session_page: "SessionPage", body: SessionBody) -> list[SafeString]:
    """Render the slots below Watch and Talk in order, each by its room, or to read only."""
    panels: dict[str, SessionPanel | SafeString] = {}
    if request.opening is not None:
        for fill_in in hooks.get_hooks(HOOK):
            fill_in(request, session_page, request.opening, panels)
    rendered = []
    for slot in SLOTS:
        panel = panels.get(slot) or SessionPanel(f"courses/_session_{slot}.html", {"body": body})
        if isinstance(panel, SessionPanel):
            panel = render_to_string(panel.template, panel.context, request)
        rendered.append(panel)
    return rendered
