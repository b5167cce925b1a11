"""A refund by bank transfer that bounces is a refund that failed: recorded once, debited, open again."""

import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from billing import services
from billing.models import Decision, Document, Order, Refund, Term
from billing.sandbox import bank
from billing.services.reports import monthly_report
from elearning.periods import london_day
from tests import factories as make
from tests.billing.test_concurrency import at_once
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(billed, mark_paid) -> Order:
    """Willow Lane's order, paid past Stripe."""
    return mark_paid(billed)


@pytest.fixture
def come_back(stan):
    """Record that a refund by bank transfer came back."""

    def come_back_now(refund: Refund, reason: str = "Wrong account number", now=None) -> Refund:
        return services.take_back_bank_refund(
            refund=refund, reason=reason, actor=stan, now=now or timezone.now()
        )

    return come_back_now


def papers_of(order: Order) -> list[str]:
    """What was issued about an order beside its invoice and receipt, with its sum."""
    return [f"{one.kind} {one.gross_minor}" for one in Document.objects.of_order(order).corrections()]


# --- What follows ---------------------------------------------------------------------------------


def test_all_of_it_back_opens_the_rental_again_with_a_debit_note_and_mails(
    paid, send_back, come_back, stan, settings
):
    refund = send_back(paid)
    send_waiting_mail()
    assert come_back(refund).state == "failed"
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor, paid.kept_minor) == ("fulfilled", 0, 6900)
    assert Term.objects.get().revoked_at is None
    debit = Document.objects.of_order(paid).of_kind("debit_note").get()
    assert (debit.gross_minor, debit.refund, debit.corrects.kind) == (6900, refund, "credit_note")
    kept = Decision.objects.of_kind("came_back").get()
    assert (kept.bank_reference, kept.reason, kept.decided_by) == ("RFD 17", "Wrong account number", stan)
    mails = sorted(send_waiting_mail(), key=lambda mail: mail.subject)
    to_staff, debit_note, opened = mails
    assert to_staff.to == [settings.SUPPORT_EMAIL]
    for words in ("£69", "bank transfer RFD 17 of", "not given back", "have our bank send it again"):
        assert words in to_staff.body, words
    assert debit_note.to == opened.to == [paid.contact_email]
    assert debit.number in debit_note.subject
    assert "open again" in opened.body


def test_a_part_back_leaves_the_other_part_given_back(paid, send_back, come_back):
    send_back(paid, 1000)
    come_back(send_back(paid, 2000, bank_reference="RFD 18"))
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor) == ("partly_refunded", 1000)
    assert papers_of(paid) == ["credit_note 1000", "credit_note 2000", "debit_note 2000"]
    assert services.sendable_minor(paid) == 5900


def test_where_its_days_are_rented_again_staff_decide(
    paid, send_back, come_back, begin, maya, willow_lane, pay, reconcile, settings
):
    refund = send_back(paid)
    second = reconcile(pay(begin(maya, willow_lane)))
    send_waiting_mail()
    come_back(refund)
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor) == ("review", 0)
    assert "days it paid for are taken" in paid.review_reason
    assert Term.objects.unrevoked().get().order_line.order_id == second.pk
    assert papers_of(paid) == ["credit_note 6900", "debit_note 6900"]
    to_staff = [mail.subject for mail in send_waiting_mail() if mail.to == [settings.SUPPORT_EMAIL]]
    assert any("decision" in subject for subject in to_staff)
    assert reconcile(paid).status == "review"


def test_what_was_given_back_from_review_goes_back_to_review(
    billed, mark_paid, send_back, come_back, stan, reconcile
):
    """Nothing was ever open for it, so nothing opens by itself."""
    paid = mark_paid(billed)
    Term.objects.all().delete()
    Order.objects.filter(pk=paid.pk).update(status="review", review_reason="Paid twice.")
    refund = send_back(paid)
    paid.refresh_from_db()
    assert paid.status == "refunded"
    come_back(refund)
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor) == ("review", 0)


def test_every_setting_of_a_payers_order_opens_again(bill_many, mark_paid, send_back, come_back):
    order = mark_paid(bill_many("Oak", "Elm"))
    refund = send_back(order, order.paid_minor)
    assert all(term.revoked_at for term in Term.objects.of_order(order))
    come_back(refund)
    assert Term.objects.of_order(order).unrevoked().count() == 2


def test_asking_stripe_afterwards_changes_nothing(paid, send_back, come_back, reconcile):
    come_back(send_back(paid))
    for _ in range(2):
        after = reconcile(paid)
    assert (after.status, after.refunded_minor, services.sendable_minor(after)) == ("fulfilled", 0, 6900)
    assert papers_of(paid) == ["credit_note 6900", "debit_note 6900"]


