"""Refunds and disputes: whatever comes back, in whatever order the news comes, ends in one state."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import services
from billing.models import Dispute, Order, Refund, Rental, Term
from billing.sandbox import bank, faults, payer
from billing.services.refunds import KEY_LIFE
from tests import factories as make
from tests.billing import wire
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

PART = 2000


@pytest.fixture
def paid(order, pay, reconcile):
    """Maya's order, paid and open."""
    after = reconcile(pay(order))
    send_waiting_mail()
    return after


@pytest.fixture
def refund(stan):
    """Have Stan give money back."""

    def refund_now(order, amount_minor=6900, *, reason="They asked within a week.", key=None):
        return services.refund_order(
            order=order,
            amount_minor=amount_minor,
            reason=reason,
            key=key or uuid.uuid4(),
            actor=stan,
            now=timezone.now(),
        )

    return refund_now


def is_open(care_setting) -> bool:
    """Whether anything opens for the setting's people today."""
    return Term.objects.opening_on(timezone.localdate()).of_care_setting(care_setting).exists()


def test_a_full_refund_ends_access_and_keeps_who_and_why(paid, refund, willow_lane, stan):
    row = refund(paid)
    paid.refresh_from_db()
    assert (row.state, row.asked_by, row.reason) == ("succeeded", stan, "They asked within a week.")
    assert row.stripe_refund_id.startswith("re_sbx")
    assert (paid.status, paid.refunded_minor) == ("refunded", 6900)
    assert not is_open(willow_lane)
    (mail,) = send_waiting_mail()
    assert mail.to == [paid.contact_email]
    assert "£69" in mail.body
    assert "has ended" in mail.body


def test_a_partial_refund_keeps_access(paid, refund, willow_lane):
    refund(paid, PART)
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor) == ("partly_refunded", PART)
    assert is_open(willow_lane)
    (mail,) = send_waiting_mail()
    assert "stays open" in mail.body


def test_partial_refunds_up_to_the_whole_end_access(paid, refund, willow_lane):
    refund(paid, 4000)
    refund(paid, 2900)
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor) == ("refunded", 6900)
    assert not is_open(willow_lane)


@pytest.mark.parametrize("amount", [6901, 0, -1])
def test_a_refund_over_the_rest_is_refused_and_nothing_is_written(paid, refund, amount):
    with pytest.raises(services.CannotRefundError):
        refund(paid, amount)
    assert not Refund.objects.exists()


def test_a_second_refund_over_what_is_left_is_refused(paid, refund):
    refund(paid, 4000)
    with pytest.raises(services.CannotRefundError, match=r"29\.00"):
        refund(paid, 4000)
    assert Refund.objects.counting().total_minor() == 4000


def test_the_same_wish_pressed_twice_is_done_once(paid, refund):
    key = uuid.uuid4()
    assert refund(paid, PART, key=key) == refund(paid, PART, key=key)
    paid.refresh_from_db()
    assert paid.refunded_minor == PART


def test_the_wish_of_one_order_is_refused_for_another(
    paid, refund, begin, omar, harbour_house, pay, reconcile
):
    key = uuid.uuid4()
    refund(paid, PART, key=key)
    other = reconcile(pay(begin(omar, harbour_house)))
    with pytest.raises(services.CannotRefundError, match="another order"):
        refund(other, PART, key=key)
    assert Refund.objects.count() == 1


def test_an_unpaid_order_has_nothing_to_give_back(order, refund):
    with pytest.raises(services.CannotRefundError, match="Waiting for payment"):
        refund(order)


def test_a_refund_whose_answer_was_lost_is_found_again_and_made_once(paid, refund):
    with faults.injected(faults.Fault("timeout_after", where="POST /v1/refunds", times=9)):
        row = refund(paid, PART)
    assert row.state == "requested"
    services.finish_refunds(now=timezone.now())
    row.refresh_from_db()
    paid.refresh_from_db()
    assert (row.state, paid.refunded_minor) == ("succeeded", PART)
    assert Refund.objects.count() == 1


def test_a_refund_that_never_arrived_is_sent_again_by_the_clock(paid, refund):
    with faults.injected(faults.Fault("timeout_before", where="POST /v1/refunds", times=9)):
        row = refund(paid, PART)
    assert services.refundable_minor(paid) == 6900 - PART
    services.reconcile_waiting(now=timezone.now())
    row.refresh_from_db()
    assert row.state == "succeeded"


def test_a_refund_is_not_sent_again_once_stripe_has_forgotten_its_key(paid, refund, settings):
    with faults.injected(faults.Fault("timeout_before", where="POST /v1/refunds", times=9)):
        row = refund(paid, PART)
    services.finish_refunds(now=row.created_at + KEY_LIFE)
    row.refresh_from_db()
    assert row.state == "failed"
    assert services.refundable_minor(paid) == 6900
    (mail,) = send_waiting_mail()
    assert mail.to == [settings.SUPPORT_EMAIL]


def test_what_stripe_refuses_counts_for_nothing(paid, refund):
    with faults.held_deliveries():
        bank.withdraw(paid.stripe_checkout_session_id)
    with pytest.raises(services.CannotRefundError, match="Stripe refused"):
        refund(paid)
    assert Refund.objects.get().state == "failed"
    assert Refund.objects.counting().total_minor() == 0


def test_a_refund_made_at_stripe_is_written_down_once(paid, reconcile):
    bank.give_back_from_dashboard(paid.stripe_checkout_session_id, PART)
    for _ in range(3):
        reconcile(paid)
    row = Refund.objects.get()
    assert (row.amount_minor, row.asked_by, row.reason) == (PART, None, "Made at Stripe, not here.")
    assert len(send_waiting_mail()) == 1


