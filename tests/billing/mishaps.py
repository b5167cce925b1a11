"""What goes wrong in the middle: the power fails at one write, or somebody else is quicker.

Nothing here stands in for the code under test: a power cut is an exception that nobody may catch, raised by
the database connection, and whoever is quicker calls the real services between two steps of another call.
"""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from django.db import connection
from django.db.transaction import Atomic

from billing import stripe_gateway
from billing.sandbox import faults

WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclasses.dataclass
class Cut:
    """Whether the power failed."""

    happened: bool = False


class PowerCutError(BaseException):
    """The process is gone. No ``except Exception`` may see it."""


@contextmanager
def power_cut(at_write: int) -> Iterator[Cut]:
    """End what runs inside before its so-manieth write of the site's own rows; 0 ends nothing.

    What had been committed until then stays; the rest is undone, as by the database when a process dies.
    Stripe (the sandbox) has power of its own.
    """
    writes, cut = 0, Cut()

    def look(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        nonlocal writes
        if sql.startswith(WRITES) and "billing_sandbox" not in sql:
            writes += 1
            if writes == at_write:
                cut.happened = True
                raise PowerCutError
        return execute(sql, params, many, context)

    with (
        connection.execute_wrapper(look) if at_write else nullcontext(),
        pytest.MonkeyPatch.context() as patch,
    ):
        # Inside the test's own transaction, what would be a transaction of its own must be a savepoint.
        begin = Atomic.__init__
        patch.setattr(
            Atomic, "__init__", lambda self, using, savepoint, durable: begin(self, using, True, durable)
        )
        try:
            yield cut
        except PowerCutError:
            return


@contextmanager
def quicker(act: Callable[[], Any], *, at_request: int) -> Iterator[None]:
    """Have ``act`` happen once, before the so-manieth request to Stripe is answered; 0: right after an answer
    about an order has come, and before it is applied."""
    requests, is_done = 0, False

    def once() -> None:
        nonlocal is_done
        if not is_done:
            is_done = True
            act()

    def look(method: str, path: str) -> None:
        nonlocal requests
        requests += 1
        if requests == at_request:
            once()

    def then_wait(fetch: Callable[[str], stripe_gateway.Answer]) -> Callable[[str], stripe_gateway.Answer]:
        def fetch_then_wait(object_id: str) -> stripe_gateway.Answer:
            answer = fetch(object_id)
            if not at_request:
                once()
            return answer

        return fetch_then_wait

    with pytest.MonkeyPatch.context() as patch, faults.watched(look):
        for name in ("fetch_answer", "fetch_invoice_answer"):
            patch.setattr(stripe_gateway, name, then_wait(getattr(stripe_gateway, name)))
        yield
