"""Invoices that staff open meanwhile, mark as paid or call off; one thing, one order; the doorbell."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import services, stripe_gateway
from billing.models import Decision, Document, Order, Term
from billing.sandbox import deliveries, faults, invoices, payer, store, transfers
from billing.sandbox.models import SandboxEvent, SandboxObject
from billing.services.invoice_news import LAPSE_DAYS
from billing.services.reconcile import find_order
from tests import factories as make
from tests.billing import wire
from tests.billing.test_invoices import GIVE_BACK, STEPS, access_of

pytestmark = pytest.mark.django_db


# --- Opened meanwhile ---------------------------------------------------------------------------------


def test_what_is_opened_meanwhile_becomes_the_paid_term_on_the_same_days(
    billed, open_meanwhile, reconcile, stan, mails
):
    mails()
    (term,) = open_meanwhile(billed)
    assert (term.is_provisional, term.granted_by) == (True, stan)
    assert Decision.objects.get().kind == "meanwhile"
    assert [subject.split(":")[0] for _, subject in mails()] == ["Open already"]
    with faults.held_deliveries():
        transfers.transfer_all(billed.stripe_invoice_id)
    reconcile(billed, timezone.now() + dt.timedelta(days=20))
    paid = Term.objects.get()
    assert (paid.pk, paid.starts_on, paid.ends_on) == (term.pk, term.starts_on, term.ends_on)
    assert (paid.is_provisional, paid.granted_by, paid.grant_reason) == (False, None, "")


def test_voided_after_provisional_access_closes_it(billed, open_meanwhile, reconcile, willow_lane, mails):
    open_meanwhile(billed)
    assert Term.objects.opening_on(timezone.localdate()).of_care_setting(willow_lane).exists()
    mails()
    invoices.void(billed.stripe_invoice_id)
    reconcile(billed)
    assert not Term.objects.opening_on(timezone.localdate()).of_care_setting(willow_lane).exists()
    assert any(subject.startswith("Closed again") for _, subject in mails())


def test_it_lapses_thirty_days_after_the_last_day_by_the_clock_alone(billed, open_meanwhile):
    open_meanwhile(billed)
    last = dt.datetime.combine(billed.due_on, dt.time(12), dt.UTC) + dt.timedelta(days=LAPSE_DAYS)
    services.reconcile_waiting(now=last)
    assert access_of(billed) == "open meanwhile"
    services.reconcile_waiting(now=last + dt.timedelta(days=1))
    assert access_of(billed) == "revoked meanwhile"


def test_it_cannot_be_opened_twice_or_for_what_is_paid_or_long_overdue(billed, open_meanwhile, reconcile):
    late = timezone.now() + dt.timedelta(days=62)
    with pytest.raises(services.CannotDecideError, match="30 days overdue"):
        open_meanwhile(billed, late)
    open_meanwhile(billed)
    with pytest.raises(services.CannotDecideError, match="open already"):
        open_meanwhile(billed)
    transfers.transfer_all(billed.stripe_invoice_id)
    with pytest.raises(services.CannotDecideError, match="Paid"):
        open_meanwhile(reconcile(billed))
    assert Term.objects.count() == 1


def test_the_database_holds_that_only_an_order_can_be_opened_meanwhile(billed, open_meanwhile):
    (term,) = open_meanwhile(billed)
    for changes in ({"granted_by": None}, {"order_line": None}, {"grant_reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Term.objects.filter(pk=term.pk).update(**changes)


# --- What staff decide --------------------------------------------------------------------------------


def test_marked_as_paid_opens_it_and_keeps_reference_reason_and_person(billed, mark_paid, stan):
    after = mark_paid(billed)
    assert (after.status, after.paid_minor, after.off_stripe_minor) == ("fulfilled", 6900, 6900)
    assert after.stripe_payment_intent_id == ""
    assert services.refundable_minor(after) == 0
    decision = Decision.objects.get()
    kept = (decision.kind, decision.bank_reference, decision.reason, decision.decided_by)
    assert kept == ("mark_paid", "BACS 881", "On the statement", stan)
    receipt = Document.objects.of_order(after).last()
    assert receipt.snapshot["how_paid"] == "Bank transfer, as a practice payment"
    with pytest.raises(services.CannotDecideError):
        mark_paid(after)


@pytest.mark.parametrize("kind", ["timeout_after", "timeout_before"])
def test_marked_as_paid_while_stripe_is_away_is_finished_by_the_clock(billed, mark_paid, kind):
    with faults.injected(faults.Fault(kind, where="/pay", times=9)):
        assert mark_paid(billed).status == "open"
    services.reconcile_waiting(now=timezone.now())
    billed.refresh_from_db()
    assert billed.status == "fulfilled"
    assert Decision.objects.count() == 1


def test_marked_as_paid_what_was_paid_meanwhile_is_paid_once(billed, mark_paid):
    with faults.held_deliveries():
        transfers.transfer_all(billed.stripe_invoice_id)
    after = mark_paid(billed)
    assert (after.status, after.off_stripe_minor, Term.objects.count()) == ("fulfilled", 0, 1)


def test_voided_by_staff_keeps_the_reason_and_what_was_paid_meanwhile_is_not_voided(billed, stan):
    with faults.held_deliveries():
        transfers.transfer_all(billed.stripe_invoice_id)
    with pytest.raises(services.CannotDecideError, match="Paid"):
        services.void_invoice(order=billed, reason="Wrong number", actor=stan, now=timezone.now())
    billed.refresh_from_db()
    assert billed.status == "fulfilled"


@pytest.mark.parametrize("kind", ["timeout_after", "timeout_before"])
def test_calling_off_while_stripe_is_away_leaves_it_and_is_noticed_later(billed, maya, kind):
    fault = faults.Fault(kind, where="/void", times=9)
    with faults.injected(fault), faults.held_deliveries(), pytest.raises(services.NoCheckoutError):
        services.call_off(order=billed, actor=maya, now=timezone.now())
    billed.refresh_from_db()
    assert billed.status == "open"
    assert services.call_off(order=billed, actor=maya, now=timezone.now()).status == "cancelled"
    assert store.find(store.INVOICE, billed.stripe_invoice_id)["status"] == "void"


@pytest.mark.parametrize("step", STEPS)
def test_calling_off_what_is_being_made_leaves_nothing_to_pay(step, ask_for_invoice, maya, willow_lane):
    with faults.injected(faults.Fault("timeout_after", where=step, times=9)):
        draft = ask_for_invoice(maya, willow_lane)
    assert services.call_off(order=draft, actor=maya, now=timezone.now()).status == "cancelled"
    left = [one.body["status"] for one in SandboxObject.objects.filter(kind="invoice")]
    assert "open" not in left
    services.reconcile_waiting(now=timezone.now())
    draft.refresh_from_db()
    assert draft.status == "cancelled"


# --- One thing, one order -----------------------------------------------------------------------------


def test_who_wants_to_pay_by_card_is_handed_the_open_invoice(billed, willow_lane, product):
    ben = make.make_user("Ben Manager")
    address = services.begin_checkout(
        product=product, care_setting=willow_lane, buyer=ben, terms_version="x", now=timezone.now()
    )
    assert address == f"/billing/invoices/{billed.public_id}/"
    assert Order.objects.count() == 1


def test_who_wants_an_invoice_while_a_checkout_is_open_is_told(order, ask_for_invoice, maya, willow_lane):
    with pytest.raises(services.CheckoutIsOpenError):
        ask_for_invoice(maya, willow_lane)


@pytest.mark.parametrize("how", ["ask again", "by card", "call off"])
def test_an_invoice_of_the_other_mode_or_of_other_keys_stands_in_nobodys_way(
    how, billed, ask_for_invoice, begin, maya, willow_lane
):
    if how == "call off":
        SandboxObject.objects.all().delete()
        assert services.call_off(order=billed, actor=maya, now=timezone.now()).status == "cancelled"
        return
    Order.objects.update(livemode=True)
    begun = ask_for_invoice(maya, willow_lane) if how == "ask again" else begin(maya, willow_lane)
    assert (begun.status, begun.livemode, begun == billed) == ("open", False, False)
    billed.refresh_from_db()
    assert billed.status == "cancelled"


def test_called_off_and_paid_by_card_opens_once(billed, maya, willow_lane, begin, pay, reconcile):
    services.call_off(order=billed, actor=maya, now=timezone.now())
    second = reconcile(pay(begin(maya, willow_lane)))
    assert second.status == "fulfilled"
    assert store.find(store.INVOICE, billed.stripe_invoice_id)["status"] == "void"


@pytest.mark.parametrize("card_first", [True, False])
def test_paid_twice_by_card_and_invoice_needs_a_decision(
    card_first, billed, begin, maya, willow_lane, pay, reconcile
):
    invoices.mark_uncollectible(billed.stripe_invoice_id)
    assert reconcile(billed).status == "expired"
    card = begin(maya, willow_lane)
    with faults.held_deliveries():
        pay(card)
        transfers.transfer_all(billed.stripe_invoice_id)
    first, second = (card, billed) if card_first else (billed, card)
    assert reconcile(first).status == "fulfilled"
    assert reconcile(second).status == "review"
    assert Term.objects.count() == 1


# --- From an event to its order -----------------------------------------------------------------------


def events_of(order: Order) -> list[dict]:
    return [one.body for one in SandboxEvent.objects.order_by("created_at")]


def test_an_event_finds_an_order_whose_answer_was_lost_by_what_stripe_says(billed):
    with faults.held_deliveries():
        transfers.transfer_all(billed.stripe_invoice_id)
    Order.objects.update(stripe_invoice_id="", stripe_payment_intent_id="", status="draft")
    paid = SandboxEvent.objects.get(type="invoice.paid")
    assert deliveries.deliver(paid.pk) == 200
    billed.refresh_from_db()
    assert (billed.status, billed.stripe_invoice_id[:3]) == ("fulfilled", "in_")


def test_an_event_that_claims_to_be_about_another_order_changes_nothing(
    billed, ask_for_invoice, omar, harbour_house
):
    other = ask_for_invoice(omar, harbour_house)
    Order.objects.filter(pk=other.pk).update(stripe_invoice_id="")
    thing = {
        **store.find(store.INVOICE, billed.stripe_invoice_id),
        "id": "in_sbxnothing",
        "metadata": {"order": str(other.public_id)},
    }
    assert wire.post(wire.make_body("invoice.paid", thing)) == 200
    other.refresh_from_db()
    assert other.stripe_invoice_id == ""


@pytest.mark.parametrize("kind", ["refund", "cash balance", "part"])
def test_an_event_about_the_money_finds_the_order_that_never_noted_its_payment(billed, kind):
    with faults.held_deliveries():
        if kind == "refund":
            transfers.transfer_all(billed.stripe_invoice_id)
            GIVE_BACK(billed.stripe_invoice_id)
        else:
            act = transfers.transfer_more if kind == "cash balance" else transfers.transfer_short
            act(billed.stripe_invoice_id)
    Order.objects.update(stripe_payment_intent_id="")
    wanted = {"refund": "refund.created", "cash balance": "cash_balance.funds_available"}
    event = SandboxEvent.objects.get(type=wanted.get(kind, "payment_intent.partially_funded"))
    delivery = stripe_gateway.read_delivery(
        wire.event_body(event.pk).encode(), wire.sign(wire.event_body(event.pk)), now=timezone.now()
    )
    assert find_order(delivery) == billed


def test_without_any_event_the_clock_notices_payment_and_asks_once_an_hour(billed):
    with faults.held_deliveries():
        transfers.transfer_all(billed.stripe_invoice_id)
    now = timezone.now()
    assert services.reconcile_waiting(now=now).changed == 1
    Order.objects.update(status="open", reconciled_at=now)
    assert services.reconcile_waiting(now=now + dt.timedelta(minutes=10)).asked == 0
    assert services.reconcile_waiting(now=now + dt.timedelta(hours=2)).asked == 1


def test_a_refund_of_the_desk_gives_bank_money_back(billed, reconcile, stan):
    transfers.transfer_all(billed.stripe_invoice_id)
    services.refund_order(
        order=reconcile(billed),
        amount_minor=6900,
        reason="Not wanted",
        key=billed.public_id,
        actor=stan,
        now=timezone.now(),
    )
    billed.refresh_from_db()
    assert (billed.status, access_of(billed)) == ("refunded", "revoked")


def test_a_checkout_can_follow_and_a_card_payer_is_not_billed(order, pay, reconcile):
    payer.pay_by_card(order.stripe_checkout_session_id)
    after = reconcile(order)
    assert (after.status, after.method, after.due_on) == ("fulfilled", "checkout", None)