def test_a_refund_that_fails_after_the_end_opens_everything_again_and_tells_staff(
    paid, refund, reconcile, willow_lane, settings
):
    refund(paid)
    send_waiting_mail()
    bank.fail_refund(paid.stripe_checkout_session_id)
    after = reconcile(paid)
    assert (after.status, after.refunded_minor) == ("fulfilled", 0)
    assert is_open(willow_lane)
    assert Term.objects.count() == 1
    to_staff, debit_note, opened = sorted(send_waiting_mail(), key=lambda mail: mail.subject)
    assert to_staff.to == [settings.SUPPORT_EMAIL]
    assert debit_note.to == opened.to == [paid.contact_email]
    assert "TEST-DN-00001" in debit_note.subject
    assert "open again" in opened.body


def test_a_refund_that_fails_when_the_days_are_taken_needs_a_decision(
    paid, refund, begin, maya, willow_lane, pay, reconcile
):
    refund(paid)
    second = reconcile(pay(begin(maya, willow_lane)))
    assert second.status == "fulfilled"
    bank.fail_refund(paid.stripe_checkout_session_id)
    after = reconcile(paid)
    assert (after.status, after.refunded_minor) == ("review", 0)
    assert "days" in after.review_reason
    assert Term.objects.unrevoked().get().order_line.order_id == second.pk
    assert reconcile(paid).status == "review"


def test_a_dispute_takes_access_while_the_bank_has_the_money_and_a_win_gives_it_back(
    paid, reconcile, willow_lane, settings
):
    bank.inquire(paid.stripe_checkout_session_id)
    assert reconcile(paid).status == "disputed"
    assert is_open(willow_lane)
    bank.withdraw(paid.stripe_checkout_session_id)
    reconcile(paid)
    assert not is_open(willow_lane)
    (summary,) = services.rental_summary(willow_lane, timezone.localdate())
    assert summary.state == "on_hold"
    assert not summary.is_open
    bank.decide_for_us(paid.stripe_checkout_session_id)
    assert reconcile(paid).status == "fulfilled"
    assert is_open(willow_lane)
    mails = send_waiting_mail()
    assert len([mail for mail in mails if mail.to == [settings.SUPPORT_EMAIL]]) == 3
    assert [mail.subject.split()[0] for mail in mails if mail.to == [paid.contact_email]] == ["On", "Open"]


def test_a_lost_dispute_ends_access_for_good(paid, reconcile, willow_lane):
    bank.withdraw(paid.stripe_checkout_session_id)
    bank.decide_against_us(paid.stripe_checkout_session_id)
    after = reconcile(paid)
    assert after.status == "charged_back"
    assert not is_open(willow_lane)
    dispute = Dispute.objects.get()
    assert (dispute.stripe_status, dispute.is_withdrawn, dispute.answer_by is None) == ("lost", True, False)


@pytest.mark.parametrize("act", [bank.inquire, bank.withdraw])
def test_a_payment_that_is_disputed_before_it_is_noticed_has_its_receipt(act, order, pay, reconcile):
    act(pay(order).stripe_checkout_session_id)
    assert reconcile(order).status == "disputed"
    assert [mail.subject for mail in send_waiting_mail()].count("Your receipt: Section two") == 1


def test_days_on_hold_are_not_sold_twice(paid, reconcile, begin, maya, willow_lane):
    bank.withdraw(paid.stripe_checkout_session_id)
    reconcile(paid)
    with pytest.raises(services.AlreadyRentingError):
        begin(maya, willow_lane)


def test_a_bacs_dispute_a_year_later_is_seen_by_the_sweep_without_any_webhook(order, reconcile):
    payer.pay_by_bacs(order.stripe_checkout_session_id)
    payer.settle(order.stripe_checkout_session_id)
    reconcile(order)
    with faults.held_deliveries():
        bank.withdraw(order.stripe_checkout_session_id)
    services.sweep(now=timezone.now())
    order.refresh_from_db()
    assert order.status == "disputed"


def test_the_first_year_given_back_leaves_the_next_year(paid, refund, begin, maya, willow_lane, product):
    rental = Rental.objects.get()
    last = Term.objects.get().ends_on
    make.make_rental(willow_lane, product, starts_on=last)
    refund(paid)
    ahead = Term.objects.unrevoked().get()
    assert (ahead.rental, ahead.starts_on) == (rental, last)


def test_money_given_back_from_review_closes_it(order, pay, reconcile, refund):
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    assert reconcile(pay(order)).status == "review"
    refund(order, reason="Paid after it was called off.")
    order.refresh_from_db()
    assert (order.status, order.review_reason) == ("refunded", "")
    assert not Term.objects.exists()
    bank.fail_refund(order.stripe_checkout_session_id)
    assert reconcile(order).status == "review"


@pytest.mark.parametrize("kind", ["charge.refunded", "refund.updated", "charge.dispute.created"])
def test_a_bell_that_only_names_the_payment_finds_the_order(kind, paid):
    version = paid.version
    thing = {"id": "xx_sbx1", "object": "thing", "payment_intent": paid.stripe_payment_intent_id}
    assert wire.post(wire.make_body(kind, thing)) == 200
    paid.refresh_from_db()
    assert paid.version > version


def test_the_database_refuses_more_given_back_than_was_paid(paid):
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=paid.pk).update(refunded_minor=6901)


def test_one_refund_of_stripes_is_one_row(paid, refund):
    row = refund(paid, PART)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.create(
            order=paid, stripe_refund_id=row.stripe_refund_id, amount_minor=1, reason="again"
        )
