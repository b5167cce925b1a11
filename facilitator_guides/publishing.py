"""What a guide must have before it goes live. A draft always saves."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from facilitator_guides.models import GuidePage


def time_refusal(step_minutes: Iterable[int], *, session_minutes: int) -> str:
    """Say why a guide with these step minutes cannot go live, or "" if it can (R28).

    The minutes of all steps must add up to the length of the session.
    """
    total = sum(step_minutes)
    if total == session_minutes:
        return ""
    if not total:
        return f"The running order has no steps yet, and the session lasts {session_minutes} minutes."
    gap = f"{abs(session_minutes - total)} too {'many' if total > session_minutes else 'few'}"
    return (
        f"The steps add up to {total} minutes, but the session lasts {session_minutes}: {gap}. "
        "Change the steps, or the length of the session, and publish again."
    )


def time_refusal_of(guide_page: "GuidePage") -> str:
    """Say why a guide, as it stands in memory with its steps, cannot go live, or "" if it can (one query)."""
    return time_refusal(
        (step.minutes for step in guide_page.steps.all()),
        session_minutes=guide_page.get_session_page().minutes,
    )
