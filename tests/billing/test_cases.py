"""Cases of docs/renting-cases.md that need time, a real lock or a power cut."""

import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import Order, OrderLine, Refund, StripeEvent, Term
from billing.sandbox import bank, deliveries, faults, payer
from billing.services import reconcile as reconcile_module
from billing.terms import TERMS_VERSION
from elearning.periods import add_months
from tests import factories as make
from tests.billing import wire
from tests.billing.books import Books
from tests.billing.invariants import check_invariants
from tests.billing.mishaps import power_cut
from tests.billing.moving_clock import MovingClock
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

BEGINNING = dt.datetime(2027, 3, 1, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock(monkeypatch):
    """Time, to be moved."""
    moving = MovingClock(BEGINNING)
    moving.set_up(monkeypatch)
    return moving


def worker_comes() -> None:
    """What the worker's clock does, with nothing rung."""
    services.reconcile_waiting(now=timezone.now())
    services.sweep(now=timezone.now())


def test_bacs_that_fails_after_five_days_is_noticed_without_a_ring(clock, begin, maya, willow_lane):
    order = begin(maya, willow_lane)
    with faults.held_deliveries():
        payer.pay_by_bacs(order.stripe_checkout_session_id)
        worker_comes()
        assert Order.objects.get().status == "processing"
        clock.moment += dt.timedelta(days=5)
        payer.send_back(order.stripe_checkout_session_id)
        worker_comes()
    assert Order.objects.get().status == "failed"
    assert not Term.objects.exists()
    (mail,) = send_waiting_mail()
    assert mail.to == [order.contact_email]
    assert begin(maya, willow_lane).pk != order.pk


@pytest.mark.parametrize(
    ("decide", "status", "opens"),
    [(bank.decide_for_us, "fulfilled", True), (bank.decide_against_us, "charged_back", False)],
)
def test_a_bacs_dispute_eleven_months_later(clock, begin, maya, willow_lane, decide, status, opens):
    order = begin(maya, willow_lane)
    payer.pay_by_bacs(order.stripe_checkout_session_id)
    payer.settle(order.stripe_checkout_session_id)
    services.reconcile_order(order=order, now=timezone.now())
    clock.moment += dt.timedelta(days=335)

    def is_open() -> bool:
        return Term.objects.opening_on(timezone.localdate()).exists()

    assert is_open()
    with faults.held_deliveries():
        bank.withdraw(order.stripe_checkout_session_id)
        worker_comes()
        assert not is_open()
        clock.moment += dt.timedelta(days=20)
        decide(order.stripe_checkout_session_id)
        worker_comes()
    assert Order.objects.get().status == status
    assert is_open() is opens
    assert Term.objects.get().ends_on == add_months(BEGINNING.date(), 12)
    check_invariants()


def test_a_course_that_is_unpublished_and_taken_off_sale_is_given_to_who_has_paid(
    as_, order, maya, omar, willow_lane, product, pay, reconcile
):
    course_page = make.make_course("The key person approach")
    make.make_section(course_page, "Section two", products=[product])
    course_page.unpublish()
    product.is_on_sale = False
    product.save()
    assert reconcile(pay(order)).status == "fulfilled"
    assert Term.objects.get().rental.care_setting == willow_lane
    assert as_(omar).get(reverse("billing:rent", args=[product.slug])).status_code == 404
    assert as_(maya).get(reverse("billing:rentals", args=[willow_lane.slug])).status_code == 200


def test_a_setting_that_everybody_has_left_gets_what_was_paid_and_nobody_sees_it(
    as_, order, maya, willow_lane, pay, reconcile
):
    willow_lane.memberships.update(left_at=timezone.now())
    assert reconcile(pay(order)).status == "fulfilled"
    (mail,) = send_waiting_mail()
    assert mail.to == [order.contact_email]
    for name, args in [("rentals", [willow_lane.slug]), ("order", [willow_lane.slug, order.public_id])]:
        assert as_(maya).get(reverse(f"billing:{name}", args=args)).status_code == 404


# --- Locks, for real ------------------------------------------------------------------------------


@pytest.fixture
def locked(monkeypatch):
    """Hold what a delivery must have, from another connection, and do not let it wait for long."""
    monkeypatch.setattr(reconcile_module, "LOCK_SECONDS", 1)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        if connection.vendor == "sqlite":
            with connection.cursor() as own:
                own.execute("PRAGMA busy_timeout = 200")
            cursor.execute("BEGIN IMMEDIATE")
        else:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM billing_order FOR UPDATE")
        yield cursor
        other.close()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_locked_gets_503_and_the_event_works_when_it_comes_again(
    begin, maya, willow_lane, request
):
    order = begin(maya, willow_lane)
    with faults.held_deliveries() as held:
        payer.pay_by_card(order.stripe_checkout_session_id)
    body = wire.event_body(held.event_ids[0])
    cursor = request.getfixturevalue("locked")
    assert wire.post(body) == 503
    assert not StripeEvent.objects.processed().exists()
    cursor.execute("ROLLBACK")
    assert wire.post(body) == 200
    assert Order.objects.get().status == "fulfilled"
    check_invariants()


# --- A power cut at any write ---------------------------------------------------------------------


def cut_everywhere(act: Callable, *, at_least: int) -> Iterator[Books]:
    """Have the power fail at the first write of ``act``, then at its second …; each time repeat it and look.

    There must be ``at_least`` so many writes, or this looks at something else than it means to.
    """
    for at_write in itertools.count(1):
        with transaction.atomic():
            with power_cut(at_write) as cut:
                act()
            check_invariants()
            act()
            books = Books()
            check_invariants(books)
            yield books
            transaction.set_rollback(True)
        if not cut.happened:
            assert at_write > at_least
            return


def test_a_power_cut_in_a_delivery_leaves_one_term_and_one_receipt(clock, begin, maya, willow_lane):
    order = begin(maya, willow_lane)
    with faults.held_deliveries() as held:
        payer.pay_by_card(order.stripe_checkout_session_id)
    for books in cut_everywhere(lambda: deliveries.deliver(held.event_ids[0]), at_least=6):
        assert books.orders[order.pk].status == "fulfilled"
        assert (len(books.terms), books.mails[order.pk]["receipt"]) == (1, 1)
        assert StripeEvent.objects.processed().count() == 1


def test_a_power_cut_in_beginning_leaves_one_checkout(clock, maya, willow_lane, product):
    def begin_now() -> str:
        return services.begin_checkout(
            product=product,
            care_setting=willow_lane,
            buyer=maya,
            terms_version=TERMS_VERSION,
            now=timezone.now(),
        )

    for books in cut_everywhere(begin_now, at_least=4):
        (session,) = [one for one in books.sessions.values() if one["status"] == "open"]
        assert begin_now() == session["url"]
        assert Order.objects.get().status == "open"
        assert OrderLine.objects.live().count() == 1


def test_a_power_cut_in_a_refund_gives_back_once(clock, begin, maya, stan, willow_lane, pay, reconcile):
    order = reconcile(pay(begin(maya, willow_lane)))
    key = uuid.uuid4()

    def give_back() -> None:
        services.refund_order(
            order=order,
            amount_minor=2000,
            reason="They asked.",
            key=key,
            actor=stan,
            now=timezone.now(),
        )

    for books in cut_everywhere(give_back, at_least=5):
        assert books.orders[order.pk].refunded_minor == 2000
        assert len(books.refunds) == 1
        assert Refund.objects.get().state == "succeeded"
        assert books.mails[order.pk]["refund"] == 1
