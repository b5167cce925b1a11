"""Paying against an invoice: made step by step, paid by bank transfer, and whatever else becomes of it."""

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from billing import services, stripe_gateway
from billing.models import Document, Order, OrderLine, Term
from billing.sandbox import bank, deliveries, faults, invoices, store, transfers
from billing.sandbox.models import SandboxObject
from billing.services.drafts import DRAFT_LIFE
from billing.stripe_gateway.invoices import build_customer_request, build_invoice_request, build_item_requests
from billing.terms import TERMS_VERSION
from elearning.periods import london_day
from tests.billing.test_permutations import undone
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

GIVE_BACK = bank.give_back_from_dashboard


def count(kind: str) -> int:
    return SandboxObject.objects.filter(kind=kind).count()


def access_of(order: Order) -> str:
    term = Term.objects.of_order(order).first()
    if term is None:
        return "none"
    state = "revoked" if term.revoked_at else "open"
    return f"{state} meanwhile" if term.is_provisional else state


def some_orders_of(events: list[str]) -> list[list[str]]:
    """Forwards, backwards and the last one first, each with everything told twice."""
    return [events * 2, events[::-1] * 2, [*events[-1:], *events[:-1], *reversed(events)]]


# --- Made once, whatever happens on the way -----------------------------------------------------------


def test_it_is_numbered_sent_and_open_at_once(billed, maya, mails):
    assert (billed.status, billed.method, billed.buyer) == ("open", "invoice", maya)
    assert (billed.terms_version, billed.terms_accepted_by) == (TERMS_VERSION, maya)
    assert billed.due_on == london_day(billed.created_at) + dt.timedelta(days=30)
    paper = Document.objects.get()
    assert (paper.kind, paper.order, paper.snapshot["buyer"]["po_number"]) == ("invoice", billed, "PO-4711")
    at_stripe = store.find(store.INVOICE, billed.stripe_invoice_id)
    assert (at_stripe["status"], at_stripe["total"]) == ("open", 6900)
    assert {"name": "Please quote", "value": paper.number} in at_stripe["custom_fields"]
    assert {"name": "Purchase order", "value": "PO-4711"} in at_stripe["custom_fields"]
    assert billed.stripe_payment_intent_id.startswith("pi_")
    subject = f"Invoice {paper.number} for purchase order PO-4711"
    assert mails() == sorted([("finance@school.example", subject), (maya.email, subject)])
    assert not Term.objects.exists()


def test_one_mail_where_the_buyer_pays_the_bills(ask_for_invoice, maya, willow_lane, details, mails):
    ask_for_invoice(maya, willow_lane, details=details._replace(billing_email=maya.email.upper()))
    assert len(mails()) == 1


def test_the_requests_are_pure_functions_of_the_order(billed):
    again = Order.objects.get(pk=billed.pk)
    for build in (build_customer_request, build_item_requests):
        assert build(billed) == build(again)
    assert build_invoice_request(billed, number="INV-1") == build_invoice_request(again, number="INV-1")


STEPS = (
    "POST /v1/customers",
    "funding_instructions",
    "POST /v1/invoices",
    "POST /v1/invoiceitems",
    "GET /v1/invoices",
    "finalize",
    "send",
)


@pytest.mark.parametrize("kind", ["timeout_after", "timeout_before"])
@pytest.mark.parametrize("step", STEPS)
def test_an_answer_lost_at_any_step_ends_in_one_invoice(
    step, kind, ask_for_invoice, maya, willow_lane, mails
):
    with faults.injected(faults.Fault(kind, where=step, times=9)):
        assert ask_for_invoice(maya, willow_lane).status == "draft"
    if kind == "timeout_after":
        order = ask_for_invoice(maya, willow_lane)
    else:
        services.reconcile_waiting(now=timezone.now())
        order = Order.objects.get()
    assert order.status == "open"
    kinds = ("customer", "invoice", "invoice_payment")
    assert [count(one) for one in kinds] == [1, 1, 1]
    assert store.find(store.INVOICE, order.stripe_invoice_id)["total"] == 6900
    assert Document.objects.count() == 1
    assert len(mails()) == 2


def test_a_key_that_was_used_for_another_request_finds_the_invoice_that_it_made(
    ask_for_invoice, maya, willow_lane
):
    with faults.injected(faults.Fault("timeout_after", where="POST /v1/invoices", times=9)):
        ask_for_invoice(maya, willow_lane)
    Order.objects.update(po_number="PO-4712")
    order = ask_for_invoice(maya, willow_lane)
    assert (order.status, order.attempt, count("invoice")) == ("open", 2, 1)


def test_what_stripe_refuses_is_called_off_with_a_credit_note(ask_for_invoice, maya, willow_lane):
    with faults.injected(faults.Fault("timeout_before", where="POST /v1/invoices", times=9)):
        order = ask_for_invoice(maya, willow_lane)
    SandboxObject.objects.filter(kind="customer").delete()
    with pytest.raises(services.NoCheckoutError):
        ask_for_invoice(maya, willow_lane)
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert [one.kind for one in Document.objects.of_order(order)] == ["invoice", "credit_note"]
    assert not OrderLine.objects.live().exists()


