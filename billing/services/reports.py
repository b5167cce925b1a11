"""The month's report: what came in, what went back, what begins and ends; on screen and as a spreadsheet.

A month is London's: half past eleven in the evening of 30 June, by Greenwich, is July. What belongs to which
day: a payment to the day on which the site first learned from Stripe that it is certain (the terms begin by
the same day); a refund to the day on which it was begun, one by our own bank to the day on which it was
recorded, and if it fails, its money again to the day on which that was learned, from Stripe or at the desk; a
dispute to the days on which the bank took the money and gave it back. So the sums of a month that is over do
not change any more.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Min

from billing.mode import is_live
from billing.models import Dispute, Document, Order, Refund, Term
from elearning.periods import LONDON, add_months, london_day

GIVEN_BACK = "Given back"
SENT_BACK = "Given back by bank transfer"
FAILED = "Refund failed: it is with us again"
WITHDRAWN = "Taken by the payer's bank"
REINSTATED = "Given back by the payer's bank"
TEXT, DAY, MONEY = "text", "day", "money"


class Column(NamedTuple):
    """One column: its heading, and what its cells are. Money is in minor units of the row's currency."""

    name: str
    kind: str = TEXT


class Table(NamedTuple):
    """A part of the report. ``totals`` is one row for each currency, empty where nothing is summed."""

    name: str
    columns: list[Column]
    rows: list[list[Any]]
    totals: list[list[Any]]
    nothing: str

    def cells(self, row: list[Any]) -> list[tuple[Column, Any, str]]:
        """The cells of a row for the screen: column, value, and the currency of the row."""
        currency = row[self.columns.index(CURRENCY)] if CURRENCY in self.columns else ""
        return [(column, value, currency) for column, value in zip(self.columns, row, strict=True)]

    @property
    def screen_rows(self) -> list[list[tuple[Column, Any, str]]]:
        """Every row as ``cells``."""
        return [self.cells(row) for row in self.rows]

    @property
    def screen_totals(self) -> list[list[tuple[Column, Any, str]]]:
        """Every total as ``cells``."""
        return [self.cells(row) for row in self.totals]


class MonthlyReport(NamedTuple):
    """The report of the London month that begins on ``first_day``."""

    first_day: dt.date
    tables: list[Table]


CURRENCY = Column("Currency")
PAID = [
    Column("Day", DAY),
    Column("Order"),
    Column("Customer"),
    Column("What"),
    Column("How"),
    CURRENCY,
    Column("Price", MONEY),
    Column("Discount", MONEY),
    Column("Paid", MONEY),
]
BACK = [
    Column("Day", DAY),
    Column("Order"),
    Column("Customer"),
    Column("What happened"),
    Column("Why"),
    CURRENCY,
    Column("Amount", MONEY),
]
VAT = [
    Column("Day", DAY),
    Column("Number"),
    Column("Paper"),
    Column("Order"),
    Column("Customer"),
    CURRENCY,
    Column("Net", MONEY),
    Column("VAT", MONEY),
    Column("With VAT", MONEY),
]
SUMMARY = [
    CURRENCY,
    Column("Price", MONEY),
    Column("Discount", MONEY),
    Column("Paid", MONEY),
    Column("Given back", MONEY),
    Column("Disputed", MONEY),
    Column("Left", MONEY),
]
TERMS = [
    Column("First day", DAY),
    Column("Last day", DAY),
    Column("Setting"),
    Column("Product"),
    Column("How"),
]
GRANTS = [
    Column("Day", DAY),
    Column("Setting"),
    Column("Product"),
    Column("What happened"),
    Column("Who"),
    Column("Why"),
]


def monthly_report(first_day: dt.date) -> MonthlyReport:
    """Put together the report of the London month that begins on ``first_day``. Nine queries.

    On a live site only what was paid with real money counts; elsewhere only practice payments do.
    """
    until_day = add_months(first_day, 1)
    since, until = _midnight(first_day), _midnight(until_day)
    paid, back = find_paid(since, until), find_money_back(since, until)
    vat = find_vat(since, until)  # without VAT nothing may mention it
    return MonthlyReport(
        first_day,
        [
            Table("Summary", SUMMARY, summarise(paid, back), [], "No money moved in this month."),
            Table("Orders paid", PAID, paid, add_up(PAID, paid), "Nothing was paid in this month."),
            Table("Money back", BACK, back, add_up(BACK, back), "No money went back in this month."),
            *([Table("VAT", VAT, vat, add_up(VAT, vat), "")] if vat else []),
            Table("Terms that begin", TERMS, find_starting(first_day, until_day), [], "No term begins."),
            Table("Terms that end", TERMS, find_ending(first_day, until_day), [], "No term ends."),
            Table("Grants", GRANTS, find_grants(since, until), [], "Nothing was granted or taken back."),
        ],
    )


def months_with_a_report(*, now: dt.datetime) -> list[dt.date]:
    """The first day of every London month since the first order or grant, newest first."""
    begun = [model.objects.aggregate(first=Min("created_at"))["first"] for model in (Order, Term)]
    first = min((london_day(one) for one in begun if one), default=london_day(now)).replace(day=1)
    months = [london_day(now).replace(day=1)]
    while months[-1] > first:
        months.append(add_months(months[-1], -1))
    return months


def _midnight(day: dt.date) -> dt.datetime:
    """The moment at which a London day begins."""
    return dt.datetime.combine(day, dt.time(), LONDON)