def test_it_can_be_sent_again_under_the_same_reference(paid, send_back, come_back):
    come_back(send_back(paid))
    again = send_back(paid)
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor) == ("refunded", 6900)
    assert papers_of(paid) == ["credit_note 6900", "debit_note 6900", "credit_note 6900"]
    with pytest.raises(services.CannotRefundError):
        send_back(paid)
    come_back(again)
    assert papers_of(paid)[-1] == "debit_note 6900"


def test_the_database_holds_one_transfer_that_has_not_come_back(paid, send_back, come_back):
    first = send_back(paid, 2000)
    second = send_back(paid, 2000, bank_reference="RFD 18")
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=second.pk).update(bank_reference="rfd 17")
    come_back(first)
    Refund.objects.filter(pk=second.pk).update(bank_reference="rfd 17")


# --- Refused --------------------------------------------------------------------------------------


def test_what_came_back_already_is_refused(paid, send_back, come_back):
    refund = send_back(paid)
    come_back(refund)
    with pytest.raises(services.CannotRefundError, match="recorded already, perhaps by a colleague"):
        come_back(refund, "Again")
    assert Decision.objects.of_kind("came_back").get().reason == "Wrong account number"
    assert len(papers_of(paid)) == 2


def test_a_refund_of_stripes_is_refused(order, pay, reconcile, give_back_at_stripe, come_back, desk):
    refund = give_back_at_stripe(reconcile(pay(order)))
    with pytest.raises(services.CannotRefundError, match="went through Stripe"):
        come_back(refund)
    assert desk.get(reverse("billing_desk:came_back", args=[refund.pk])).status_code == 404
    assert desk.post(reverse("billing_desk:came_back", args=[refund.pk]), {"reason": "x"}).status_code == 404
    refund.refresh_from_db()
    assert refund.state == "succeeded"


@pytest.fixture
def give_back_at_stripe():
    """All of an order's money, on Stripe's own pages."""

    def give_back(order: Order) -> Refund:
        bank.give_back_from_dashboard(order.stripe_checkout_session_id)
        services.reconcile_order(order=order, now=timezone.now())
        return Refund.objects.of_order(order).get()

    return give_back


@pytest.mark.django_db(transaction=True)
def test_two_staff_at_once_record_it_once(paid, send_back, come_back):
    refund = send_back(paid)

    def try_it():
        try:
            return come_back(refund).pk
        except services.CannotRefundError:
            return None

    found = at_once([try_it, try_it], threads=2)
    assert found.count(None) == 1
    assert papers_of(paid) == ["credit_note 6900", "debit_note 6900"]
    assert Decision.objects.of_kind("came_back").count() == 1


# --- Where it is seen -----------------------------------------------------------------------------


@pytest.fixture
def sent_in_june(paid, send_back) -> Refund:
    """£20 that our bank sent late on 30 June, London's, of an order of that month."""
    Order.objects.filter(pk=paid.pk).update(
        created_at=dt.datetime(2027, 6, 1, 9, tzinfo=dt.UTC),
        paid_at=dt.datetime(2027, 6, 2, 9, tzinfo=dt.UTC),
    )
    return send_back(paid, 2000, now=dt.datetime(2027, 6, 30, 22, 30, tzinfo=dt.UTC))


def tables_of(first_day: dt.date) -> dict[str, list]:
    return {table.name: table.rows for table in monthly_report(first_day).tables}


def test_it_counts_in_the_month_in_which_it_is_recorded(sent_in_june, come_back):
    june, july = dt.date(2027, 6, 1), dt.date(2027, 7, 1)
    before = monthly_report(june)
    come_back(
        sent_in_june, now=dt.datetime(2027, 6, 30, 23, 30, tzinfo=dt.UTC)
    )  # half past midnight in London
    assert monthly_report(june) == before
    (row,) = tables_of(july)["Money back"]
    assert row[0] == july
    why = "They left the group (30 June 2027, RFD 17)"
    assert row[3:] == ["Refund failed: it is with us again", why, "GBP", 2000]
    assert tables_of(july)["Summary"] == [["GBP", 0, 0, 0, 2000, 0, 2000]]


def test_the_spreadsheet_has_it_too(sent_in_june, come_back, desk):
    come_back(sent_in_june, now=dt.datetime(2027, 7, 5, 12, tzinfo=dt.UTC))
    answer = desk.get(reverse("billing_desk:report_xlsx", args=["2027-07"]))
    book = load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    rows = [[cell.value for cell in row] for row in book["Money back"].rows]
    (row,) = [row for row in rows if "Refund failed: it is with us again" in row]
    assert row[-1] == 20


