"""Cases that only the random driving of tests/billing/machine/ found, each told plainly."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from billing import services
from billing.models import Document, Order, Refund, Term
from billing.sandbox import bank, faults, invoices, payer, transfers
from billing.sandbox.models import SandboxObject
from tests.billing.books import Books
from tests.billing.machine.cast import cast  # noqa: F401 - a fixture
from tests.billing.machine.checkouts import BEGINNINGS
from tests.billing.mishaps import power_cut
from tests.billing.moving_clock import MovingClock
from tests.billing.test_state_machine import Renting

pytestmark = pytest.mark.django_db


def papers_of(order: Order) -> list[str]:
    """What was issued about an order, with its sum."""
    return [f"{one.kind} {one.gross_minor}" for one in Document.objects.of_order(order)]


@pytest.fixture
def reviewed(order, reconcile):
    """Maya's order, paid although it had been called off."""
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    payer.pay_by_card(order.stripe_checkout_session_id)
    return reconcile(order)


@pytest.fixture
def open_while_stripe_is_away(reviewed, stan):
    """Have Stan open an order under review at a moment when Stripe does not answer."""

    def open_it() -> Order:
        with faults.injected(faults.Fault("timeout_before", times=99)):
            services.open_reviewed_order(
                order=reviewed, kind="fulfil", reason="They paid.", actor=stan, now=timezone.now()
            )
        return Order.objects.get(pk=reviewed.pk)

    return open_it


def test_opened_while_stripe_is_away_it_is_partly_refunded_if_a_part_went_back(
    reviewed, reconcile, open_while_stripe_is_away
):
    bank.give_back_from_dashboard(reviewed.stripe_checkout_session_id, 2000)
    assert reconcile(reviewed).status == "review"
    after = open_while_stripe_is_away()
    assert (after.status, after.refunded_minor) == ("partly_refunded", 2000)
    assert papers_of(after) == ["receipt 6900", "credit_note 2000"]
    assert Term.objects.get().revoked_at is None


def test_opened_while_stripe_is_away_it_is_on_hold_if_a_bank_has_the_money(
    reviewed, reconcile, open_while_stripe_is_away, mails
):
    bank.withdraw(reviewed.stripe_checkout_session_id)
    assert reconcile(reviewed).status == "review"
    mails()
    after = open_while_stripe_is_away()
    assert after.status == "disputed"
    assert Term.objects.get().suspended_at is not None
    assert [to for to, _ in mails()] == [after.contact_email] * 2  # the receipt, and that it is on hold
    bank.decide_for_us(reviewed.stripe_checkout_session_id)
    assert reconcile(after).status == "fulfilled"
    assert Term.objects.get().suspended_at is None


@pytest.mark.parametrize("end", [invoices.void, invoices.pay_out_of_band])
def test_a_part_that_came_for_an_invoice_is_shown_as_too_much_once_it_is_closed(
    end, billed, reconcile, mails
):
    transfers.transfer(billed.stripe_invoice_id, 2000)
    assert reconcile(billed).received_minor == 2000
    mails()
    end(billed.stripe_invoice_id)
    after = reconcile(billed)
    assert (after.received_minor, after.surplus_minor) == (0, 2000)
    assert any("more" in subject.lower() for _, subject in mails())


def test_a_refund_that_stripe_refused_as_the_power_failed_is_given_up_by_the_clock(
    order, pay, reconcile, stan
):
    """Somebody had given all of it back at Stripe, so there was nothing left for the one asked for here."""
    paid = reconcile(pay(order))
    with faults.held_deliveries():
        bank.give_back_from_dashboard(paid.stripe_checkout_session_id)
    with power_cut(3) as cut:
        services.refund_order(
            order=paid, amount_minor=1, reason="x", key=uuid.uuid4(), actor=stan, now=timezone.now()
        )
    assert cut.happened
    assert Refund.objects.get().state == "requested"
    services.reconcile_waiting(now=timezone.now())
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor) == ("refunded", 6900)
    assert sorted(Refund.objects.values_list("amount_minor", "state")) == [(1, "failed"), (6900, "succeeded")]


# --- A checkout that lapses at the very moment at which the clock asks about it ---------------------


@pytest.fixture
def begin_story(cast, monkeypatch) -> Iterator[Callable[[float], Renting]]:  # noqa: F811 - the fixture
    """Begin a story with one checkout, whose time is over so many looks at the clock from now."""

    begun: list[Renting] = []

    def begin(looks: float) -> Renting:
        clock = MovingClock(BEGINNINGS[0])
        clock.set_up(monkeypatch)
        story = Renting(cast, clock)
        begun.append(story)
        story.begin(0, 0)
        session = SandboxObject.objects.get(kind="checkout.session").body
        clock.moment = dt.datetime.fromtimestamp(session["expires_at"], dt.UTC) - clock.tick * looks
        return story

    yield begin
    for story in begun:
        story.kept.close()  # a test that fails leaves its story open


def test_a_checkout_that_lapses_as_it_is_asked_about_is_known_once_the_clock_comes_again(begin_story):
    story = begin_story(1.5)
    services.sweep(now=story.clock.now())
    order = Order.objects.get()
    assert order.status == "expired"
    # It was asked about before it lapsed, so for all that the site knows there may be later news.
    assert Books().forgotten() == [order]
    story.clock_comes(0)
    assert Books().forgotten() == []
    story.teardown()


def test_at_whichever_look_at_the_clock_a_checkout_lapses_the_story_ends_well(begin_story):
    for looks in range(20):
        begin_story(looks + 0.5).teardown()


def test_a_story_ends_badly_where_the_clock_does_not_find_an_order(begin_story, monkeypatch):
    """It comes again once, no more than that."""
    story = begin_story(99)
    came = []
    monkeypatch.setattr(story, "clock_comes", came.append)
    payer.pay_by_card(Order.objects.get().stripe_checkout_session_id)
    with pytest.raises(AssertionError, match="the clock does not find"):
        story.teardown()
    assert len(came) == 2
