"""What must hold of renting at every moment, whatever happened: one function for each promise.

Each looks at the rows and at what the sandbox holds, and raises AssertionError with what is wrong. A promise
is looked at from outside: it must hold even where the constraint that should hold it is gone.
"""

import datetime as dt
from collections import Counter, defaultdict
from itertools import pairwise

from django.test import override_settings
from django.utils import timezone

from billing.models import GrantTakenBack, Order, Term
from billing.services import rental_summary
from billing.services.invoice_news import LAPSE_DAYS
from elearning.periods import add_months, is_whole_months, london_day, months_between
from teams.models import CareSetting
from tests.billing.books import Books, Money, is_paid_past_stripe
from tests.billing.paper_promises import PAPER_PROMISES

OPEN_STATES = ("fulfilled", "partly_refunded", "disputed")  # paid; a bank may ask for what was given back
TAKEN_BACK_STATES = ("refunded", "charged_back")
LAPSE = dt.timedelta(days=LAPSE_DAYS)


def has_money(order: Order) -> bool:
    """Whether a paid order still has some of its money, even if a bank is asking for it."""
    return order.status in OPEN_STATES and not 0 < order.paid_minor <= order.refunded_minor


def terms_of_a_rental_never_overlap(books: Books) -> None:
    """(1) Unrevoked terms of one rental share no day."""
    for earlier, later in pairwise(books.terms_in_force):
        if earlier.rental_id == later.rental_id:
            assert earlier.ends_on <= later.starts_on, f"{earlier} and {later} overlap"


def a_paid_line_has_exactly_one_term(books: Books) -> None:
    """(2) However often and in whatever order news came. What is not paid, or no longer, has none."""
    found = Counter(term.order_line_id for term in books.terms_in_force if not term.is_provisional)
    every = Counter(term.order_line_id for term in books.terms if term.order_line_id)
    assert max(every.values(), default=1) == 1, "a line has two terms"
    for line in books.lines:
        order = books.order_of_line[line.pk]
        wanted = int(has_money(order))
        assert found[line.pk] == wanted, f"{order} is {order.status} and has {found[line.pk]} terms in force"


def a_term_is_paid_for_or_granted(books: Books) -> None:
    """(3) Nothing is open without money, or without a member of staff who gave it with a reason.

    What staff opened until an invoice is paid lapses in time, and opens nothing from then on.
    """
    for term in books.terms_in_force:
        if term.order_line_id is None or term.is_provisional:
            assert term.granted_by_id, f"{term} is nobody's"
            assert term.grant_reason, f"{term} was given without a reason"
        if term.is_provisional:
            order = books.order_of_line[term.order_line_id]
            assert order.is_by_invoice, f"{term} is open, and no invoice is to be paid for it"
            assert order.status == "open", f"{term} is open, and {order} is {order.status}"
            day = london_day(order.reconciled_at or order.created_at)
            assert day <= order.due_on + LAPSE, f"{term} is open though {order} is long overdue"
        if term.order_line_id is None or term.is_provisional:
            continue
        money = books.money_of(books.order_of_line[term.order_line_id])
        assert money, f"{term} has no checkout"
        assert money.is_paid, f"{term} was never paid for"
    closed = [term.pk for term in books.terms if term.is_provisional and term.revoked_at]
    opening = Term.objects.opening_on(london_day(timezone.now()))
    assert not (closed and opening.filter(pk__in=closed).exists()), "what has lapsed opens lessons"
    taken = set(GrantTakenBack.objects.values_list("term_id", flat=True))
    ended = {term.pk for term in books.terms if term.order_line_id is None and term.revoked_at}
    assert taken == ended, "a grant ended, and nobody took it back with a reason"


def no_more_is_given_back_than_was_paid(books: Books) -> None:
    """(4) Neither here nor at Stripe, with what is on its way; nor is more asked for than that.

    Nor does our own bank give back more than came past Stripe, or the same twice; what staff say came back to
    us is given back no longer, and only that. What was asked for and what somebody gave back at Stripe
    meanwhile may be more: Stripe refuses the former.
    """
    counted: Counter = Counter()
    asked: Counter = Counter()
    for refund in books.refund_rows:
        if refund.counts:
            is_made = refund.stripe_refund_id or refund.is_by_bank
            counted[refund.order_id] += refund.amount_minor if is_made else 0
            asked[refund.order_id] += refund.amount_minor if refund.asked_by_id else 0
    for order in books.orders.values():
        assert order.refunded_minor <= order.paid_minor, f"{order} gave back too much"
        assert counted[order.pk] <= order.paid_minor, f"{order} has refunds of more than was paid"
        assert asked[order.pk] <= order.paid_minor, f"{order} is asked for more than was paid"
        money = books.money_of(order)
        assert money is None or money.refunded <= money.charged, f"{order} gave back too much at Stripe"
        assert books.sent_back(order) <= order.off_stripe_minor, f"our bank gave back too much of {order}"
    for (order_id, reference), pairs in books.transfers.items():
        assert all(is_gone == row.counts for row, is_gone in pairs), (
            f"{reference} of order {order_id}: {pairs}"
        )
        came_back = books.came_back[order_id, reference]
        assert came_back <= len(pairs), f"{reference} of order {order_id} came back {came_back} times"
        assert sum(is_gone for _, is_gone in pairs) <= 1, f"{reference} of order {order_id} counts twice"


