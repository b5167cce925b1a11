"""Renting, driven at random: people, payers, banks, staff, lost news, power cuts and time, in any order.

After every step the ten promises of tests/billing/invariants.py must hold. ``make test`` takes a few hundred
steps, always the same ones; ``make prove`` takes thousands of new ones.
"""

import datetime as dt
import os
import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from billing import services, stripe_gateway
from billing.models import Order, Product
from billing.sandbox import bank, deliveries, faults, payer, promotions, store
from billing.sandbox.rules import RefusedError
from billing.stripe_gateway import StripeIsAwayError, StripeRefusedError
from billing.terms import TERMS_VERSION
from elearning.periods import LONDON
from tests import factories as make
from tests.billing.books import Books
from tests.billing.invariants import check_invariants
from tests.billing.mishaps import power_cut, quicker
from tests.billing.moving_clock import MovingClock
from tests.mailbox import send_waiting_mail

STEPS_EACH = 50
STEPS = int(os.environ.get("PROVE_STEPS", "0"))
REFUSALS = (
    services.CannotRentError,
    services.NoCheckoutError,
    services.CannotRefundError,
    services.CannotDecideError,
    services.OrderIsBusyError,
    StripeIsAwayError,
    StripeRefusedError,
)
# Before a clock goes forward and back, before 29 February, at the end of January, late on a summer evening.
BEGINNINGS = [
    dt.datetime(2027, 3, 27, 22, 0, tzinfo=dt.UTC),
    dt.datetime(2027, 10, 30, 22, 0, tzinfo=dt.UTC),
    dt.datetime(2028, 2, 28, 20, 0, tzinfo=dt.UTC),
    dt.datetime(2027, 1, 31, 9, 0, tzinfo=dt.UTC),
    dt.datetime(2027, 7, 1, 22, 30, tzinfo=dt.UTC),
]
PAYING = [payer.pay_by_card] * 4 + [payer.pay_by_bacs, payer.decline_card]
CODES: dict[str, Any] = {
    "TENTH": {"percent_off": 10},
    "ALL": {"percent_off": 100},
    "ONCE": {"amount_off": 500, "currency": "gbp"},
}
WAITS = [dt.timedelta(hours=1), dt.timedelta(hours=21), dt.timedelta(days=30)]
# Days around a term's end at which renting changes: too early, 60 days before, the end, the end of grace.
EDGES = [-61, -60, -1, 0, 1, 13, 14]
KINDS = ["timeout_before", "timeout_after", "malformed", "409", "429", "500", "503"]

numbers = st.integers(0, 99)
buyers = st.integers(0, 2)
products = st.integers(0, 1)
troubles = st.one_of(st.just(None), st.just(None), st.tuples(st.sampled_from(KINDS), st.sampled_from([1, 9])))
cuts = st.one_of(st.just(0), st.just(0), st.integers(1, 12))


