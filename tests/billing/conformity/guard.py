"""Hangs the gates into the transport, so that no request of any test slips past them.

A request with a fault stops its test, and so does an answer or an event that Stripe would not give. Tests
that send nonsense on purpose are marked ``nonsense``: there the sandbox must refuse what a gate faults.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from billing.sandbox import deliveries
from billing.sandbox.transport import MALFORMED_ANSWER, Response, SandboxTransport
from tests.billing.conformity import openapi, twins
from tests.billing.conformity.wire import read_form


class NonconformingError(AssertionError):
    """Something was said to Stripe, or by the sandbox, that the published interface does not know."""


def find_faults_of_request(method: str, url: str, body: str) -> list[str]:
    """Return what both gates say against a request as it leaves; nothing when all is well."""
    parts = urlsplit(url)
    try:
        values = read_form(parts.query if method.lower() in ("get", "delete") else body)
    except ValueError as error:
        return [f"no form: {error}"]
    return [
        *(f"types: {fault}" for fault in twins.find_faults(method, parts.path, values)),
        *(f"document: {fault}" for fault in openapi.find_faults_of_request(method, parts.path, values)),
    ]


def find_faults_of_answer(method: str, url: str, response: Response) -> list[str]:
    """Return what the document says against an answer; nothing when all is well."""
    text, status, _ = response
    return openapi.find_faults_of_answer(method, urlsplit(url).path, status, json.loads(text))


class Guard:
    """Stands in the transport. ``faults`` remembers what a view may have turned into an answer of 500."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.is_nonsense_wanted = False

    def stop(self, what: str, faults: list[str]) -> None:
        """Raises NonconformingError where there are faults."""
        if faults:
            self.faults.append("\n  ".join([what, *faults]))
            raise NonconformingError(self.faults[-1])

    @contextmanager
    def standing(self, patch: Any) -> Iterator["Guard"]:
        """Look at every request, answer and event of the sandbox; ``patch`` is pytest's MonkeyPatch."""
        ask, make_event = SandboxTransport.request, deliveries.make_event

        def request(
            transport: SandboxTransport,
            method: str,
            url: str,
            headers: Mapping[str, str] | None,
            post_data: Any = None,
            **rest: Any,
        ) -> Response:
            faults = find_faults_of_request(method, url, post_data or "")
            if not self.is_nonsense_wanted:
                self.stop(f"{method} {url}", faults)
            response = ask(transport, method, url, headers, post_data, **rest)
            if response[1] < 400:
                self.stop(f"{method} {url} should have been refused", faults)
            if response[0] != MALFORMED_ANSWER:
                self.stop(f"{method} {url} was answered", find_faults_of_answer(method, url, response))
            return response

        def make_checked_event(kind: str, thing: dict[str, Any], **rest: Any) -> dict[str, Any]:
            event = make_event(kind, thing, **rest)
            for one in (event, thing):
                self.stop(f"{kind} tells of {one['object']}", openapi.find_faults_of_thing(one))
            return event

        with patch.context() as patched:
            patched.setattr(SandboxTransport, "request", request)
            patched.setattr(deliveries, "make_event", make_checked_event)
            yield self
