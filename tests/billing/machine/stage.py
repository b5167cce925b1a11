"""The stage: one Stripe whose news is held back, a clock, and the promises looked at after every step."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from billing import services
from billing.models import Order
from billing.sandbox import faults
from billing.sandbox.rules import RefusedError
from billing.stripe_gateway import StripeIsAwayError, StripeRefusedError
from tests.billing.books import Books
from tests.billing.invariants import check_invariants
from tests.billing.mishaps import WRITES, power_cut
from tests.billing.moving_clock import MovingClock
from tests.mailbox import send_waiting_mail

REFUSALS = (
    services.CannotRentError,
    services.NoCheckoutError,
    services.CannotRefundError,
    services.CannotDecideError,
    services.CannotClaimError,
    services.CannotSendLetterError,
    services.OrderIsBusyError,
    StripeIsAwayError,
    StripeRefusedError,
)
KINDS = ["timeout_before", "timeout_after", "malformed", "409", "429", "500", "503"]

numbers = st.integers(0, 99)
buyers = st.integers(0, 2)
products = st.integers(0, 1)
troubles = st.one_of(st.just(None), st.just(None), st.tuples(st.sampled_from(KINDS), st.sampled_from([1, 9])))
cuts = st.one_of(st.just(0), st.just(0), st.integers(1, 12))

Trouble = tuple[str, int] | None


class Stage(RuleBasedStateMachine):
    """What every part of the machine acts on. ``books`` are as the last step left them."""

    steps = 0

    def __init__(self, cast: SimpleNamespace, clock: MovingClock) -> None:
        super().__init__()
        self.cast, self.clock = cast, clock
        self.kept = ExitStack()
        self.kept.callback(self.undo_all)
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.held = self.kept.enter_context(faults.held_deliveries())
        self.kept.enter_context(connection.execute_wrapper(self.note_writes))
        self.has_written = True
        self.keys: list[uuid.UUID] = []
        self.asked: list[int] = []
        self.books = Books()

    def undo_all(self) -> None:
        """Leave nothing of this story in the database."""
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def note_writes(self, execute: Callable, sql: str, *rest: Any) -> Any:
        """Notice whether a step wrote anything: where it did not, the books are as they were."""
        self.has_written = self.has_written or sql.startswith(WRITES)
        return execute(sql, *rest)

    def teardown(self) -> None:
        """Whatever was lost, the clock finds: then everything here is as it is at Stripe."""
        try:
            self.clock_comes(0)
            books = Books()
            if books.forgotten():
                # A checkout may lapse at the very moment of being asked about: the next round hears of it.
                self.clock_comes(0)
                books = Books()
            check_invariants(books)
            assert books.forgotten() == [], "the clock does not find these orders"
            check = services.check_sums(now=self.clock.now())
            assert check.differences == [], "the nightly check finds a difference"
            send_waiting_mail()
        finally:
            self.kept.close()

    @invariant()
    def all_ten_hold(self) -> None:
        type(self).steps += 1
        if self.has_written or self.asked:
            self.books = Books(asked=self.asked)
            self.has_written, self.asked = False, []
        check_invariants(self.books)
        # What Stripe took back together with the event, as when somebody pays at the moment of lapsing.
        self.held.event_ids[:] = [one for one in self.held.event_ids if one in self.books.event_ids]

    # --- What there is to act on ---------------------------------------------------------------

    def sessions(self, *payment_states: str) -> list[str]:
        """Checkouts at Stripe that stand like this: "open", "expired", "processing" or "paid"."""
        found = []
        for session in self.books.sessions.values():
            intent = self.books.intents.get(session["payment_intent"])
            state = session["status"]
            if state == "complete":
                state = "paid" if session["payment_status"] != "unpaid" else intent["status"]
            if state in payment_states:
                found.append(session["id"])
        return found

    def invoices(self, *statuses: str) -> list[str]:
        """Invoices at Stripe that stand like this: "open", "void", "uncollectible" or "paid"."""
        return [one["id"] for one in self.books.invoices.values() if one["status"] in statuses]

    def paid_at_stripe(self) -> list[str]:
        """Checkouts and invoices with a payment that a bank can still do something about."""
        return self.sessions("paid") + self.invoices("paid")

    def order(self, number: int, *statuses: str, by_invoice: bool = False) -> Order | None:
        """One of the orders, of those that stand like this where there are any."""
        orders = [order for order in self.books.orders.values() if order.is_by_invoice or not by_invoice]
        some = [order for order in orders if order.status in statuses] or orders
        return some[number % len(some)]

    def has_order_by_invoice(self) -> bool:
        """Whether anybody asked for an invoice so far."""
        return any(order.is_by_invoice for order in self.books.orders.values())

    @contextmanager
    def mishap(self, trouble: Trouble = None, cut: int = 0) -> Iterator[None]:
        """Stripe misbehaves, the power fails, or a person is told in words that it cannot be done."""
        injected = [faults.Fault(trouble[0], times=trouble[1])] if trouble else []
        with suppress(*REFUSALS), faults.injected(*injected), power_cut(cut):
            yield

    def at_stripe(self, act: Callable, ids: list[str], number: int, **options: Any) -> None:
        """Somebody does something at Stripe, past the site, unless Stripe refuses it."""
        with suppress(RefusedError):
            act(ids[number % len(ids)], **options)

    def go_to(self, moment: dt.datetime) -> None:
        """The worker's clock comes every day, so nothing gets older than its daily sweep looks back."""
        if moment > self.clock.moment + dt.timedelta(days=1):
            self.clock_comes(0)
        self.clock.moment = max(self.clock.moment, moment)