def find_paid(since: dt.datetime, until: dt.datetime) -> list[list[Any]]:
    """The orders paid within a stretch of time, as rows of PAID, earliest first."""
    orders = Order.objects.of_mode(is_live=is_live()).paid_between(since, until)
    return [
        [
            london_day(order.paid_at or since),
            order.number,
            order.customer.name,
            ", ".join(dict.fromkeys(line.title for line in order.lines.all())),
            order.get_method_display(),
            order.currency.upper(),
            order.gross_minor,
            -order.discount_minor,
            order.paid_minor,
        ]
        for order in orders.with_customer().prefetch_related("lines")
    ]


def find_money_back(since: dt.datetime, until: dt.datetime) -> list[list[Any]]:
    """Refunds and disputes within a stretch of time, as rows of BACK, earliest first; below 0: it left us."""
    refunds = Refund.objects.of_mode(is_live=is_live()).made().with_order()
    disputes = Dispute.objects.of_mode(is_live=is_live()).with_order()
    found: list[tuple[dt.datetime | None, Refund | Dispute, int, str, str]] = []
    for refund in refunds.begun_between(since, until):
        found.append((refund.created_at, refund, -1, *_how_back(refund)))
    for refund in refunds.failed_between(since, until):
        found.append((refund.changed_at, refund, 1, FAILED, _how_back(refund)[1]))
    for dispute in disputes.withdrawn_between(since, until):
        found.append((dispute.withdrawn_at, dispute, -1, WITHDRAWN, dispute.stripe_reason))
    for dispute in disputes.reinstated_between(since, until):
        found.append((dispute.reinstated_at, dispute, 1, REINSTATED, dispute.stripe_reason))
    rows = []
    for at, one, sign, what, why in found:
        order, amount = one.order, sign * one.amount_minor
        if at:
            words = [order.number, order.customer.name, what, why, order.currency.upper()]
            rows.append((at, order.pk, [london_day(at), *words, amount]))
    return [row for _, _, row in sorted(rows, key=lambda one: one[:2])]


def _how_back(refund: Refund) -> tuple[str, str]:
    """What a refund is called, and why it was made; a transfer with its own day and the bank's reference."""
    if not refund.is_by_bank or not refund.sent_on:
        return GIVEN_BACK, refund.reason
    return SENT_BACK, f"{refund.reason} ({refund.sent_on:%-d %B %Y}, {refund.bank_reference})"


def find_vat(since: dt.datetime, until: dt.datetime) -> list[list[Any]]:
    """The papers with VAT that were issued within a stretch of time, as rows of VAT; credit notes below 0."""
    papers = Document.objects.with_vat_between(since, until, is_live=is_live()).with_addresses()
    rows = []
    for paper in papers:
        sign = -1 if paper.kind == Document.Kind.CREDIT_NOTE else 1
        words = [paper.number, paper.get_kind_display(), paper.order.number, paper.order.customer.name]
        sums = [sign * one for one in (paper.net_minor, paper.vat_minor, paper.gross_minor)]
        rows.append([london_day(paper.issued_at), *words, paper.currency.upper(), *sums])
    return rows


def find_starting(first_day: dt.date, until_day: dt.date) -> list[list[Any]]:
    """Terms whose first day is in [first_day, until_day), as rows of TERMS."""
    return _terms(Term.objects.counting().with_all_about_it().starting_between(first_day, until_day))


def find_ending(first_day: dt.date, until_day: dt.date) -> list[list[Any]]:
    """Terms whose last day is in [first_day, until_day), as rows of TERMS."""
    return _terms(Term.objects.counting().with_all_about_it().ending_between(first_day, until_day))


def _terms(terms: Iterable[Term]) -> list[list[Any]]:
    return [
        [
            term.starts_on,
            term.last_day,
            term.rental.care_setting.name,
            term.rental.product.name,
            _how(term),
        ]
        for term in terms
    ]


def _how(term: Term) -> str:
    if term.is_provisional:
        return "until the invoice is paid"
    return "paid" if term.order_line_id else "granted"


def find_grants(since: dt.datetime, until: dt.datetime) -> list[list[Any]]:
    """What was granted and what was taken back within a stretch of time, as rows of GRANTS."""
    terms = Term.objects.granted().with_all_about_it()
    found = [
        (term.created_at, term, "Granted", term.granted_by, term.grant_reason)
        for term in terms.given_between(since, until)
    ]
    for term in terms.taken_back_between(since, until):
        end = term.taken_back
        found.append((end.taken_back_at, term, "Taken back", end.taken_back_by, end.reason))
    return [
        [london_day(at), term.rental.care_setting.name, term.rental.product.name, what, who.display_name, why]
        for at, term, what, who, why in sorted(found, key=lambda one: (one[0], one[1].pk))
        if who
    ]


def add_up(columns: list[Column], rows: list[list[Any]]) -> list[list[Any]]:
    """One row for each currency with the sums of the columns of money."""
    place = columns.index(CURRENCY)
    sums: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda row: row[place]):
        total = sums.setdefault(row[place], [0 if column.kind == MONEY else "" for column in columns])
        for number, column in enumerate(columns):
            if column.kind == MONEY:
                total[number] += row[number]
    for currency, total in sums.items():
        total[0], total[place] = "Total", currency
    return list(sums.values())


def summarise(paid: list[list[Any]], back: list[list[Any]]) -> list[list[Any]]:
    """One row of SUMMARY for each currency; "Left" is what was paid and neither given back nor taken back."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for row in paid:
        for number, amount in enumerate(row[-3:]):
            sums[row[PAID.index(CURRENCY)]][number] += amount
    for row in back:
        is_bank = row[3] in (WITHDRAWN, REINSTATED)
        sums[row[BACK.index(CURRENCY)]][4 if is_bank else 3] += row[-1]
    return [[currency, *all_of, sum(all_of[2:])] for currency, all_of in sorted(sums.items())]