def one_live_line_for_a_setting_and_product(books: Books) -> None:
    """(5) Nobody can pay twice for one thing by two checkouts, and nothing that was called off."""
    live: Counter = Counter()
    for line in books.lines:
        order = books.order_of_line[line.pk]
        assert line.is_live == order.is_live, f"{line} does not follow {order}"
        live[line.care_setting_id, line.product_id] += order.is_live
        money = books.money_of(order)
        if order.status == "cancelled" and money:
            assert money.status != "open", f"{order} is called off and can be paid"
    assert max(live.values(), default=0) <= 1, "two orders for one thing are live"


def one_object_of_stripes_belongs_to_one_order(books: Books) -> None:
    """(6) And the order is the one that the object names."""
    orders = books.orders.values()
    for name in ("stripe_checkout_session_id", "stripe_invoice_id", "stripe_payment_intent_id"):
        found = [getattr(order, name) for order in orders if getattr(order, name)]
        assert len(found) == len(set(found)), f"two orders share a {name}"
    for order in orders:
        session = books.sessions.get(order.stripe_checkout_session_id)
        if session:
            assert session["client_reference_id"] == str(order.public_id), f"another's checkout: {order}"
            assert order.stripe_payment_intent_id in ("", session["payment_intent"]), order
        invoice = books.invoices.get(order.stripe_invoice_id)
        if invoice:
            assert invoice["metadata"]["order"] == str(order.public_id), f"another's invoice: {order}"
            assert invoice["customer"] == order.stripe_customer_id, f"another's customer: {order}"
            payments = {one["payment"]["payment_intent"] for one in books.payments[invoice["id"]]}
            assert order.stripe_payment_intent_id in payments | {""}, f"another's payment: {order}"
    payments = {one["id"]: one["payment_intent"] for one in [*books.refunds, *books.disputes]}
    pairs = [(row, row.stripe_refund_id) for row in books.refund_rows if row.stripe_refund_id]
    pairs += [(row, row.stripe_dispute_id) for row in books.dispute_rows]
    for row, object_id in pairs:
        order = books.orders[row.order_id]
        assert payments[object_id] == order.stripe_payment_intent_id, f"{row} is another order's"


def a_term_is_whole_calendar_months(books: Books) -> None:
    """(7) As many as were paid for, counted from the anchor."""
    lines = {line.pk: line for line in books.lines}
    for term in books.terms:
        assert is_whole_months(term.starts_on, term.ends_on, anchor=term.anchor), f"{term} is no whole months"
        if term.order_line_id:
            months = months_between(term.anchor, term.starts_on) + lines[term.order_line_id].months
            assert term.ends_on == add_months(term.anchor, months), f"{term} is not what was paid for"


def the_sums_equal_stripes(books: Books) -> None:
    """(8) Sums, state and access, for whatever was asked about since it last changed.

    What was paid past Stripe needs no asking: what our own bank gave back, or got back, counts at once.
    """
    paid_terms = [term for term in books.terms_in_force if not term.is_provisional]
    open_lines = {term.order_line_id for term in paid_terms if term.suspended_at is None}
    is_open = {books.order_of_line[pk].pk for pk in open_lines if pk}
    noted: dict[int, set[str]] = defaultdict(set)
    for refund in books.refund_rows:
        noted[refund.order_id] |= {refund.stripe_refund_id} - {""}
    here = there = 0
    for order in books.orders.values():
        if is_paid_past_stripe(order):
            the_bank_is_believed_at_once(order, books.sent_back(order))
        money = books.money_of(order)
        if money is None or not books.is_known(order):
            continue
        wanted = (money.total, money.refunded + money.sent_back) if money.is_paid else (0, 0)
        assert (order.paid_minor, order.refunded_minor) == wanted, f"{order} has other sums: {money}"
        beside = (order.off_stripe_minor, order.received_minor, order.surplus_minor)
        assert beside == (money.past_stripe, money.received, money.surplus), f"{order}, beside it: {money}"
        assert order.status in allowed_states(order, money), f"{order} is {order.status}: {money}"
        assert noted[order.pk] == books.refund_ids_of(order), f"{order} does not know all its refunds"
        should_be_open = order.status != "review" and money.opens
        assert (order.pk in is_open) == should_be_open, f"{order}, {order.status}, open or not: {money}"
        here += order.kept_minor - order.off_stripe_minor + money.sent_back
        there += money.charged - money.refunded
    assert here == there, "the sum over orders is not Stripe's"
    if all(books.is_known(order) for order in books.orders.values()):
        assert here == books.kept_at_stripe(), "Stripe has money that no order knows"


