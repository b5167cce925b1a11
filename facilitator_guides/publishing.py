"""What a guide must have before it goes live. A draft always saves."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from facilitator_guides.models import GuidePage


class WrongTimesError(PermissionDenied):
    """A guide cannot go live yet; the text says both numbers."""


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


def refuse_wrong_times(guide_page: "GuidePage") -> None:
    """Raise WrongTimesError unless the guide, as it stands in memory with its steps, fills its session."""
    refusal = time_refusal(
        (step.minutes for step in guide_page.steps.all()),
        session_minutes=guide_page.get_session_page().minutes,
    )
    if refusal:
        raise WrongTimesError(refusal)
