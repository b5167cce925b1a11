"""Structured logs that carry ids and never anybody's words."""

import contextvars
import logging
import re
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from pythonjsonlogger.json import JsonFormatter

request_id = contextvars.ContextVar("request_id", default="-")

# Bodies of requests, tracebacks' local values and addresses with tokens would carry words or secrets.
WORDY_FIELDS = frozenset({"request", "args", "stack_info"})

# Addresses whose next step lets people in: Django writes the address of every refusal into the log.
SECRET_STEP = re.compile(
    r"((?:/|%2F)(?:invitations|join|films|confirm-email|reset(?:/|%2F)key|sandbox(?:/|%2F)pay)(?:/|%2F))"
    r"[^/%?\s\"]+",
    re.IGNORECASE,
)


class RequestIdMiddleware:
    """Give each request an id that its log lines and its error page share."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the id in the header X-Request-Id."""
        request.id = secrets.token_hex(8)
        token = request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.id
        return response


class RequestIdFilter(logging.Filter):
    """Put the id of the request at hand into each log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with its request's id."""
        record.request_id = request_id.get()
        return True


class SecretAddressFilter(logging.Filter):
    """Take tokens and codes out of the addresses in a log record: who reads a log must not get in by it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without secrets in its message."""
        message = record.getMessage()
        safe = SECRET_STEP.sub(r"\1…", message)
        if safe != message:
            record.msg, record.args = safe, ()
        return True


class WordlessJsonFormatter(JsonFormatter):
    """One JSON object a line, without the fields that could carry people's words."""

    def process_log_record(self, log_data: dict) -> dict:
        """Drop the fields that could carry words."""
        return {key: value for key, value in log_data.items() if key not in WORDY_FIELDS}

    def formatException(self, exc_info) -> str:  # noqa: N802 - the library's name
        """Return the exception's type and place, never its message, which may quote what was typed."""
        kind, _, traceback = exc_info
        while traceback and traceback.tb_next:
            traceback = traceback.tb_next
        frame = traceback.tb_frame.f_code if traceback else None
        where = f"{frame.co_filename}:{traceback.tb_lineno} in {frame.co_name}" if frame else "unknown place"
        return f"{kind.__name__} at {where}"
