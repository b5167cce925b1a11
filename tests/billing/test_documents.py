"""Papers about money: issued once, numbered without a gap, never changed, and right to the penny."""

import datetime as dt
import re

import page as pdf_checker
import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import Document, DocumentSeries, Order, Refund
from billing.sandbox import bank
from billing.services.snapshots import how_paid
from elearning import printing
from tests import factories as make
from tests.downloads import words_of
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(order, pay, reconcile):
    """Maya's order, paid and open."""
    return reconcile(pay(order))


@pytest.fixture
def receipt(paid):
    return paid.documents.get()


@pytest.fixture
def give_back(paid, reconcile):
    """Have Stripe give some of Maya's money back; return the order afterwards."""

    def do(amount: int | None = None) -> Order:
        bank.give_back_from_dashboard(paid.stripe_checkout_session_id, amount)
        return reconcile(paid)

    return do


def issue(order, kind="receipt", **more) -> Document:
    with transaction.atomic():
        return services.issue_document(order=order, kind=kind, now=timezone.now(), **more)


def numbers(order) -> list[str]:
    return [paper.number for paper in Document.objects.of_order(order)]


def address_of(document: Document) -> str:
    order = document.order
    return reverse("billing:document", args=[order.care_setting.slug, order.public_id, document.number])


# --- Issued with the payment, once ----------------------------------------------------------------


def test_a_paid_order_has_a_receipt_that_says_all(paid, receipt, maya):
    said = receipt.snapshot
    assert (receipt.kind, receipt.number) == ("receipt", "TEST-REC-00001")
    assert (receipt.net_minor, receipt.vat_minor, receipt.gross_minor) == (6900, 0, 6900)
    assert said["buyer"]["name"] == "Willow Lane"
    assert said["buyer"]["contact_email"] == maya.email
    assert said["how_paid"] == "Card, as a practice payment"
    (line,) = said["lines"]
    term = paid.lines.get().term
    assert (line["title"], line["setting"]) == ("Section two", "Willow Lane")
    assert (line["starts_on"], line["last_day"]) == (str(term.starts_on), str(term.last_day))


def test_a_direct_debit_is_named_as_what_it_is(order, reconcile):
    from billing.sandbox import payer

    payer.pay_by_bacs(order.stripe_checkout_session_id)
    assert reconcile(order).documents.count() == 0
    payer.settle(order.stripe_checkout_session_id)
    assert reconcile(order).documents.get().snapshot["how_paid"] == "Direct Debit, as a practice payment"


def test_asking_again_issues_no_second_paper(paid, reconcile):
    for _ in range(3):
        reconcile(paid)
    assert numbers(paid) == ["TEST-REC-00001"]
    assert issue(paid) == paid.documents.get()


def test_the_database_allows_one_receipt_for_an_order(receipt):
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(
            order=receipt.order,
            kind="receipt",
            number="TEST-REC-00002",
            issued_at=timezone.now(),
            livemode=False,
            currency="gbp",
            net_minor=1,
            vat_minor=0,
            gross_minor=1,
            snapshot={},
        )


def test_an_unpaid_order_has_no_paper(order, reconcile):
    assert reconcile(order).documents.count() == 0


# --- Never changed --------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"number": "TEST-REC-00009"}, {"gross_minor": 1}, {"snapshot": {}}])
def test_an_issued_paper_cannot_be_changed(receipt, change):
    with pytest.raises(DatabaseError, match="billing_document_never_changes"), transaction.atomic():
        Document.objects.filter(pk=receipt.pk).update(**change)


