"""What a plan and a journal say, in one order, whatever they are drawn on: screen, paper, PDF or table."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.utils.dateformat import format as format_date

from elearning.periods import london_day
from practice.models import ActionPlan, PlannedAction, Reflection
from practice.outlines import ActionRow

FORMER = "former member"
PLAN_HEADINGS = (
    "What we will do",
    "Why",
    "Session",
    "Who",
    "By when",
    "How we will know",
    "Status",
    "Needs a manager",
    "Reviews",
)


class ActionGroups(NamedTuple):
    """A plan's actions as a team looks at them: what is late, what is fresh, the rest, what is over."""

    overdue: list[ActionRow]
    from_last_session: list[ActionRow]
    others: list[ActionRow]
    closed: list[ActionRow]
    last_session_id: int | None

    @property
    def in_order(self) -> list[ActionRow]:
        """All of them."""
        return [*self.overdue, *self.from_last_session, *self.others, *self.closed]

    @property
    def open(self) -> list[ActionRow]:
        """What still is to be done."""
        return [*self.overdue, *self.from_last_session, *self.others]


class PlanRow(NamedTuple):
    """One action in words, the same in every format."""

    what: str
    why: str
    session: str
    who: str
    by_when: str
    how_we_will_know: str
    status: str
    needs_a_manager: str
    reviews: str


def group_actions(actions: Iterable[ActionRow], today: dt.date) -> ActionGroups:
    """Group ``actions`` (in plan order): overdue on the London day ``today`` first, then the last session's.

    The last session is the one that the newest action with a session came from.
    """
    actions = list(actions)
    newest = max(
        (one for one in actions if one.session_page_id),
        key=lambda one: (one.created_at, one.pk),
        default=None,
    )
    last_session_id = newest.session_page_id if newest else None
    groups = ActionGroups([], [], [], [], last_session_id)
    for action in actions:
        if not action.is_open:
            groups.closed.append(action)
        elif action.is_overdue_on(today):
            groups.overdue.append(action)
        elif last_session_id and action.session_page_id == last_session_id:
            groups.from_last_session.append(action)
        else:
            groups.others.append(action)
    return groups


def name_of_owner(action: ActionRow | PlannedAction) -> str:
    """Who took the action on, as people are told it. A PlannedAction needs ``who`` loaded."""
    if action.is_of_former_member:
        return f"{action.who_name} ({FORMER})"
    return action.who_name or "Nobody yet"


def status_in_words(action: ActionRow, today: dt.date) -> str:
    """Open, overdue, done or dropped on the London day ``today``."""
    return "Overdue" if action.is_overdue_on(today) else str(PlannedAction.Status(action.status).label)


def plan_rows(actions: Sequence[ActionRow], sessions: dict[int, str], today: dt.date) -> list[PlanRow]:
    """The plan's actions in words; ``sessions`` are titles by id."""
    return [
        PlanRow(
            what=action.what,
            why=action.why,
            session=sessions.get(action.session_page_id or 0, ""),
            who=name_of_owner(action),
            by_when=in_words(action.due_on),
            how_we_will_know=action.how_we_will_know,
            status=status_in_words(action, today),
            needs_a_manager=(action.what_is_needed or "Yes") if action.needs_manager else "",
            reviews="; ".join(
                f"{in_words(review.reviewed_on)}: {review.verdict_in_words}"
                + (f" – {review.note}" if review.note else "")
                for review in action.reviews
            ),
        )
        for action in group_actions(actions, today).in_order
    ]


def find_overloaded(open_actions: Sequence[ActionRow]) -> tuple[str, int] | None:
    """Who has more than half of several open actions, and how many; None if the load is shared (R64)."""
    owners = Counter(action.who_id for action in open_actions if action.who_id)
    if len(open_actions) < 2 or not owners:
        return None
    who_id, number = owners.most_common(1)[0]
    if number * 2 <= len(open_actions):
        return None
    return next(one.who_name for one in open_actions if one.who_id == who_id), number


def journal_as_text(reflections: Iterable[Reflection]) -> str:
    """A person's own answers as a plain text file, newest session first."""
    parts = ["My journal", "=" * 10, ""]
    title = None
    for one in reflections:
        heading = f"{one.session_title} – {one.care_setting.name}"
        if heading != title:
            title = heading
            parts += [title, "-" * len(title), ""]
        parts += [one.prompt_text, f"({in_words(london_day(one.saved_at))})", "", one.text, ""]
        for copy in one.copies.all():
            parts += [f"[{copy.get_reason_display()}]", "", copy.text, ""]
    return "\n".join(parts)


@lru_cache(maxsize=4000)
def in_words(day: dt.date) -> str:
    """A day as people write it: 21 November 2026."""
    return format_date(day, "j F Y")


def name_file(plan: ActionPlan, ending: str) -> str:
    """What a download of the plan is called."""
    return f"team-action-plan-{plan.team.slug}-{plan.course_page.slug}.{ending}"
