"""Paying against an invoice: made step by step, paid by bank transfer, and whatever else becomes of it."""

import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import services, stripe_gateway
from billing.models import Decision, Document, Order, OrderLine, Term
from billing.sandbox import bank, deliveries, faults, invoices, payer, store, transfers
from billing.sandbox.models import SandboxEvent, SandboxObject
from billing.services.drafts import DRAFT_LIFE
from billing.services.invoice_news import LAPSE_DAYS
from billing.services.reconcile import find_order
from billing.stripe_gateway.invoices import build_customer_request, build_invoice_request, build_item_requests
from billing.terms import TERMS_VERSION
from elearning.periods import london_day
from tests import factories as make
from tests.billing import wire
from tests.billing.test_permutations import undone
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

GIVE_BACK = bank.give_back_from_dashboard


@pytest.fixture
def mails():
    """Send what waits and return the subjects for each address."""

    def sent() -> list[tuple[str, str]]:
        return sorted((mail.to[0], mail.subject) for mail in send_waiting_mail())

    return sent


@pytest.fixture
def open_meanwhile(stan):
    """Have Stan open what an invoice is for before it is paid."""

    def open_now(order, now=None):
        return services.open_meanwhile(
            order=order, reason="Their authority pays late.", actor=stan, now=now or timezone.now()
        )

    return open_now


@pytest.fixture
def mark_paid(stan):
    """Have Stan say that the money came to the provider's own account."""

    def mark(order):
        return services.mark_invoice_paid(
            order=order, bank_reference="BACS 881", reason="On the statement", actor=stan, now=timezone.now()
        )

    return mark


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
    assert Document.objects.of_order(after).last().snapshot["how_paid"] == "Bank transfer"
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
