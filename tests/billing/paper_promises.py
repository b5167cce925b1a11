"""What must hold of papers at every moment: their numbers, how many there are, and what they add up to."""

import datetime as dt
import re
from collections import Counter, defaultdict

from billing.models import Document, Order
from billing.services.reports import BACK, REINSTATED, WITHDRAWN, find_money_back
from tests.billing.books import Books, is_paid_past_stripe

NUMBER = re.compile(r"(?P<series>(?:TEST-)?[A-Z]+)-(?P<number>\d{5,})")
EVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
ORDER, WHAT = ([column.name for column in BACK].index(name) for name in ("Order", "What happened"))
SIGNS = {"credit_note": 1, "debit_note": -1}


def numbers_have_no_gap(books: Books) -> None:
    """Each series is 1, 2, 3 … in the order of writing, up to where its counter stands."""
    found = defaultdict(list)
    for paper in books.papers:
        match = NUMBER.fullmatch(paper.number)
        assert match, f"{paper} is no number"
        found[match["series"]].append(int(match["number"]))
    for series, numbers in found.items():
        assert numbers == list(range(1, len(numbers) + 1)), f"{series} has a gap: {numbers}"
    counted = {name: number for name, number in books.last_numbers.items() if number}
    assert counted == {series: len(numbers) for series, numbers in found.items()}


def one_receipt_for_each_payment(books: Books) -> None:
    """Over what was paid, once it has opened something; with an invoice, one invoice over what is owed."""
    papers: dict[tuple[int, str], list[Document]] = defaultdict(list)
    for paper in books.papers:
        papers[paper.order_id, paper.kind].append(paper)
    for order in books.orders.values():
        receipts, invoices = papers[order.pk, "receipt"], papers[order.pk, "invoice"]
        assert len(receipts) == int(order.fulfilled_at is not None), f"{order} has {len(receipts)} receipts"
        assert all(one.gross_minor == order.paid_minor for one in receipts), f"{order} paid another sum"
        is_out = order.is_by_invoice and books.moves[order.pk]["open"]
        assert int(bool(is_out)) <= len(invoices) <= int(order.is_by_invoice), f"invoices of {order}"
        assert all(one.gross_minor == order.gross_minor for one in invoices), f"{order} owes another sum"


def what_is_credited_is_what_went(books: Books) -> None:
    """Each refund that arrived, each lost dispute and each invoice that was called off, once, and no more."""
    net: Counter = Counter()
    about: Counter = Counter()
    for paper in books.papers:
        if paper.kind in SIGNS:
            net[paper.order_id] += SIGNS[paper.kind] * paper.gross_minor
            about[paper.kind, paper.order_id, paper.refund_id, paper.dispute_id] += 1
    assert max(about.values(), default=1) == 1, "one thing was credited twice"
    basic = {paper.order_id: paper.gross_minor for paper in books.papers if paper.kind not in SIGNS}
    for order in books.orders.values():
        assert 0 <= net[order.pk] <= basic.get(order.pk, 0), f"{order} has {net[order.pk]} credited"
        if order.pk in basic and (books.is_known(order) or is_paid_past_stripe(order)):
            wanted = credited_for(order, books)
            assert net[order.pk] == wanted, f"{order} has {net[order.pk]} credited, not {wanted}"


def credited_for(order: Order, books: Books) -> int:
    """What papers must have credited of an order in all."""
    paid = order.paid_minor if order.fulfilled_at else order.gross_minor
    if order.status == "cancelled":
        return paid if order.is_by_invoice else 0
    rows = [row for row in books.refund_rows if row.order_id == order.pk]
    went = sum(row.amount_minor for row in rows if row.state == "succeeded")
    disputes = [row for row in books.dispute_rows if row.order_id == order.pk]
    went += sum(row.amount_minor for row in disputes if row.stripe_status == "lost")
    return min(went, paid)


def the_monthly_reports_tell_what_went_back(books: Books) -> None:
    """All months together: what went of an order, less what came back to us, is what counts as given back."""
    if not books.refund_rows:
        return
    told: Counter = Counter()
    for row in find_money_back(*EVER):
        if row[WHAT] not in (WITHDRAWN, REINSTATED):
            told[row[ORDER]] -= row[-1]
    for order in books.orders.values():
        rows = [row for row in books.refund_rows if row.order_id == order.pk and row.counts]
        went = sum(row.amount_minor for row in rows if row.stripe_refund_id or row.is_by_bank)
        assert told[order.number] == went, f"the reports say {told[order.number]} of {order}, not {went}"


PAPER_PROMISES = (
    numbers_have_no_gap,
    one_receipt_for_each_payment,
    what_is_credited_is_what_went,
    the_monthly_reports_tell_what_went_back,
)
