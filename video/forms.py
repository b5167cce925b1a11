"""What a player reports, and what an author uploads, checked."""

import json
from typing import Any

MAX_RANGES = 200
MAX_SECONDS = 36_000


class ReportError(ValueError):
    """The player's report makes no sense: answer 400."""


def read_report(body: bytes) -> tuple[list[tuple[int, int]], int]:
    """Read {"ranges": [[from, to], …], "position_ms": …} of whole seconds; an empty body is an empty report."""
    if not body.strip():
        return [], 0
    try:
        report = json.loads(body)
        ranges = [(_number(start), _number(end)) for start, end in report.get("ranges", [])]
        position = _number(report.get("position_ms", 0), MAX_SECONDS * 1000)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ReportError from None
    if len(ranges) > MAX_RANGES:
        raise ReportError
    return ranges, position


def _number(value: Any, limit: int = MAX_SECONDS) -> int:
    """A whole number from 0 to ``limit``; anything larger is cut."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value < 0:  # noqa: PLR0124
        raise ValueError
    return int(min(value, limit))
