"""The news of what happened at Stripe may come in any order and any number of times: one state is the end.

Seven events, each twice, come in 681 080 400 orders, too many to try. They need not be tried: what a delivery
does depends on the rows alone. So each test walks over states instead of orders. From the state in which the
site has been told a set of events, it tells one more. If that leads to the same rows (see digest.py) from
whatever order the set was told in, then there is one state for each set, 128 for seven events; and if telling
again what was told changes no row, then repeats change nothing either. Both together hold for every order.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import transaction

from billing.models import Order, Term
from billing.sandbox import bank, deliveries, faults, payer, store
from tests.billing.digest import digest
from tests.billing.moving_clock import MovingClock

pytestmark = pytest.mark.django_db

PART = 2000
Acts = list[Callable]
give_part_back = partial(bank.give_back_from_dashboard, amount=PART)

UNPAID: dict[str, tuple[Acts, str]] = {
    "Bacs comes back": ([payer.pay_by_bacs, payer.send_back], "failed"),
    "expiry": ([store.expire_session], "expired"),
}
CARD = [payer.pay_by_card]
PAID: dict[str, tuple[Acts, str, int, str]] = {
    "card": (CARD, "fulfilled", 0, "open"),
    "decline, then card": ([payer.decline_card, *CARD], "fulfilled", 0, "open"),
    "Bacs arrives": ([payer.pay_by_bacs, payer.settle], "fulfilled", 0, "open"),
    "Bacs arrives, disputed": (
        [payer.pay_by_bacs, payer.settle, bank.withdraw],
        "disputed",
        0,
        "suspended",
    ),
    "full refund": ([*CARD, bank.give_back_from_dashboard], "refunded", 6900, "revoked"),
    "partial refund": ([*CARD, give_part_back], "partly_refunded", PART, "open"),
    "two partial refunds": ([*CARD, give_part_back, give_part_back], "partly_refunded", 2 * PART, "open"),
    "refund failed": ([*CARD, bank.give_back_from_dashboard, bank.fail_refund], "fulfilled", 0, "open"),
    "inquiry": ([*CARD, bank.inquire], "disputed", 0, "open"),
    "inquiry closed": ([*CARD, bank.inquire, bank.decide_for_us], "fulfilled", 0, "open"),
    "funds withdrawn": ([*CARD, bank.withdraw], "disputed", 0, "suspended"),
    "dispute won": ([*CARD, bank.withdraw, bank.decide_for_us], "fulfilled", 0, "open"),
    "dispute lost": ([*CARD, bank.withdraw, bank.decide_against_us], "charged_back", 0, "revoked"),
    "inquiry, then lost": (
        [*CARD, bank.inquire, bank.withdraw, bank.decide_against_us],
        "charged_back",
        0,
        "revoked",
    ),
    "part back, then won": (
        [*CARD, give_part_back, bank.withdraw, bank.decide_for_us],
        "partly_refunded",
        PART,
        "open",
    ),
}
SCENARIOS = {name: (acts, (status, 0, "none")) for name, (acts, status) in UNPAID.items()} | {
    name: (acts, tuple(end)) for name, (acts, *end) in PAID.items()
}


@contextmanager
def undone() -> Iterator[None]:
    """Try something and take all its rows back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def standing(order: Order) -> tuple[str, int, str]:
    """How an order stands: its state, what was given back, and what its term opens."""
    found = Order.objects.get(pk=order.pk)
    term = Term.objects.of_order(found).first()
    if term is None:
        return found.status, found.refunded_minor, "none"
    access = "revoked" if term.revoked_at else "suspended" if term.suspended_at else "open"
    return found.status, found.refunded_minor, access


@pytest.fixture(autouse=True)
def clock(monkeypatch, order):
    """Time stands still, so that moments tell no histories apart."""
    standing_clock = MovingClock(order.created_at + dt.timedelta(minutes=5), tick=dt.timedelta())
    standing_clock.set_up(monkeypatch)
    return standing_clock


def walk(event_ids: list[str], states: dict[frozenset, str], told: frozenset = frozenset()) -> None:
    """Tell one more event from here, in every way; note in ``states`` where each set of events leads."""
    with undone():
        for event_id in told:
            assert deliveries.deliver(event_id) == 200
        assert digest() == states[told], "a repeat made a difference"
    for event_id in set(event_ids) - told:
        with undone():
            assert deliveries.deliver(event_id) == 200
            now_told, here = told | {event_id}, digest()
            is_new = now_told not in states
            assert states.setdefault(now_told, here) == here, "the order of the news made a difference"
            if is_new:
                walk(event_ids, states, now_told)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_order_of_the_events_repeated_at_will_ends_in_one_state(name, order):
    acts, end = SCENARIOS[name]
    with faults.held_deliveries() as held:
        for act in acts:
            act(order.stripe_checkout_session_id)
    states = {frozenset(): digest()}
    walk(held.event_ids, states)
    assert len(states) == 2 ** len(held.event_ids)
    for event_id in reversed(held.event_ids):
        assert deliveries.deliver(event_id) == 200
    assert standing(order) == end


@pytest.mark.parametrize("name", SCENARIOS)
def test_news_between_the_acts_or_late_ends_in_the_same_state(name, order):
    acts, end = SCENARIOS[name]
    for when in itertools.product([False, True], repeat=len(acts)):
        with undone(), faults.held_deliveries() as held:
            told = 0
            for deliver_now, act in zip(when, acts, strict=True):
                act(order.stripe_checkout_session_id)
                while deliver_now and told < len(held.event_ids):
                    assert deliveries.deliver(held.event_ids[told]) == 200
                    told += 1
            for event_id in held.event_ids[::-1]:
                assert deliveries.deliver(event_id) == 200
            assert standing(order) == end