def test_an_address_of_one_line_is_enough(ask_for_invoice, maya, willow_lane, details):
    order = ask_for_invoice(maya, willow_lane, details=details._replace(billing_address="1 Long Lane"))
    assert order.status == "open"


def test_an_invoice_that_never_began_is_called_off_after_a_day(ask_for_invoice, maya, willow_lane):
    with faults.injected(faults.Fault("timeout_before", where="POST /v1/customers", times=9)):
        order = ask_for_invoice(maya, willow_lane)
    services.reconcile_waiting(now=order.created_at + DRAFT_LIFE + dt.timedelta(minutes=1))
    order.refresh_from_db()
    assert (order.status, count("customer"), Document.objects.count()) == ("cancelled", 0, 0)


def test_what_was_called_off_while_stripe_was_away_cannot_be_paid_for_long(
    ask_for_invoice, maya, willow_lane
):
    """Called off between the finished invoice and its being sent; then Stripe did not answer the voiding."""
    order = ask_for_invoice(buyer=maya, care_setting=willow_lane)
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    assert store.find(store.INVOICE, order.stripe_invoice_id)["status"] == "open"
    services.sweep(now=timezone.now())
    assert store.find(store.INVOICE, order.stripe_invoice_id)["status"] == "void"
    order.refresh_from_db()
    assert order.status == "cancelled"
    services.sweep(now=timezone.now())


def test_a_draft_that_stripe_has_forgotten_is_deleted_and_called_off(ask_for_invoice, maya, willow_lane):
    with faults.injected(faults.Fault("timeout_before", where="finalize", times=9)):
        order = ask_for_invoice(maya, willow_lane)
    services.reconcile_waiting(now=order.created_at + DRAFT_LIFE + dt.timedelta(minutes=1))
    order.refresh_from_db()
    assert (order.status, order.stripe_invoice_id, count("invoice")) == ("cancelled", "", 0)


def test_lines_that_do_not_add_up_are_never_finalised(ask_for_invoice, maya, willow_lane):
    with faults.injected(faults.Fault("timeout_before", where="finalize", times=9)):
        order = ask_for_invoice(maya, willow_lane)
    first = order.stripe_invoice_id
    assert first
    body = {"customer": order.stripe_customer_id, "invoice": first, "amount": 100, "currency": "gbp"}
    stripe_gateway.get_client().v1.invoice_items.create(body)
    order = ask_for_invoice(maya, willow_lane)
    assert order.status == "open"
    assert order.stripe_invoice_id != first
    assert store.find(store.INVOICE, order.stripe_invoice_id)["total"] == 6900


# --- What becomes of it -------------------------------------------------------------------------------

SCENARIOS = {
    "paid": ([transfers.transfer_all], "fulfilled", 0, "open"),
    "short-paid": ([transfers.transfer_short], "open", 0, "open meanwhile"),
    "short, then the rest": ([transfers.transfer_short, transfers.transfer_all], "fulfilled", 0, "open"),
    "overpaid": ([transfers.transfer_more], "fulfilled", 1000, "open"),
    "short, then too much": ([transfers.transfer_short, transfers.transfer_more], "fulfilled", 1000, "open"),
    "voided": ([invoices.void], "cancelled", 0, "revoked meanwhile"),
    "voided, then paid": ([invoices.void, transfers.transfer_again], "cancelled", 6900, "revoked meanwhile"),
    "overdue": ([transfers.become_overdue], "open", 0, "open meanwhile"),
    "overdue, then paid": ([transfers.become_overdue, transfers.transfer_all], "fulfilled", 0, "open"),
    "overdue, then voided": ([transfers.become_overdue, invoices.void], "cancelled", 0, "revoked meanwhile"),
    "a month overdue": ([transfers.become_long_overdue], "open", 0, "revoked meanwhile"),
    "a month overdue, then paid": (
        [transfers.become_long_overdue, transfers.transfer_all],
        "fulfilled",
        0,
        "open",
    ),
    "uncollectible": ([invoices.mark_uncollectible], "expired", 0, "revoked meanwhile"),
    "uncollectible, then paid": (
        [invoices.mark_uncollectible, transfers.transfer_all],
        "fulfilled",
        0,
        "open",
    ),
    "paid, then given back": ([transfers.transfer_all, GIVE_BACK], "refunded", 0, "revoked"),
    "paid, disputed and lost": (
        [transfers.transfer_all, bank.withdraw, bank.decide_against_us],
        "charged_back",
        0,
        "revoked",
    ),
    "paid past Stripe": ([invoices.pay_out_of_band], "fulfilled", 0, "open"),
}