def the_bank_is_believed_at_once(order: Order, sent_back: int) -> None:
    """No bank of a payer's can take back a transfer, so what ours sent is all that there is to know."""
    assert order.refunded_minor == sent_back, (
        f"{order} counts {order.refunded_minor}, our bank sent {sent_back}"
    )
    wanted = "partly_refunded" if sent_back else "fulfilled"
    allowed = {"refunded"} if sent_back == order.paid_minor else {wanted, "review"}
    assert order.status in allowed, f"{order} is {order.status}, our bank sent {sent_back}"


def allowed_states(order: Order, money: Money) -> set[str]:
    """Where an order may stand, given what Stripe says."""
    expected = money.expected_status
    if order.status == "draft" and order.is_by_invoice and not money.is_paid:
        return {"draft"} if money.status in ("draft", "open") else {expected}
    if not money.is_paid:
        return {expected, "cancelled"} if expected == "expired" else {expected}
    return {expected, "review"} if order.review_reason and expected not in TAKEN_BACK_STATES else {expected}


def pretend_money_opens_nothing_on_a_live_site(books: Books) -> None:
    """(9) The same rows, looked at by a site with live keys."""
    paid = [term.pk for term in books.terms_in_force if term.order_line_id]
    granted = {term.rental_id for term in books.terms if term.order_line_id is None}
    if not paid:
        return
    day = london_day(timezone.now())
    with override_settings(STRIPE_SECRET_KEY="sk_live_only_said_by_a_test"):
        assert not Term.objects.opening_on(day).filter(pk__in=paid).exists(), "pretend money opens lessons"
        for care_setting in CareSetting.objects.all():
            for summary in rental_summary(care_setting, day):
                assert summary.rental.pk in granted, "a rental of pretend money is shown"


def each_mail_goes_once(books: Books) -> None:
    """(10) A receipt for each time that terms were written; other news once for each thing that happened."""
    refunds = Counter(row.order_id for row in books.refund_rows)
    disputes = Counter(row.order_id for row in books.dispute_rows)
    for order in books.orders.values():
        sent, moved = books.mails[order.pk], books.moves[order.pk]
        transfers = books.transfers_of(order)
        receipt = "group_receipt" if order.is_for_many else "receipt"
        both = 1 + (order.billing_email.lower() not in ("", order.contact_email.lower()))
        for message, at_least, at_most in (
            (receipt, int(has_money(order)), moved["opened"]),
            ("review", int(order.status == "review"), moved["review"]),
            ("payment_failed", 0, moved["failed"]),
            ("late_payment", 0, moved["processing"]),
            ("refund", len(transfers), refunds[order.pk]),
            ("refund_failed", sum(not is_gone for _, is_gone in transfers), refunds[order.pk]),
            ("dispute", disputes[order.pk], 3 * disputes[order.pk]),  # an inquiry, the money taken, the end
            ("invoice", both * moved["open"] * order.is_by_invoice, both * moved["open"]),
            ("invoice_paid", int(has_money(order)) * (both - 1), moved["opened"]),
            ("invoice_void", 0, both * moved["cancelled"]),
            ("invoice_overdue", both * bool(order.overdue_at), both),
            ("invoice_part_paid", 0, both * books.heard(order, "payment_intent.partially_funded")),
            ("surplus", int(order.surplus_minor > 0), books.heard(order, "cash_balance.funds_available")),
        ):
            assert at_least <= sent[message] <= at_most, f"{order}: {message} went {sent[message]} times"
    opened = {line.payer_setting_id for line in books.lines if has_money(books.order_of_line[line.pk])}
    for setting in books.waiting_settings:
        assert setting.invitation_id or setting.pk not in opened, f"nobody was written to about {setting}"


INVARIANTS = (
    terms_of_a_rental_never_overlap,
    a_paid_line_has_exactly_one_term,
    a_term_is_paid_for_or_granted,
    no_more_is_given_back_than_was_paid,
    one_live_line_for_a_setting_and_product,
    one_object_of_stripes_belongs_to_one_order,
    a_term_is_whole_calendar_months,
    the_sums_equal_stripes,
    pretend_money_opens_nothing_on_a_live_site,
    each_mail_goes_once,
)


def check_invariants(books: Books | None = None) -> None:
    """All ten, and what papers promise, at this moment."""
    books = books or Books()
    for invariant in (*INVARIANTS, *PAPER_PROMISES):
        invariant(books)
