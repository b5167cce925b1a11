"""A plan's actions as cards, put together in Python: a plan has hundreds, too many for the template engine.

Every word that somebody typed goes through ``escape``, here and nowhere else; the markup belongs to
frontend/css/components/plan.css.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from elearning.templatetags.design import icon
from practice.outlines import ActionRow, ReviewRow, SessionRow
from practice.printouts import FORMER, in_words

BADGE = '<span class="badge badge--{kind}">{icon}{label}</span>'


@dataclass(frozen=True)
class ActionCards:
    """Draws the actions of one plan: ``address`` is the plan's, ``sessions`` are its course's by id."""

    address: str
    sessions: Mapping[int, SessionRow]

    def draw(self, actions: Iterable[ActionRow], kind: str) -> SafeString:
        """The cards of one group: overdue, last, open or closed."""
        address = escape(self.address)
        cards = [
            draw_card(action, kind, address=address, session=self.sessions.get(action.session_page_id or 0))
            for action in actions
        ]
        return mark_safe("".join(cards))  # noqa: S308 - escaped below


def draw_card(action: ActionRow, kind: str, *, address: str, session: SessionRow | None) -> str:
    """One action; ``address`` is the plan's, escaped."""
    what, url = escape(action.what), f"{address}actions/{action.pk}/"
    review = "Say how it went" if action.is_open else "Add a review"
    return f"""<article class="action action--{kind}" id="action-{action.pk}">
<h3 class="action__what">{what}</h3>
<p class="action__badges">{draw_badges(action, kind)}</p>
<dl class="action__facts">{draw_facts(action, session)}</dl>{draw_reviews(action.reviews)}
<p class="action__links"><a href="{url}#review">{review}<span class="visually-hidden">: {what}</span></a> \
<a href="{url}#change">Change<span class="visually-hidden">: {what}</span></a></p>
</article>
"""


def draw_facts(action: ActionRow, session: SessionRow | None) -> str:
    """Why, who, by when …: what is known."""
    facts = _fact("Why", escape(action.why)) if action.why else ""
    facts += _fact("Who", draw_owner(action)) + _fact("By when", in_words(action.due_on))
    if action.how_we_will_know:
        facts += _fact("How we will know", escape(action.how_we_will_know))
    if action.what_is_needed:
        facts += _fact("What is needed", escape(action.what_is_needed))
    return facts + _fact("From", draw_session(session)) if session else facts


def _fact(term: str, value: str) -> str:
    return f"<div><dt>{term}</dt><dd>{value}</dd></div>"


def draw_badges(action: ActionRow, kind: str) -> str:
    """How the action stands, in a word with a sign; nothing for one that is simply open."""
    badges = ""
    if kind == "overdue":
        badges += BADGE.format(kind="alert", icon=icon("circle-alert"), label="Overdue")
    elif action.status == "done":
        badges += BADGE.format(kind="done", icon=icon("check"), label="Done")
    elif action.status == "dropped":
        badges += BADGE.format(kind="plain", icon="", label="Dropped")
    if action.needs_manager and action.is_open:
        badges += BADGE.format(kind="warning", icon=icon("flag"), label="Needs a manager")
    return badges


def draw_owner(action: ActionRow) -> str:
    """Who took it on."""
    former = f' <span class="muted">({FORMER})</span>' if action.is_of_former_member else ""
    return f"{escape(action.who_name or 'Nobody yet')}{former}"


@lru_cache(maxsize=2000)
def draw_session(session: SessionRow) -> str:
    """The session that it came from, as a link if it is published."""
    title = escape(session.title)
    return f'<a href="{escape(session.address)}">{title}</a>' if session.address else title


def draw_reviews(reviews: list[ReviewRow]) -> str:
    """The thread, oldest first."""
    if not reviews:
        return ""
    entries = "".join(
        f'<li><span class="action__verdict">{in_words(review.reviewed_on)}: {review.verdict_in_words}</span>'
        + (f" – {escape(review.note)}" if review.note else "")
        + f' <span class="muted">{escape(review.by_name)}</span></li>'
        for review in reviews
    )
    return f'\n<ul class="action__reviews" role="list" aria-label="How it went">{entries}</ul>'