def check(order: Order, status: str, surplus: int, access: str) -> None:
    found = Order.objects.get(pk=order.pk)
    assert (found.status, found.surplus_minor, access_of(found)) == (status, surplus, access)
    assert Term.objects.of_order(found).count() == 1


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_events_in_any_order_and_twice_end_in_one_state(name, billed, open_meanwhile):
    acts, *expected = SCENARIOS[name]
    open_meanwhile(billed)
    with faults.held_deliveries() as held:
        for act in acts:
            act(billed.stripe_invoice_id)
    for events in some_orders_of(held.event_ids):
        with undone():
            for event_id in events:
                assert deliveries.deliver(event_id) == 200
            check(billed, *expected)


@pytest.mark.parametrize("name", [name for name, (acts, *_) in SCENARIOS.items() if len(acts) > 1])
def test_news_between_the_acts_or_late_ends_in_the_same_state(name, billed, open_meanwhile):
    acts, *expected = SCENARIOS[name]
    open_meanwhile(billed)
    for when in itertools.product([0, 1], repeat=len(acts)):
        with undone(), faults.held_deliveries() as held:
            told = 0
            for deliver_now, act in zip(when, acts, strict=True):
                act(billed.stripe_invoice_id)
                while deliver_now and told < len(held.event_ids):
                    deliveries.deliver(held.event_ids[told])
                    told += 1
            for event_id in held.event_ids[::-1]:
                deliveries.deliver(event_id)
            found = Order.objects.get(pk=billed.pk)
            assert (found.status, found.surplus_minor) == tuple(expected[:2])
            assert Term.objects.of_order(found).count() == 1


def test_paid_opens_once_with_receipt_and_the_days_begin_when_the_money_comes(billed, reconcile, mails):
    mails()
    later = timezone.now() + dt.timedelta(days=10)
    with faults.held_deliveries():
        transfers.transfer_all(billed.stripe_invoice_id)
    for _ in range(3):
        after = reconcile(billed, later)
    assert (after.status, after.paid_minor, after.received_minor) == ("fulfilled", 6900, 0)
    assert Term.objects.get().starts_on == london_day(later)
    assert [one.kind for one in Document.objects.of_order(after)] == ["invoice", "receipt"]
    assert Document.objects.of_order(after).last().snapshot["how_paid"].startswith("Bank transfer")
    assert [to for to, _ in mails()] == sorted({billed.contact_email, billed.billing_email})


def test_a_short_payment_says_what_is_missing_once(billed, reconcile, mails):
    mails()
    transfers.transfer(billed.stripe_invoice_id, 5000)
    for _ in range(2):
        after = reconcile(billed)
    assert (after.status, after.received_minor, after.remaining_minor) == ("open", 5000, 1900)
    assert not Term.objects.exists()
    told = send_waiting_mail()
    assert len(told) == 2
    assert all("£19" in mail.body and "£50" in mail.body for mail in told)


def test_an_overpayment_is_told_to_staff_until_it_is_sent_back(billed, reconcile, mails, settings):
    mails()
    transfers.transfer_more(billed.stripe_invoice_id)
    after = reconcile(billed)
    assert (after.status, after.paid_minor, after.surplus_minor) == ("fulfilled", 6900, 1000)
    assert [to for to, _ in mails()].count(settings.SUPPORT_EMAIL) == 1
    customer = store.find(store.CUSTOMER, after.stripe_customer_id)
    customer["cash_balance"]["available"] = {"gbp": 0}
    store.keep(customer)
    services.sweep(now=timezone.now())
    after.refresh_from_db()
    assert after.surplus_minor == 0


def test_money_for_a_void_invoice_opens_nothing_and_is_told_to_staff(billed, reconcile, mails, settings):
    invoices.void(billed.stripe_invoice_id)
    reconcile(billed)
    mails()
    transfers.transfer_again(billed.stripe_invoice_id)
    after = reconcile(billed)
    assert (after.status, after.paid_minor, after.surplus_minor) == ("cancelled", 0, 6900)
    assert [to for to, _ in mails()] == [settings.SUPPORT_EMAIL]


def test_a_void_invoice_is_credited_and_nobody_is_to_pay_it(billed, reconcile, mails):
    mails()
    invoices.void(billed.stripe_invoice_id)
    assert reconcile(billed).status == "cancelled"
    assert [one.kind for one in Document.objects.of_order(billed)] == ["invoice", "credit_note"]
    assert {subject.endswith("is called off") for _, subject in mails()} == {True}


def test_an_overdue_invoice_is_reminded_of_once(billed, reconcile, mails):
    mails()
    day_after = dt.datetime.combine(billed.due_on, dt.time(12), dt.UTC) + dt.timedelta(days=1)
    reconcile(billed, day_after - dt.timedelta(days=1))
    assert mails() == []
    for _ in range(2):
        assert reconcile(billed, day_after).status == "open"
    assert len(mails()) == 2


def test_other_sums_references_and_modes_need_a_decision(billed, reconcile):
    invoice = store.find(store.INVOICE, billed.stripe_invoice_id)
    for changes in (
        {"total": 100, "subtotal": 100},
        {"currency": "eur"},
        {"metadata": {"order": "another"}},
    ):
        with undone():
            store.keep({**invoice, **changes})
            after = reconcile(billed)
            assert after.status == "review"
            assert not Term.objects.exists()