def test_with_vat_the_debit_note_takes_the_credit_notes_vat_back(
    vat_on, ask_for_invoice, maya, willow_lane, mark_paid, send_back, come_back
):
    paid = mark_paid(ask_for_invoice(maya, willow_lane))
    come_back(send_back(paid, 2000))
    today = london_day(timezone.now())
    rows = tables_of(today.replace(day=1))["VAT"]
    (credit,) = [row for row in rows if row[2] == "Credit note"]
    (debit,) = [row for row in rows if row[2] == "Debit note"]
    assert [-one for one in credit[-3:]] == debit[-3:] == [1667, 333, 2000]


@pytest.fixture
def vat_on(settings):
    """Prices include VAT of 20 %."""
    settings.BILLING_VAT_MODE, settings.BILLING_VAT_RATE_BP = "inclusive", 2000
    settings.BILLING_SELLER_NAME, settings.BILLING_SELLER_ADDRESS = "Familiar Faces Ltd", "1 High Street"
    settings.BILLING_SELLER_VAT_NUMBER = "GB 123 4567 89"


def test_the_sum_check_finds_nothing(paid, send_back, come_back):
    come_back(send_back(paid))
    check = services.check_sums(now=timezone.now())
    assert check.differences == []


def test_the_manager_and_the_payer_see_that_it_came_back(
    as_, maya, gwen, paid, send_back, come_back, bill_many, mark_paid
):
    day = f"{london_day(timezone.now()):%-d %B %Y}"
    for client, order in ((as_(maya), paid), (as_(gwen), mark_paid(bill_many("Oak", "Elm")))):
        come_back(send_back(order, 2000))
        words = client.get(order.path).content.decode().replace("\xa0", " ")
        assert f"Bank transfer of {day}, which came back" in words
        assert "Given back by bank transfer" not in words
        assert "DN-00" in words


# --- The desk -------------------------------------------------------------------------------------


@pytest.fixture
def desk(as_, stan):
    return as_(stan)


def test_the_desk_asks_records_and_tells_it_in_the_list(desk, paid, send_back):
    refund = send_back(paid)
    order_page, address = (
        reverse("billing_desk:order", args=[paid.pk]),
        reverse("billing_desk:came_back", args=[refund.pk]),
    )
    assert address in desk.get(order_page).content.decode()
    page = desk.get(address).content.decode()
    for words in ("RFD 17", "£69 of order", "They left the group", "debit note", "Leave it"):
        assert words in page, words
    refund.refresh_from_db()
    assert refund.state == "succeeded"  # looking changes nothing
    page = desk.post(address, {"reason": "Account closed, 3 May"}, follow=True).content.decode()
    for words in (
        "It is recorded",
        "came back, the bank calls it RFD 17",
        "Account closed, 3 May",
        "Stan Moss",
    ):
        assert words in page, words
    assert "which came back" in page
    assert address not in page
    assert "At most £69.00 is left" in page


def test_a_second_press_is_refused_and_says_when_it_was_recorded(desk, paid, send_back, come_back):
    refund = send_back(paid)
    come_back(refund)
    address = reverse("billing_desk:came_back", args=[refund.pk])
    answer = desk.post(address, {"reason": "Again"})
    assert answer.status_code == 409
    assert "was recorded on" in answer.content.decode()
    page = desk.get(address).content.decode()
    assert "was recorded on" in page
    assert '<form method="post">' not in page
    assert Decision.objects.of_kind("came_back").count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_without_a_reason_it_comes_back_to_the_form(desk, paid, send_back, reason):
    refund = send_back(paid)
    answer = desk.post(reverse("billing_desk:came_back", args=[refund.pk]), {"reason": reason})
    assert answer.status_code == 422
    assert "Why it came back" in answer.content.decode()
    refund.refresh_from_db()
    assert refund.state == "succeeded"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            order=paid,
            kind="came_back",
            reason="x",
            decided_by=refund.asked_by,
            decided_at=timezone.now(),
        )


def test_only_who_runs_the_desk_may(as_, paid, send_back, maya, priya, edith):
    address = reverse("billing_desk:came_back", args=[send_back(paid).pk])
    for client in (as_(), as_(maya), as_(priya), as_(edith), as_(make.make_user("Nobody"))):
        assert client.get(address).status_code in (302, 403)
        assert client.post(address, {"reason": "x"}).status_code in (302, 403)
    assert Refund.objects.get().state == "succeeded"


def test_it_is_neither_changed_nor_deleted_by_other_methods(desk, paid, send_back):
    address = reverse("billing_desk:came_back", args=[send_back(paid).pk])
    assert [desk.put(address).status_code, desk.delete(address).status_code] == [405, 405]
