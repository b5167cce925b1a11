"""Days and hours of money as people in London read them, in summer, in winter and when clocks change."""

import datetime as dt

import pytest
from django.urls import reverse

from billing.models import Order
from billing.printouts import document_html
from billing.sandbox import bank
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

# A moment (UTC), the day that it is in London, and what a clock there shows.
MOMENTS = [
    ("2027-06-30T22:59", "30 June 2027", "23:59"),
    ("2027-06-30T23:30", "1 July 2027", "00:30"),
    ("2027-12-31T23:30", "31 December 2027", "23:30"),
    ("2028-01-01T00:00", "1 January 2028", "00:00"),
    # Clocks go forward on 28 March 2027 at 01:00, and back on 31 October 2027 at 02:00.
    ("2027-03-27T23:30", "27 March 2027", "23:30"),
    ("2027-03-28T00:59", "28 March 2027", "00:59"),
    ("2027-03-28T01:00", "28 March 2027", "02:00"),
    ("2027-03-28T23:30", "29 March 2027", "00:30"),
    ("2027-10-30T23:30", "31 October 2027", "00:30"),
    ("2027-10-31T00:30", "31 October 2027", "01:30"),
    ("2027-10-31T01:30", "31 October 2027", "01:30"),
    ("2027-10-31T23:30", "31 October 2027", "23:30"),
]


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(("moment", "day", "clock"), MOMENTS)
def test_paper_mail_and_pages_say_the_london_day_of_a_payment(
    as_, maya, stan, order, pay, reconcile, moment, day, clock
):
    Order.objects.filter(pk=order.pk).update(created_at=at(moment) - dt.timedelta(hours=2))
    paid = reconcile(pay(order), now=at(moment))
    (mail,) = send_waiting_mail()
    assert f"£69 on {day}" in mail.body
    paper = document_html(paid.documents.get())
    assert f"<dt>Date</dt><dd>{day}</dd>" in paper
    assert f"<dt>Paid on</dt><dd>{day}</dd>" in paper
    page = as_(maya).get(paid.path).content.decode()
    assert f"<dt>Paid</dt><dd>{day}, {clock}" in page
    assert f"{day} to " in page  # the first day of what it opens
    rentals = as_(maya).get(reverse("billing:rentals", args=["willow-lane"])).content.decode()
    assert "£69" in rentals
    desk = as_(stan).get(reverse("billing_desk:order", args=[paid.pk])).content.decode()
    assert f"of {day}, £69" in desk


@pytest.mark.parametrize(("moment", "day"), [one[:2] for one in MOMENTS if "T23:30" in one[0]])
def test_a_credit_note_carries_the_london_day_on_which_the_money_went(order, pay, reconcile, moment, day):
    before = at(moment) - dt.timedelta(days=40)
    paid = reconcile(pay(order), now=before)
    bank.give_back_from_dashboard(paid.stripe_checkout_session_id)
    note = reconcile(paid, now=at(moment)).documents.get(kind="credit_note")
    paper = document_html(note)
    assert f"<dt>Date</dt><dd>{day}</dd>" in paper


def test_an_order_begun_before_midnight_and_paid_after_keeps_both_days(as_, maya, order, pay, reconcile):
    Order.objects.filter(pk=order.pk).update(created_at=at("2027-06-30T22:45"))
    paid = reconcile(pay(order), now=at("2027-06-30T23:15"))
    page = as_(maya).get(paid.path).content.decode()
    assert "<dt>Begun</dt><dd>30 June 2027, 23:45" in page
    assert "<dt>Paid</dt><dd>1 July 2027, 00:15" in page
    assert "<dt>Ordered on</dt><dd>30 June 2027</dd>" in document_html(paid.documents.get())
