"""What of a session page is the same for everybody: rendered once for each state of its section, then kept.

Nothing personal stands in a body, and no form: reflections, plans and the setting's name are put around it.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.models import Page

from courses.parts import find_cards
from courses.querysets import SECTION_PATH_LENGTH, address_of

if TYPE_CHECKING:
    from courses.models import SessionPage


class Prompt(NamedTuple):
    """A reflective prompt, as a form about it needs it; ``pk`` is None in a preview of a new one."""

    pk: int | None
    text: str


class Idea(NamedTuple):
    """A starter action, as a form about it needs it; ``pk`` is None in a preview of a new one."""

    pk: int | None
    what: str
    why: str
    how_we_will_know: str


@dataclass(frozen=True)
class SessionBody:
    """The parts of a session page that are the same for everybody in the same role."""

    heading: SafeString
    watch: SafeString
    talk: SafeString
    outline: SafeString
    prompts: tuple[Prompt, ...]
    ideas: tuple[Idea, ...]
    key: str = ""  # under which it is kept; it changes with all that is drawn here


def session_body(session_page: "SessionPage", *, leads: bool) -> SessionBody:
    """Return the body for people who lead (with the guide) or do not, from memory where it has not changed.

    Costs no query if the page was found with ``with_section_state`` and its section has not changed.
    """
    if not hasattr(session_page, "section_state"):
        stated = type(session_page).objects.with_section_state().filter(pk=session_page.pk)
        session_page.section_state = stated.values_list("section_state", flat=True).first()
    state = hashlib.sha256((session_page.section_state or "").encode()).hexdigest()
    key = f"session:{session_page.pk}:{session_page.path}:{leads}:{state}"
    body = caches["bodies"].get(key)
    if body is None:
        session_page.refresh_from_db(fields=session_page.get_deferred_fields() or None)
        body = replace(render_session_body(session_page, leads=leads), key=key)
        caches["bodies"].set(key, body)
    return body


def render_session_body(session_page: "SessionPage", *, leads: bool, is_preview: bool = False) -> SessionBody:
    """Render the body of a session from what stands in memory: a live page, or the draft of a preview."""
    cards = find_cards(session_page, is_preview=is_preview)
    prompts = tuple(Prompt(one.pk, one.text) for one in session_page.prompts.all())
    ideas = tuple(
        Idea(one.pk, one.what, one.why, one.how_we_will_know) for one in session_page.starter_actions.all()
    )
    guides = cards["guide"] if leads else []
    context = {
        "page": session_page,
        "outcomes": session_page.outcomes.all(),
        "clips": cards["clip"],
        "watch_facts": watch_facts(cards["clip"]),
        "talk_facts": talk_facts(guides, cards["task_sheet"]),
        "guides": guides,
        "task_sheets": cards["task_sheet"],
        **place_in_course(session_page),
    }

    def render(name: str) -> SafeString:
        return render_to_string(f"courses/_session_{name}.html", context)

    return SessionBody(
        heading=render("heading"),
        watch=render("watch"),
        talk=render("talk"),
        outline=render("outline"),
        prompts=prompts,
        ideas=ideas,
    )


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 clip", "3 clips"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def watch_facts(clips: list[Page]) -> str:
    """How many clips, and how many minutes they take together: "3 clips · 2 min"."""
    seconds = sum(clip.card_seconds for clip in clips)
    facts = [counted(len(clips), "clip")] if clips else []
    return " · ".join([*facts, f"{max(1, round(seconds / 60))} min"] if seconds else facts)


def talk_facts(guides: list[Page], task_sheets: list[Page]) -> str:
    """What there is to lead with: "guide · 2 task sheets"."""
    facts = ["guide"] if guides else []
    return " · ".join([*facts, counted(len(task_sheets), "task sheet")] if task_sheets else facts)


def place_in_course(session_page: Page) -> dict:
    """Where a session stands: course and section above it, its number, the sessions before and after."""
    section_path = session_page.path[:SECTION_PATH_LENGTH]
    pages = Page.objects.live().order_by("path").values("path", "title", "url_path")
    above = list(pages.filter(path__in=[section_path[: -Page.steplen], section_path]))
    sessions = [
        {**page, "is_here": page["path"] == session_page.path}
        for page in pages.filter(path__startswith=section_path, depth=session_page.depth)
    ]
    for page in (*above, *sessions):
        page["url"] = address_of(page["url_path"])
    here = next((number for number, page in enumerate(sessions) if page["is_here"]), None)
    return {
        "trail": above,
        "section_title": above[-1]["title"] if above else "",
        "here": "Draft session" if here is None else f"Session {here + 1} of {len(sessions)}",
        "sessions": sessions,
        "before": sessions[here - 1] if here else None,
        "after": sessions[here + 1] if here is not None and here + 1 < len(sessions) else None,
    }
