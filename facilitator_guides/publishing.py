"""What a guide must have before it goes live. A draft always saves."""

from collections.abc import Iterable


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
