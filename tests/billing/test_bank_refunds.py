"""Money that came past Stripe goes back past it: recorded once, credited, counted, Stripe is not told."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import Decision, Document, Order, Refund, Term
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


def report_of(day: dt.date) -> dict[str, list]:
    return {table.name: table.rows for table in monthly_report(day.replace(day=1)).tables}


def test_all_of_it_ends_the_rental_with_a_credit_note_and_one_mail(paid, send_back, stan, mails):
    mails()
    refund = send_back(paid)
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor, paid.kept_minor) == ("refunded", 6900, 0)
    assert Term.objects.get().revoked_at
    note = Document.objects.of_order(paid).last()
    assert (note.kind, note.gross_minor, note.refund) == ("credit_note", 6900, refund)
    assert note.snapshot["corrects"]["number"] == Document.objects.of_order(paid).first().number
    kept = Decision.objects.of_kind("sent_back").get()
    assert (kept.bank_reference, kept.reason, kept.decided_by) == ("RFD 17", "They left the group", stan)
    (mail,) = send_waiting_mail()
    for words in ("£69", "RFD 17", note.number, "Our bank sent it"):
        assert words in mail.body
    assert "card or account" not in mail.body


def test_a_part_leaves_it_open_and_two_parts_make_the_whole(paid, send_back):
    send_back(paid, 2000)
    paid.refresh_from_db()
    assert (paid.status, paid.refunded_minor, services.sendable_minor(paid)) == (
        "partly_refunded",
        2000,
        4900,
    )
    assert not Term.objects.get().revoked_at
    send_back(paid, 4900, bank_reference="RFD 18")
    paid.refresh_from_db()
    assert (paid.status, services.sendable_minor(paid)) == ("refunded", 0)
    assert Term.objects.get().revoked_at
    credited = [one.gross_minor for one in Document.objects.of_order(paid).of_kind("credit_note")]
    assert credited == [2000, 4900]


def test_asking_stripe_afterwards_changes_nothing(paid, send_back, reconcile):
    send_back(paid, 2000)
    after = reconcile(paid)
    assert (after.status, after.refunded_minor) == ("partly_refunded", 2000)
    send_back(paid, 4900, bank_reference="RFD 18")
    for _ in range(2):
        after = reconcile(paid)
    assert (after.status, after.refunded_minor) == ("refunded", 6900)
    assert Document.objects.of_order(paid).of_kind("credit_note").count() == 2
    assert services.refundable_minor(after) == 0


def test_it_ends_the_rental_of_every_setting_of_a_payers_order(bill_many, mark_paid, send_back):
    order = mark_paid(bill_many("Oak", "Elm"))
    send_back(order, 6900)
    assert not Term.objects.filter(revoked_at__isnull=False).exists()
    send_back(order, 6900, bank_reference="RFD 18")
    assert all(term.revoked_at for term in Term.objects.of_order(order))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount_minor": 6901}, "69.00 is left to give back, no more"),
        ({"amount_minor": 0}, "is left to give back, no more"),
        ({"sent_on": london_day(timezone.now()) + dt.timedelta(days=1)}, "has not come yet"),
        ({"sent_on": london_day(timezone.now()) - dt.timedelta(days=1)}, "was begun on"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(paid, send_back, changes, words):
    with pytest.raises(services.CannotRefundError, match=words):
        send_back(paid, **changes)
    paid.refresh_from_db()
    assert (paid.status, Refund.objects.count(), Decision.objects.of_kind("sent_back").count()) == (
        "fulfilled",
        0,
        0,
    )


def test_half_past_midnight_in_a_summer_night_is_that_day_in_london(paid, send_back):
    Order.objects.filter(pk=paid.pk).update(created_at=dt.datetime(2027, 6, 1, tzinfo=dt.UTC))
    night = dt.datetime(2027, 6, 30, 23, 30, tzinfo=dt.UTC)
    assert send_back(paid, now=night, sent_on=dt.date(2027, 7, 1)).sent_on == dt.date(2027, 7, 1)


def test_money_that_came_through_stripe_is_not_sent_by_our_bank(order, pay, reconcile, send_back):
    by_card = reconcile(pay(order))
    assert services.sendable_minor(by_card) == 0
    with pytest.raises(services.CannotRefundError, match="through Stripe"):
        send_back(by_card)


def test_pressed_twice_it_is_recorded_once_and_the_same_transfer_not_again(paid, send_back):
    key = uuid.uuid4()
    assert send_back(paid, 2000, key=key) == send_back(paid, 2000, key=key)
    with pytest.raises(services.CannotRefundError, match="recorded already, perhaps by a colleague"):
        send_back(paid, 2000, bank_reference=" rfd  17 ")
    assert Refund.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.update(bank_reference="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.update(stripe_refund_id="re_1")


def test_the_key_of_another_orders_form_is_refused(paid, send_back, bill_many, mark_paid):
    key = send_back(paid, 2000).public_id
    with pytest.raises(services.CannotRefundError, match="another order"):
        send_back(mark_paid(bill_many("Oak")), 2000, key=key)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("references", [["RFD 17", "RFD 17"], ["RFD 17", "RFD 18"]])
def test_two_staff_at_once_give_it_back_once(paid, send_back, references):
    def try_with(reference):
        def try_it():
            try:
                return send_back(paid, bank_reference=reference).pk
            except services.CannotRefundError:
                return None

        return try_it

    found = at_once([try_with(one) for one in references], threads=2)
    assert found.count(None) == 1
    assert Refund.objects.count() == Document.objects.of_kind("credit_note").count() == 1


# --- Where it is seen ---------------------------------------------------------------------------------


def test_the_sum_check_does_not_compare_it_with_stripes_money(
    paid, send_back, begin, omar, harbour_house, pay
):
    send_back(paid, 2000)
    services.reconcile_order(order=pay(begin(omar, harbour_house)), now=timezone.now())
    check = services.check_sums(now=timezone.now())
    assert check.differences == []
    assert check.sums["GBP"] == {"paid": [6900, 6900], "given back": [0, 0], "disputed": [0, 0]}


def test_the_months_report_counts_it_with_its_day_and_reference(paid, send_back):
    send_back(paid, 2000)
    today = london_day(timezone.now())
    tables = report_of(today)
    (row,) = tables["Money back"]
    why = f"They left the group ({today:%-d %B %Y}, RFD 17)"
    assert row[3:] == ["Given back by bank transfer", why, "GBP", -2000]
    assert tables["Summary"] == [["GBP", 6900, 0, 6900, -2000, 0, 4900]]


def test_the_manager_and_the_payer_see_it_on_their_order(
    as_, maya, gwen, paid, send_back, bill_many, mark_paid
):
    many = mark_paid(bill_many("Oak", "Elm"))
    day = f"{london_day(timezone.now()):%-d %B %Y}"
    for client, order in ((as_(maya), paid), (as_(gwen), many)):
        send_back(order, 2000)
        words = client.get(order.path).content.decode()
        assert f"Given back by bank transfer, {day}" in words.replace("\xa0", " ")
        assert "£20" in words
        assert "Partly refunded" in words
        assert "CN-00" in words


# --- The desk -----------------------------------------------------------------------------------------


@pytest.fixture
def desk(as_, stan):
    return as_(stan)


def wish(**changes) -> dict:
    today = london_day(timezone.now()).isoformat()
    usual = {"amount": "20.00", "sent_on": today, "bank_reference": "RFD 17", "reason": "Left"}
    return {f"bank-{name}": value for name, value in {**usual, "key": uuid.uuid4(), **changes}.items()}


def test_the_desk_records_it_and_tells_it_in_the_list(desk, paid):
    address = reverse("billing_desk:order", args=[paid.pk])
    page = desk.get(address).content.decode()
    assert "Record a refund made by bank transfer" in page
    assert "Give money back" not in page
    answer = desk.post(reverse("billing_desk:bank_refund", args=[paid.pk]), wish(), follow=True)
    page = answer.content.decode()
    for words in ("The refund is recorded", "Refund by bank transfer of", "RFD 17", "At most £49.00 is left"):
        assert words in page, words
    assert list(desk.get(reverse("billing_desk:orders"), {"q": "rfd 17"}).context["orders"]) == [paid]


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"amount": "69.01"}, 422, "£69.00 is left"),
        ({"amount": "-1"}, 422, "Enter £0.01 or more"),
        ({"amount": "lots"}, 422, "Enter pounds and pence"),
        ({"sent_on": "2999-01-01"}, 422, "has not come yet"),
        ({"sent_on": "yesterday"}, 422, "no such day"),
        ({"bank_reference": " "}, 422, "reference from our bank statement"),
        ({"reason": ""}, 422, "Say why"),
        ({"key": "x"}, 422, "Record the refund"),
    ],
)
def test_a_senseless_one_comes_back_with_every_word(desk, paid, changes, status, words):
    answer = desk.post(reverse("billing_desk:bank_refund", args=[paid.pk]), wish(**changes))
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    kept = {"reason": "Left", "bank_reference": "RFD 17"}
    assert all(f'value="{text}"' in page for name, text in kept.items() if name not in changes)
    assert not Refund.objects.exists()


def test_every_fault_is_said_at_once_and_the_top_of_the_page_says_that_nothing_was_done(desk, paid):
    faults = {"amount": "70", "sent_on": "2999-01-01", "reason": ""}
    answer = desk.post(reverse("billing_desk:bank_refund", args=[paid.pk]), wish(**faults))
    page = answer.content.decode()
    for words in ("£69.00 is left", "has not come yet", "Say why"):
        assert words in page, words
    assert page.index("Nothing was done") < page.index("What happened")


def test_an_order_by_card_offers_none_of_it(desk, order, pay, reconcile):
    reconcile(pay(order))
    assert "Record a refund" not in desk.get(reverse("billing_desk:order", args=[order.pk])).content.decode()
    answer = desk.post(reverse("billing_desk:bank_refund", args=[order.pk]), wish())
    assert answer.status_code == 409


def test_who_does_not_run_the_desk_records_nothing(as_, paid, edith):
    assert as_(edith).post(reverse("billing_desk:bank_refund", args=[paid.pk]), wish()).status_code != 200
    assert as_(make.make_user("Nobody")).post(
        reverse("billing_desk:bank_refund", args=[paid.pk]), wish()
    ).status_code in (302, 403)
    assert not Refund.objects.exists()
