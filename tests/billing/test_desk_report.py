"""The monthly report: London's months, sums that follow from rows, and a spreadsheet that says the same."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from billing import services
from billing.models import Dispute, Document, GrantTakenBack, Order, OrderLine, Refund, Term
from billing.sandbox import bank
from billing.services.reports import MONEY, monthly_report
from tests import factories as make

pytestmark = pytest.mark.django_db

JULY = dt.date(2027, 7, 1)


@pytest.fixture
def desk(as_, stan):
    return as_(stan)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.fixture
def paid_at(willow_lane, product):
    """An order that was paid at a moment: ``paid_at("2027-07-01T00:00+00:00", 6900, discount=690)``."""

    def make_order(
        text: str, amount: int = 6900, *, discount: int = 0, currency: str = "gbp", **fields
    ) -> Order:
        order = Order.objects.create(
            care_setting=willow_lane,
            status="fulfilled",
            currency=currency,
            net_minor=amount,
            gross_minor=amount,
            discount_minor=discount,
            paid_minor=amount - discount,
            terms_version="1",
            terms_accepted_at=moment(text),
            livemode=False,
            created_at=moment(text),
            **{"paid_at": moment(text), **fields},
        )
        OrderLine.objects.create(
            order=order,
            product=product,
            care_setting=willow_lane,
            title="=Section two",
            months=12,
            net_minor=amount,
            gross_minor=amount,
            is_live=False,
        )
        return order

    return make_order


@pytest.fixture
def full_july(paid_at, stan):
    """A month with discounts, refunds that arrive and fail, and disputes, in two currencies."""
    first = paid_at("2027-06-30T23:30+00:00", 6900, discount=690)
    second = paid_at("2027-07-10T12:00+00:00", 12050)
    paid_at("2027-07-12T12:00+00:00", 5000, currency="eur")
    paid_at("2027-07-31T23:30+00:00", 9900)  # August in London
    for order, state, amount, begun, changed in (
        (second, "succeeded", 2050, "2027-07-31T22:59+00:00", "2027-08-02T12:00+00:00"),
        (second, "failed", 1000, "2027-06-10T12:00+00:00", "2027-07-03T12:00+00:00"),
        (first, "requested", 500, "2027-07-05T12:00+00:00", "2027-07-05T12:00+00:00"),
    ):
        Refund.objects.create(
            order=order,
            stripe_refund_id="" if state == "requested" else f"re_{amount}",
            amount_minor=amount,
            state=state,
            reason="@Bought twice",
            asked_by=stan,
            created_at=moment(begun),
            changed_at=moment(changed),
        )
    Dispute.objects.create(
        order=first,
        stripe_dispute_id="du_1",
        amount_minor=6210,
        stripe_status="won",
        stripe_reason="fraudulent",
        created_at=moment("2027-07-04T12:00+00:00"),
        withdrawn_at=moment("2027-07-04T12:00+00:00"),
        reinstated_at=moment("2027-08-04T12:00+00:00"),
    )


def tables(first_day: dt.date) -> dict:
    return {table.name: table for table in monthly_report(first_day).tables}


def test_the_summary_follows_from_the_rows(full_july):
    found = tables(JULY)
    assert found["Summary"].rows == [
        ["EUR", 5000, 0, 5000, 0, 0, 5000],
        ["GBP", 18950, -690, 18260, -1050, -6210, 11000],
    ]
    assert [row[0] for row in found["Orders paid"].rows] == [
        JULY,
        dt.date(2027, 7, 10),
        dt.date(2027, 7, 12),
    ]
    assert [(row[3], row[-1]) for row in found["Money back"].rows] == [
        ("Refund failed: it is with us again", 1000),
        ("Taken by the payer's bank", -6210),
        ("Given back", -2050),
    ]


def test_half_past_eleven_by_greenwich_is_the_next_day_in_summer_and_not_in_winter(paid_at):
    summer = paid_at("2027-06-30T23:30+00:00")
    winter = paid_at("2027-11-30T23:30+00:00")
    assert [row[1] for row in tables(JULY)["Orders paid"].rows] == [summer.number]
    assert tables(dt.date(2027, 6, 1))["Orders paid"].rows == []
    assert [row[1] for row in tables(dt.date(2027, 11, 1))["Orders paid"].rows] == [winter.number]


def test_months_do_not_change_once_they_are_over(full_july):
    before = monthly_report(JULY)
    Dispute.objects.update(stripe_status="lost")
    Order.objects.update(status="charged_back", refunded_minor=0)
    assert monthly_report(JULY) == before


def test_the_spreadsheet_says_what_the_screen_says_and_adds_up(desk, full_july):
    page = desk.get(reverse("billing_desk:report"), {"month": "2027-07"}).content.decode()
    response = desk.get(reverse("billing_desk:report_xlsx", args=["2027-07"]))
    assert response["Content-Disposition"] == 'attachment; filename="report-2027-07.xlsx"'
    book = load_workbook(io.BytesIO(response.content))
    report = monthly_report(JULY)
    assert book.sheetnames == [table.name for table in report.tables]
    for table in report.tables:
        heading, *rows = list(book[table.name].iter_rows(values_only=True))
        assert list(heading) == [column.name for column in table.columns]
        body, totals = rows[: len(table.rows)], rows[len(table.rows) :]
        assert len(totals) == len(table.totals)
        for number, column in enumerate(table.columns):
            if column.kind != MONEY:
                continue
            for kept, row in zip(rows, [*table.rows, *table.totals], strict=True):
                assert round(Decimal(str(kept[number])) * 100) == row[number]
                assert f"{abs(row[number]) // 100:,}" in page
            place = [one.name for one in table.columns].index("Currency")
            for total in totals:
                summed = sum(row[number] for row in body if row[place] == total[place])
                assert round(total[number], 2) == round(summed, 2)
    summary = {row[0]: row[3] for row in book["Summary"].iter_rows(min_row=2, values_only=True)}
    assert summary == {"EUR": 50, "GBP": Decimal("182.6")} or summary["GBP"] == pytest.approx(182.6)
    assert "−£62.10" in page


def test_no_cell_of_the_spreadsheet_is_a_formula(desk, full_july, willow_lane):
    willow_lane.name = "+Willow\x07 Lane"
    willow_lane.save()
    content = desk.get(reverse("billing_desk:report_xlsx", args=["2027-07"])).content
    cells = [
        cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row
    ]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    words = {cell.value: cell.quotePrefix for cell in cells if isinstance(cell.value, str)}
    assert words["=Section two"]
    assert words["@Bought twice"]
    assert words["+Willow Lane"]
    assert not words["Given back"]


def test_terms_and_grants_stand_in_their_months(desk, willow_lane, product, stan):
    term = make.make_rental(willow_lane, product, starts_on=dt.date(2026, 8, 1), granted_by=stan).terms.get()
    Term.objects.update(created_at=moment("2027-07-01T12:00+00:00"))
    later = make.make_rental(willow_lane, product, starts_on=dt.date(2027, 8, 1)).terms.last()
    Term.objects.filter(pk=later.pk).update(revoked_at=timezone.now())
    GrantTakenBack.objects.create(
        term=later, reason="A mistake", taken_back_by=stan, taken_back_at=moment("2027-07-31T22:59+00:00")
    )
    july, august = tables(JULY), tables(dt.date(2027, 8, 1))
    assert [row[1] for row in july["Terms that end"].rows] == [dt.date(2027, 7, 31)] == [term.last_day]
    assert august["Terms that end"].rows == august["Terms that begin"].rows == []
    assert [row[0] for row in tables(dt.date(2026, 8, 1))["Terms that begin"].rows] == [dt.date(2026, 8, 1)]
    assert [(row[3], row[5]) for row in july["Grants"].rows] == [
        ("Granted", "for a test"),
        ("Taken back", "A mistake"),
    ]


def test_a_real_payment_its_refund_and_its_dispute_are_found(order, pay, reconcile):
    now = timezone.now()
    paid = reconcile(pay(order), now=now)
    assert paid.paid_at == now
    bank.give_back_from_dashboard(paid.stripe_checkout_session_id, 1000)
    reconcile(paid)
    bank.withdraw(paid.stripe_checkout_session_id)
    reconcile(paid)
    bank.decide_for_us(paid.stripe_checkout_session_id)
    assert reconcile(paid).paid_at == now
    month = timezone.localdate().replace(day=1)
    found = tables(month)
    assert [row[-1] for row in found["Orders paid"].rows] == [6900]
    assert sorted(row[-1] for row in found["Money back"].rows) == [-6900, -1000, 6900]


def test_money_that_waits_for_a_decision_is_paid_too(order, pay, reconcile):
    Order.objects.update(status="cancelled")
    assert reconcile(pay(order)).status == "review"
    (row,) = tables(timezone.localdate().replace(day=1))["Orders paid"].rows
    assert row[-1] == 6900


def test_vat_is_counted_by_papers_and_not_mentioned_without(paid_at, desk):
    first, second = paid_at("2027-07-02T12:00+00:00"), paid_at("2027-07-03T12:00+00:00")
    assert "VAT" not in tables(JULY)
    assert "VAT" not in desk.get(reverse("billing_desk:report"), {"month": "2027-07"}).content.decode()
    papers = [(first, "receipt", 1), (second, "invoice", 2), (second, "receipt", 3)]
    Document.objects.bulk_create(
        Document(
            order=order,
            kind=kind,
            number=f"N-{number}",
            issued_at=moment("2027-07-31T22:59+00:00"),
            livemode=False,
            currency="gbp",
            net_minor=5750,
            vat_minor=1150,
            gross_minor=6900,
            snapshot={},
        )
        for order, kind, number in papers
    )
    receipt = Document.objects.get(number="N-1")
    Document.objects.create(
        order=first,
        kind="credit_note",
        number="N-4",
        issued_at=moment("2027-07-31T22:59+00:00"),
        livemode=False,
        currency="gbp",
        net_minor=575,
        vat_minor=115,
        gross_minor=690,
        corrects=receipt,
        snapshot={},
    )
    table = tables(JULY)["VAT"]
    assert [(row[1], row[-2]) for row in table.rows] == [("N-1", 1150), ("N-2", 1150), ("N-4", -115)]
    assert [row[-3:] for row in table.totals] == [[10925, 2185, 13110]]
    assert "£21.85" in desk.get(reverse("billing_desk:report"), {"month": "2027-07"}).content.decode()


def test_practice_money_is_not_in_the_report_of_a_live_site(full_july, settings):
    settings.STRIPE_SECRET_KEY = "sk_live_x"
    assert tables(JULY)["Summary"].rows == []


@pytest.mark.parametrize("month", ["", "2027-13", "x", "2027-7-1", "0000-01", "99999-01"])
def test_what_is_no_month_gets_404(desk, month):
    assert desk.get(reverse("billing_desk:report"), {"month": month or "\x00"}).status_code == 404


def test_a_month_without_anything_says_so(desk, paid_at):
    paid_at("2026-09-10T12:00+00:00")
    page = desk.get(reverse("billing_desk:report"), {"month": "2026-10"}).content.decode()
    assert "Nothing was paid in this month" in page
    assert "September 2026" in page  # to be chosen
    months = services.months_with_a_report(now=moment("2026-12-31T23:30+00:00"))
    assert months == [dt.date(2026, month, 1) for month in (12, 11, 10, 9)]
