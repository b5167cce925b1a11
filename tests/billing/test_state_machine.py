"""Renting, driven at random: people, payers, banks, staff, lost news, power cuts and time, in any order.

After every step the ten promises of tests/billing/invariants.py must hold, and those of paper_promises.py.
``make test`` takes a few hundred steps, always the same ones; ``make prove`` takes thousands of new ones.
What can happen is in tests/billing/machine/.
"""

import os
import random
from types import SimpleNamespace

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from billing.sandbox import shapes
from tests.billing.machine.bank_refunds import BankRefunds
from tests.billing.machine.cast import cast  # noqa: F401 - a fixture
from tests.billing.machine.checkouts import BEGINNINGS, Checkouts
from tests.billing.machine.groups import Groups
from tests.billing.machine.news import News
from tests.billing.machine.staff import Staff
from tests.billing.moving_clock import MovingClock

STEPS_EACH = 50
STEPS = int(os.environ.get("PROVE_STEPS", "0"))


class Renting(Checkouts, BankRefunds, Groups, News, Staff):
    """Two settings and those of a payer, two products, one member of staff, one Stripe, and a clock."""


def test_the_ten_promises_hold_after_every_step(cast, monkeypatch, caplog):  # noqa: F811 - the fixture
    caplog.set_level("CRITICAL")
    clock = MovingClock(BEGINNINGS[0])
    clock.set_up(monkeypatch)
    # Where two things are of one second, Stripe's lists go by their ids: with Hypothesis' own chance, a story
    # that failed fails again.
    chance = SimpleNamespace(token_hex=lambda size: random.randbytes(size).hex())  # noqa: S311 - no secret
    monkeypatch.setattr(shapes, "secrets", chance)
    wanted = STEPS or 200
    Renting.steps = 0
    run_state_machine_as_test(
        lambda: Renting(cast, clock),
        settings=settings(
            # Some stories end early, so there are more; how many do is chance where the stories are new.
            max_examples=wanted // STEPS_EACH * 3 // 2 if STEPS else wanted // STEPS_EACH * 5 // 4,
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