def throw_away(receipt: Document) -> None:
    """Past Django's own look at what hangs on it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_document WHERE id = %s", [receipt.pk])


@pytest.mark.parametrize("delete", [Document.delete, throw_away])
def test_an_issued_paper_cannot_be_thrown_away(receipt, delete):
    with pytest.raises(DatabaseError, match="billing_document_never_changes"), transaction.atomic():
        delete(receipt)
    assert Document.objects.filter(pk=receipt.pk).exists()


def test_neither_the_order_nor_its_setting_goes_while_there_is_a_paper(receipt, paid):
    for thing in (paid, paid.care_setting):
        with pytest.raises(ProtectedError), transaction.atomic():
            thing.delete()
    assert Document.objects.filter(pk=receipt.pk).exists()


def test_a_person_whose_account_is_deleted_leaves_the_paper_as_it_was(receipt, maya):
    said = receipt.snapshot
    maya.delete()
    again = Document.objects.get(pk=receipt.pk)
    assert (again.snapshot, again.order.buyer) == (said, None)


@pytest.mark.django_db(transaction=True)
def test_it_is_held_still_after_the_tables_were_emptied_for_the_next_test(receipt):
    """``tests/conftest.py`` lets go of papers for that; nothing else can."""
    row = {field.attname: getattr(receipt, field.attname) for field in Document._meta.fields}
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True, reset_sequences=False)
    assert not Document.objects.exists()
    made_again = Order.objects.create(
        care_setting=make.make_care_setting("Afterwards"),
        net_minor=6900,
        gross_minor=6900,
        terms_version="1",
        terms_accepted_at=timezone.now(),
        livemode=False,
    )
    paper = Document.objects.create(**{**row, "order_id": made_again.pk})
    for harm in (throw_away, lambda one: Document.objects.filter(pk=one.pk).update(gross_minor=1)):
        with pytest.raises(DatabaseError, match="billing_document_never_changes"):
            harm(paper)


def test_later_names_prices_and_sellers_do_not_reach_it(receipt, paid, maya, product, settings):
    from billing.printouts import document_html

    before = document_html(receipt)
    paid.care_setting.name, paid.care_setting.address = "Oak House", "Elsewhere"
    paid.care_setting.save()
    product.name, product.price_minor = "Section three", 1
    product.save()
    paid.lines.update(title="Other")
    maya.display_name = "M. Smith"
    maya.save()
    settings.BILLING_SELLER_NAME = "Somebody Else"
    settings.SITE_NAME = "Elsewhere"
    again = Document.objects.get(pk=receipt.pk)
    assert document_html(again) == before
    assert "Willow Lane" in before


# --- Numbers --------------------------------------------------------------------------------------


def test_each_kind_and_mode_has_a_series_of_its_own(paid, begin, lena, little_acorns):
    issue(paid, "invoice")
    other = begin(lena, little_acorns)
    Order.objects.filter(pk=other.pk).update(livemode=True)
    other.refresh_from_db()
    issue(other)
    assert sorted(numbers(paid)) == ["TEST-INV-00001", "TEST-REC-00001"]
    assert numbers(other) == ["REC-00001"]


def test_a_transaction_that_fails_gives_its_number_back(paid, begin, lena, little_acorns):
    other = begin(lena, little_acorns)

    @transaction.atomic
    def issue_and_fail():
        paper = services.issue_document(order=other, kind="receipt", now=timezone.now())
        assert paper.number == "TEST-REC-00002"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        issue_and_fail()
    assert DocumentSeries.objects.get(name="TEST-REC").last_number == 1
    assert issue(other).number == "TEST-REC-00002"


# --- Money that goes back -------------------------------------------------------------------------


def test_a_whole_refund_gets_a_credit_note_over_the_receipt(paid, receipt, give_back):
    order = give_back()
    note = order.documents.get(kind="credit_note")
    assert (note.number, note.gross_minor, note.corrects) == ("TEST-CN-00001", 6900, receipt)
    assert note.snapshot["corrects"]["number"] == receipt.number


def test_partial_refunds_get_a_credit_note_each(paid, give_back, reconcile):
    give_back(1000)
    give_back(2500)
    reconcile(paid)
    notes = Document.objects.of_order(paid).of_kind("credit_note")
    assert sorted(note.gross_minor for note in notes) == [1000, 2500]


def test_a_refund_on_its_way_gets_its_credit_note_when_it_arrives(paid, reconcile):
    refund = Refund.objects.create(
        order=paid, stripe_refund_id="re_1", amount_minor=500, state="pending", reason="x"
    )
    from billing.services.documents import correct_documents, money_back_of

    assert correct_documents(paid, money_back_of(paid), now=timezone.now()) == []
    refund.state = "succeeded"
    refund.save()
    (note,) = correct_documents(paid, money_back_of(paid), now=timezone.now())
    assert note.refund == refund


def test_a_refund_that_fails_afterwards_is_debited_again(paid, give_back, reconcile):
    note = give_back(1000).documents.get(kind="credit_note")
    send_waiting_mail()
    bank.fail_refund(paid.stripe_checkout_session_id)
    order = reconcile(paid)
    reconcile(paid)
    debit = order.documents.get(kind="debit_note")
    assert (debit.number, debit.gross_minor, debit.corrects) == ("TEST-DN-00001", 1000, note)
    assert debit.snapshot["lines"] == note.snapshot["lines"]
    subjects = [mail.subject for mail in send_waiting_mail()]
    assert f"Debit note {debit.number} for Willow Lane" in subjects


def test_a_dispute_that_is_won_changes_no_paper(paid, reconcile):
    bank.withdraw(paid.stripe_checkout_session_id)
    reconcile(paid)
    bank.decide_for_us(paid.stripe_checkout_session_id)
    assert numbers(reconcile(paid)) == ["TEST-REC-00001"]


def test_a_lost_dispute_gets_a_credit_note(paid, reconcile):
    bank.withdraw(paid.stripe_checkout_session_id)
    assert reconcile(paid).documents.count() == 1
    bank.decide_against_us(paid.stripe_checkout_session_id)
    note = reconcile(paid).documents.get(kind="credit_note")
    assert (note.gross_minor, note.dispute.stripe_status) == (6900, "lost")
    assert any(note.number in mail.body for mail in send_waiting_mail())


def test_papers_never_credit_more_than_was_paid(paid, give_back, reconcile):
    give_back(1000)
    bank.withdraw(paid.stripe_checkout_session_id)
    bank.decide_against_us(paid.stripe_checkout_session_id)
    order = reconcile(paid)
    credited = sum(note.gross_minor for note in order.documents.filter(kind="credit_note"))
    assert credited == order.paid_minor == 6900


def test_paid_and_given_back_before_anyone_looked_has_both_papers(order, pay, reconcile):
    pay(order)
    bank.give_back_from_dashboard(order.stripe_checkout_session_id)
    after = reconcile(order)
    assert [paper.kind for paper in Document.objects.of_order(after)] == ["receipt", "credit_note"]


def test_money_that_never_had_a_receipt_needs_no_credit_note(order, pay, reconcile):
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    after = reconcile(pay(order))
    assert after.status == "review"
    bank.give_back_from_dashboard(order.stripe_checkout_session_id)
    assert reconcile(order).documents.count() == 0


# --- Invoices and other payers: what other services ask for -----------------------------------------


def test_an_invoice_may_be_made_out_to_a_payer_with_a_purchase_order(order):
    payer = services.Buyer("Kent County Council", "County Hall", "Ann Buyer", "ann@kent.example", "PO 4711")
    invoice = issue(order, "invoice", buyer=payer, due_on=dt.date(2026, 12, 21), how_to_pay="By transfer")
    assert invoice.snapshot["buyer"] == payer._asdict()
    assert (invoice.gross_minor, invoice.snapshot["due_on"]) == (6900, "2026-12-21")


def test_a_receipt_after_an_invoice_names_it_and_the_same_payer(order, pay, reconcile):
    invoice = issue(order, "invoice", buyer=services.Buyer("Kent County Council", po_number="PO 4711"))
    receipt = reconcile(pay(order)).documents.get(kind="receipt")
    assert receipt.snapshot["settles"]["number"] == invoice.number
    assert receipt.snapshot["buyer"]["name"] == "Kent County Council"


def test_an_invoice_that_is_called_off_is_credited_whole_and_once(order):
    with pytest.raises(services.NothingToIssueError):
        issue(order, "credit_note")
    invoice = issue(order, "invoice")
    note = issue(order, "credit_note")
    assert (note.gross_minor, note.corrects) == (invoice.gross_minor, invoice)
    assert issue(order, "credit_note") == note


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Card, through Stripe"),
        ({"paid_with": ""}, "Through Stripe"),
        ({"off_stripe_minor": 6900}, "Bank transfer"),
        ({"livemode": False}, "Card, as a practice payment"),
        ({"livemode": False, "paid_with": ""}, "As a practice payment"),
        ({"livemode": False, "paid_minor": 0}, "Nothing to pay: the discount took off all of it"),
    ],
)
def test_a_paper_says_how_it_was_paid_and_whether_in_practice(values, words):
    assert how_paid(Order(**{"livemode": True, "paid_minor": 6900, "paid_with": "card", **values})) == words


# --- On paper -------------------------------------------------------------------------------------


needs_pango = pytest.mark.skipif(not printing.is_available(), reason="Pango is not on this machine")


@needs_pango
def test_every_kind_of_paper_is_an_accessible_pdf(as_, maya, paid, give_back, reconcile):
    issue(paid, "invoice", how_to_pay="By bank transfer", due_on=dt.date(2026, 12, 21))
    give_back(1000)
    bank.fail_refund(paid.stripe_checkout_session_id)
    reconcile(paid)
    papers = list(Document.objects.of_order(paid))
    assert len(papers) == 4
    for paper in papers:
        response = as_(maya).get(address_of(paper))
        assert response["Content-Type"] == "application/pdf"
        assert f"{paper.number}.pdf" in response["Content-Disposition"]
        assert response["Cache-Control"] == "private, no-store"
        report = pdf_checker.validate_pdf_bytes(response.content, profile="ua1")
        assert [failure.message for failure in report.failures] == []
        text = words_of(response.content)
        assert f"{paper.get_kind_display()}{paper.number}".replace(" ", "") in text
        assert "WillowLane" in text
        assert "VAT" not in text
        assert f"£{paper.gross_minor / 100:.2f}" in text


def test_a_paper_of_another_order_or_setting_is_not_there(as_, maya, omar, harbour_house, receipt, order):
    elsewhere = address_of(receipt).replace("willow-lane", "harbour-house")
    assert as_(omar).get(elsewhere).status_code == 404
    assert as_(omar).get(address_of(receipt)).status_code == 404
    other = re.sub(r"rentals/[^/]+", "rentals/00000000-0000-4000-8000-000000000000", address_of(receipt))
    assert as_(maya).get(other).status_code == 404
    assert as_(maya).get(address_of(receipt).replace("00001", "00002")).status_code == 404


def test_the_receipt_mail_names_the_number_and_links_to_the_paper(paid, receipt):
    (mail,) = send_waiting_mail()
    assert f"Receipt {receipt.number}" in mail.body
    assert address_of(receipt) in mail.body
    html = mail.alternatives[0][0]
    assert address_of(receipt) in html


def test_the_refund_mail_names_the_credit_note(paid, give_back):
    send_waiting_mail()
    note = give_back(1000).documents.get(kind="credit_note")
    (mail,) = send_waiting_mail()
    assert f"Credit note {note.number}" in mail.body
    assert address_of(note) in mail.body


def test_a_childminder_without_an_address_gets_a_paper_too(begin, pay, reconcile):
    care_setting = make.make_care_setting("Ann Minder", address="")
    owner = make.make_user("Ann Minder")
    make.make_membership(owner, care_setting, "owner", "manager")
    order = reconcile(pay(begin(owner, care_setting)))
    assert order.documents.get().snapshot["buyer"]["address"] == ""