class Renting(RuleBasedStateMachine):
    """Two settings, three buyers, two products, one member of staff, one Stripe, and a clock."""

    steps = 0

    def __init__(self, cast: SimpleNamespace, clock: MovingClock) -> None:
        super().__init__()
        self.cast, self.clock = cast, clock
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.holding = faults.held_deliveries()
        self.held = self.holding.__enter__()
        self.keys: list[uuid.UUID] = []
        self.books = Books()
        self.asked: list[int] = []

    def teardown(self) -> None:
        """Whatever was lost, the clock finds: then everything here is as it is at Stripe."""
        try:
            self.clock_comes(0)
            books = Books()
            check_invariants(books)
            for order in books.orders.values():
                assert not order.stripe_checkout_session_id or books.is_known(order), f"{order} was forgotten"
            send_waiting_mail()
        finally:
            self.holding.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @invariant()
    def all_ten_hold(self) -> None:
        type(self).steps += 1
        self.books = Books(asked=self.asked)
        self.asked = []
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

    def order(self, number: int, *statuses: str) -> Order | None:
        """One of the orders, of those that stand like this where there are any."""
        orders = list(self.books.orders.values())
        some = [order for order in orders if order.status in statuses] or orders
        return some[number % len(some)]

    @contextmanager
    def mishap(self, trouble: tuple[str, int] | None = None, cut: int = 0) -> Iterator[None]:
        """Stripe misbehaves, the power fails, or a person is told in words that it cannot be done."""
        injected = [faults.Fault(trouble[0], times=trouble[1])] if trouble else []
        with suppress(*REFUSALS), faults.injected(*injected), power_cut(cut):
            yield

    # --- Buyers --------------------------------------------------------------------------------

    @initialize(beginning=st.sampled_from(BEGINNINGS), who=buyers, product=products)
    def begin_the_story(self, beginning: dt.datetime, who: int, product: int) -> None:
        self.clock.moment = beginning
        self.rent(who, product, None, 0)

    def begin(self, who: int, product: int) -> None:
        buyer, care_setting = self.cast.buyers[who]
        services.begin_checkout(
            product=self.cast.products[product],
            care_setting=care_setting,
            buyer=buyer,
            terms_version=TERMS_VERSION,
            now=self.clock.now(),
        )

    @rule(who=buyers, product=products, trouble=troubles, cut=cuts)
    def rent(self, who: int, product: int, trouble: tuple | None, cut: int) -> None:
        with self.mishap(trouble, cut):
            self.begin(who, product)

    @rule(first=st.integers(0, 1), product=products, at_request=st.integers(0, 2))
    def two_managers_rent_in_two_tabs(self, first: int, product: int, at_request: int) -> None:
        """While one of them waits for Stripe, the other one presses the button too."""

        def begin_too() -> None:
            with self.mishap():
                self.begin(1 - first, product)

        with self.mishap(), quicker(begin_too, at_request=at_request):
            self.begin(first, product)

    @rule(number=numbers, trouble=troubles, cut=cuts)
    def call_off(self, number: int, trouble: tuple | None, cut: int) -> None:
        order = self.order(number, "open", "draft")
        with self.mishap(trouble, cut):
            services.call_off(order=order, actor=order.buyer, now=self.clock.now())

    # --- Payers and banks, at Stripe -----------------------------------------------------------

    def at_stripe(self, act: Callable, session_ids: list[str], number: int, **options: Any) -> None:
        with suppress(RefusedError):
            act(session_ids[number % len(session_ids)], **options)

    @precondition(lambda self: self.sessions("open"))
    @rule(number=numbers, act=st.sampled_from(PAYING))
    def pay(self, number: int, act: Callable) -> None:
        self.at_stripe(act, self.sessions("open"), number)

    @precondition(lambda self: self.sessions("open"))
    @rule(number=numbers, code=st.sampled_from(sorted(CODES)))
    def a_code_is_entered(self, number: int, code: str) -> None:
        self.at_stripe(promotions.redeem, self.sessions("open"), number, text=code)

    @precondition(lambda self: self.sessions("processing"))
    @rule(number=numbers, act=st.sampled_from([payer.settle, payer.send_back]))
    def bacs_ends(self, number: int, act: Callable) -> None:
        self.at_stripe(act, self.sessions("processing"), number)

    @precondition(lambda self: self.sessions("open"))
    @rule(number=numbers)
    def checkout_lapses(self, number: int) -> None:
        self.at_stripe(store.expire_session, self.sessions("open"), number)

    @precondition(lambda self: self.sessions("expired"))
    @rule(number=numbers)
    def paid_although_it_had_lapsed(self, number: int) -> None:
        """What should never be, and billing.md wants an answer for: money wins, or staff look at it."""
        found = self.sessions("expired")
        session = self.books.sessions[found[number % len(found)]]
        if not any(order.stripe_checkout_session_id == session["id"] for order in self.books.orders.values()):
            return
        store.keep({**session, "status": "open", "expires_at": int(self.clock.now().timestamp()) + 3600})
        self.at_stripe(payer.pay_by_card, [session["id"]], 0)

    @precondition(lambda self: self.sessions("paid"))
    @rule(number=numbers, act=st.sampled_from(list(bank.ACTS.values())))
    def bank_acts(self, number: int, act: Callable) -> None:
        self.at_stripe(act, self.sessions("paid"), number)

    @precondition(lambda self: self.sessions("paid"))
    @rule(number=numbers, amount=st.integers(1, 6900))
    def part_is_given_back_at_stripe(self, number: int, amount: int) -> None:
        self.at_stripe(bank.give_back_from_dashboard, self.sessions("paid"), number, amount=amount)

    # --- News ----------------------------------------------------------------------------------

    def deliver(self, event_id: str) -> None:
        assert deliveries.deliver(event_id) in (200, 503)

    @precondition(lambda self: self.held.event_ids)
    @rule(number=numbers, trouble=troubles, cut=cuts)
    def one_delivery(self, number: int, trouble: tuple | None, cut: int) -> None:
        with self.mishap(trouble, cut):
            self.deliver(self.held.event_ids[number % len(self.held.event_ids)])

    @precondition(lambda self: self.held.event_ids)
    @rule(seed=numbers)
    def deliveries_shuffled_and_repeated(self, seed: int) -> None:
        some = random.Random(seed).choices(self.held.event_ids, k=4)  # noqa: S311 - no secret
        for event_id in some:
            self.deliver(event_id)

    @precondition(lambda self: self.held.event_ids)
    @rule(number=numbers)
    def one_delivery_is_lost_for_ever(self, number: int) -> None:
        self.held.event_ids.pop(number % len(self.held.event_ids))

    # --- Asking --------------------------------------------------------------------------------

    @precondition(lambda self: self.books.orders)
    @rule(number=numbers, trouble=troubles, cut=cuts)
    def the_return_page_asks(self, number: int, trouble: tuple | None, cut: int) -> None:
        with self.mishap(trouble, cut):
            services.reconcile_order(order=self.order(number), now=self.clock.now())

    @precondition(lambda self: self.sessions("open", "processing", "paid"))
    @rule(
        number=numbers,
        at_request=st.sampled_from([0, 0, 0, 1, 2, 3]),
        act=st.sampled_from([payer.pay_by_card, payer.settle, *bank.ACTS.values(), store.expire_session]),
    )
    def the_older_answer_comes_last(self, number: int, at_request: int, act: Callable) -> None:
        """While one worker has its answer, something happens, and another worker is quicker to hear of it."""
        found = self.sessions("paid") or self.sessions("open", "processing")
        session_id = found[number % len(found)]
        order = Order.objects.of_checkout(session_id).first()
        if order is None:
            return

        def act_and_ask() -> None:
            with suppress(RefusedError):
                act(session_id)
            with self.mishap():
                services.reconcile_order(order=order, now=self.clock.now())
                self.asked.append(order.pk)

        with self.mishap(), quicker(act_and_ask, at_request=at_request):
            services.reconcile_order(order=order, now=self.clock.now())

    @rule(cut=cuts)
    def clock_comes(self, cut: int) -> None:
        with self.mishap(None, cut):
            services.reconcile_waiting(now=self.clock.now())
            services.sweep(now=self.clock.now())

    # --- Staff ---------------------------------------------------------------------------------

    @precondition(lambda self: self.books.orders)
    @rule(
        number=numbers,
        share=st.sampled_from([1, 2000, 6900, 0, 9999]),
        is_again=st.booleans(),
        trouble=troubles,
        cut=cuts,
    )
    def staff_give_back(
        self, number: int, share: int, is_again: bool, trouble: tuple | None, cut: int
    ) -> None:
        """Also too much, nothing, and the same wish sent twice."""
        order = self.order(number, "fulfilled", "partly_refunded", "review")
        if not (is_again and self.keys):
            self.keys.append(uuid.uuid4())
        with self.mishap(trouble, cut):
            services.refund_order(
                order=order,
                amount_minor=share,
                reason="They asked.",
                key=self.keys[-1],
                actor=self.cast.staff,
                now=self.clock.now(),
            )

    @precondition(lambda self: any(one.status == "review" for one in self.books.orders.values()))
    @rule(number=numbers, kind=st.sampled_from(["fulfil", "extend"]), trouble=troubles, cut=cuts)
    def staff_open(self, number: int, kind: str, trouble: tuple | None, cut: int) -> None:
        with self.mishap(trouble, cut):
            services.open_reviewed_order(
                order=self.order(number, "review"),
                kind=kind,
                reason="They paid.",
                actor=self.cast.staff,
                now=self.clock.now(),
            )

    @rule(who=buyers, product=products, months=st.sampled_from([1, 12]), cut=cuts)
    def staff_grant(self, who: int, product: int, months: int, cut: int) -> None:
        with self.mishap(None, cut):
            services.grant_rental(
                care_setting=self.cast.buyers[who][1],
                product=self.cast.products[product],
                months=months,
                reason="A gift.",
                actor=self.cast.staff,
                now=self.clock.now(),
            )

    @rule(product=products, price=st.sampled_from([6900, 7900]))
    def the_price_changes(self, product: int, price: int) -> None:
        row = self.cast.products[product]
        Product.objects.filter(pk=row.pk).update(price_minor=price)
        row.price_minor = price

    # --- Time ----------------------------------------------------------------------------------

    def go_to(self, moment: dt.datetime) -> None:
        """The worker's clock comes every day, so nothing gets older than its daily sweep looks back."""
        if moment > self.clock.moment + dt.timedelta(days=1):
            self.clock_comes(0)
        self.clock.moment = max(self.clock.moment, moment)

    @rule(wait=st.sampled_from(WAITS))
    def time_passes(self, wait: dt.timedelta) -> None:
        self.go_to(self.clock.moment + wait)

    @precondition(lambda self: self.books.terms_in_force)
    @rule(number=numbers, days=st.sampled_from(EDGES))
    def a_term_comes_to_its_end(self, number: int, days: int) -> None:
        terms = self.books.terms_in_force
        day = terms[number % len(terms)].ends_on + dt.timedelta(days=days)
        self.go_to(dt.datetime.combine(day, dt.time(0, 30), tzinfo=LONDON))


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """Maya and Ben manage Willow Lane, Omar manages Harbour House, Stan is staff; there are some codes."""
    willow_lane = make.make_care_setting("Willow Lane")
    harbour_house = make.make_care_setting("Harbour House")
    maya, ben, omar = (make.make_user(name) for name in ("Maya Okafor", "Ben Manager", "Omar Reyes"))
    for user, care_setting in ((maya, willow_lane), (ben, willow_lane), (omar, harbour_house)):
        make.make_membership(user, care_setting, "owner", "manager")
    stripe = stripe_gateway.get_client().v1
    for code, off in CODES.items():
        promotion = {"type": "coupon", "coupon": stripe.coupons.create(off).id}
        limits = {"max_redemptions": 1} if code == "ONCE" else {}
        stripe.promotion_codes.create({"code": code, "promotion": promotion, **limits})
    return SimpleNamespace(
        buyers=[(maya, willow_lane), (ben, willow_lane), (omar, harbour_house)],
        products=[make.make_product("Section two"), make.make_product("Whole course", months=1)],
        staff=make.make_user("Stan Moss", is_staff=True),
    )


def test_the_ten_promises_hold_after_every_step(cast, monkeypatch, caplog):
    caplog.set_level("CRITICAL")
    clock = MovingClock(BEGINNINGS[0])
    clock.set_up(monkeypatch)
    wanted = STEPS or 200
    Renting.steps = 0
    run_state_machine_as_test(
        lambda: Renting(cast, clock),
        settings=settings(
            # Some stories end early, so there are a quarter more.
            max_examples=wanted // STEPS_EACH * 5 // 4,
            stateful_step_count=STEPS_EACH,
            derandomize=not STEPS,
            database=None,
            deadline=None,
            print_blob=bool(STEPS),
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if STEPS else [Phase.generate],
        ),
    )
    assert Renting.steps >= wanted
