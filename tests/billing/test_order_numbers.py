"""Every order has a number that can be read out on the telephone, and is found by it."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from billing import order_numbers, services
from billing.models import Document, Order
from billing.order_numbers import ALPHABET, new_order_number, read_order_number
from billing.printouts import document_html
from elearning.periods import london_day
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

WRITTEN = re.compile(r"[2-9BCDFGHJKMNPQRSTVWXYZ]{4}-[2-9BCDFGHJKMNPQRSTVWXYZ]{4}")


@pytest.fixture
def desk(as_, stan):
    return as_(stan)


@pytest.fixture
def numbers_come(monkeypatch):
    """Have chance draw these numbers, one after the other."""

    def come(*numbers: str) -> None:
        drawn = iter("".join(numbers).replace("-", ""))
        monkeypatch.setattr(order_numbers.secrets, "choice", lambda _: next(drawn))

    return come


@pytest.fixture
def numbered(order):
    order.number = "K7QM-3XPD"
    order.save(update_fields=["number"])
    return order


def test_a_number_is_eight_signs_that_nobody_takes_for_others():
    assert WRITTEN.fullmatch(new_order_number())
    assert len({new_order_number() for _ in range(1000)}) == 1000
    assert not set("0O1ILUAE") & set(ALPHABET)


@pytest.mark.parametrize("typed", ["K7QM-3XPD", "k7qm3xpd", " K7qm 3xPD ", "k7-qm-3x-pd", "k7qm-3xpd\n"])
def test_it_is_read_however_it_was_typed(typed):
    assert read_order_number(typed) == "K7QM-3XPD"


@pytest.mark.parametrize(
    "typed", ["", "-", "K7QM-3XP", "K7QM-3XPDD", "K0QM-3XPD", "WILLOWLN", "Ｋ7QM-3XPD", "ß7QM3XP"]
)
def test_what_is_none_is_not_taken_for_one(typed):
    assert read_order_number(typed) == ""


def test_an_order_gets_a_number_and_no_two_the_same(order, order_many):
    other = order_many("Oak")
    assert WRITTEN.fullmatch(order.number)
    assert WRITTEN.fullmatch(other.number)
    other.number = order.number
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save(update_fields=["number"])


def test_a_number_that_is_taken_is_drawn_again(numbered, begin, omar, harbour_house, numbers_come):
    numbers_come("K7QM-3XPD", "2222-BBBB", "3333-CCCC")
    assert begin(omar, harbour_house).number == "2222-BBBB"


def test_so_it_is_in_an_order_for_many(numbered, order_many, numbers_come):
    numbers_come("K7QM-3XPD", "2222-BBBB", "3333-CCCC")
    assert order_many("Oak", "Elm").number == "2222-BBBB"


@pytest.mark.parametrize("typed", ["K7QM-3XPD", "k7qm3xpd", " k7qm 3xpd"])
def test_the_desk_goes_straight_to_the_order_whose_number_is_typed(desk, numbered, typed):
    answer = desk.get(reverse("billing_desk:orders"), {"q": typed})
    assert answer.status_code == 302
    assert answer.url == reverse("billing_desk:order", args=[numbered.pk])
    assert "K7QM-3XPD" in desk.get(answer.url).text


def test_a_number_that_no_order_has_finds_nothing(desk, numbered):
    answer = desk.get(reverse("billing_desk:orders"), {"q": "K7QM-3XPF"})
    assert answer.status_code == 200
    assert list(answer.context["orders"]) == []


def test_the_desk_still_knows_the_reference_that_stands_at_stripe(desk, numbered):
    assert str(numbered.public_id) in desk.get(reverse("billing_desk:order", args=[numbered.pk])).text


def test_pages_mails_and_papers_say_the_number_and_not_the_long_reference(
    as_, maya, numbered, pay, reconcile
):
    order = reconcile(pay(numbered))
    client = as_(maya)
    order_page = reverse("billing:order", args=["willow-lane", order.public_id])
    for address in (order_page, reverse("billing:rentals", args=["willow-lane"])):
        seen = re.sub(r"<[^>]+>", "", client.get(address).text)
        assert "K7QM-3XPD" in seen, address
        assert str(order.public_id) not in seen, address
    assert "K7QM-3XPD" in client.get(reverse("billing:ready", args=[order.public_id])).text
    (mail,) = [mail for mail in send_waiting_mail() if mail.subject.startswith("Your receipt")]
    assert "Order number: K7QM-3XPD" in mail.body
    paper = document_html(Document.objects.get())
    assert "K7QM-3XPD" in paper
    assert str(order.public_id) not in paper


def test_a_paper_from_before_says_what_it_always_said(numbered, pay, reconcile):
    reconcile(pay(numbered))
    paper = Document.objects.get()
    paper.snapshot["order"] = str(numbered.public_id)
    assert f"<dd>{numbered.public_id}</dd>" in document_html(paper)


def test_the_monthly_report_names_it_and_leads_to_the_order(desk, numbered, pay, reconcile):
    reconcile(pay(numbered))
    (row,) = services.monthly_report(london_day(timezone.now()).replace(day=1)).tables[1].rows
    assert row[1] == "K7QM-3XPD"
    address = f"{reverse('billing_desk:orders')}?q=K7QM-3XPD"
    assert f'href="{address}"' in desk.get(reverse("billing_desk:report")).text
    assert desk.get(address, follow=True).context["order"] == numbered


def test_what_stripe_is_told_stays_the_long_reference(numbered):
    assert numbered.idempotency_key == f"order-{numbered.public_id}-1"
    assert Order.objects.with_reference(str(numbered.public_id)).get() == numbered
