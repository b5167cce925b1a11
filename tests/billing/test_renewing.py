"""Renewing as a manager does it, page by page: when it is offered, refused in words, and what it gives."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import Order, Term
from billing.sandbox import payer
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    """Set the clock: a day means noon in London."""

    def set_clock(text: str) -> None:
        moment = dt.datetime.fromisoformat(text if "T" in text else f"{text}T12:00+00:00")
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_clock


@pytest.fixture
def rented(willow_lane, product, maya):
    """Willow Lane rents for a year from a day."""

    def rent_from(day: str) -> Term:
        return make.make_rental(willow_lane, product, starts_on=dt.date.fromisoformat(day)).terms.get()

    return rent_from


@pytest.fixture
def walk(as_, maya, product):
    """Go from the Rentals page to the pay page, pay, and come back; returns the new term."""

    def renew() -> Term:
        client = as_(maya)
        rent = f"{reverse('billing:rent', args=[product.slug])}?setting=willow-lane"
        assert rent in client.get(reverse("billing:rentals", args=["willow-lane"])).content.decode()
        check = client.get(rent).content.decode()
        answer = client.post(rent, {"setting": "willow-lane", "accepts_terms": "on"})
        assert answer.status_code == 302
        order = Order.objects.newest_first().first()
        payer.pay_by_card(order.stripe_checkout_session_id)
        back = client.get(reverse("billing:return", args=[order.public_id]), follow=True)
        term = Term.objects.get(order_line__order=order)
        for day in (term.starts_on, term.last_day):
            words = f"{day.day} {day:%B %Y}"
            assert words in check
            assert words in back.content.decode()
        return term

    return renew


@pytest.mark.parametrize(
    ("today", "first_day", "last_day"),
    [
        ("2027-09-21", "2027-11-21", "2028-11-20"),  # 60 days before the last day
        ("2027-11-20", "2027-11-21", "2028-11-20"),  # the last day
        ("2027-11-21", "2027-11-21", "2028-11-20"),  # the day after
        ("2027-11-28", "2027-11-21", "2028-11-20"),  # in grace
        ("2027-12-04", "2027-11-21", "2028-11-20"),  # the last day of grace
        ("2027-12-05", "2027-12-05", "2028-12-04"),  # after grace
    ],
)
def test_it_extends_from_the_end_until_grace_is_over(at, rented, walk, today, first_day, last_day):
    rented("2026-11-21")
    at(today)
    term = walk()
    assert (term.starts_on.isoformat(), term.last_day.isoformat()) == (first_day, last_day)


def test_61_days_before_the_last_day_it_is_refused_with_words(at, rented, as_, maya, product):
    rented("2026-11-21")
    at("2027-09-20")
    client = as_(maya)
    rentals = client.get(reverse("billing:rentals", args=["willow-lane"])).content.decode()
    assert ">Renew" not in rentals
    address = f"{reverse('billing:rent', args=[product.slug])}?setting=willow-lane"
    for page in (
        client.get(address),
        client.post(address, {"setting": "willow-lane", "accepts_terms": "on"}),
    ):
        words = page.content.decode()
        assert "the last day is 20 November 2027" in words
        assert "You can renew from 60 days before that" in words
    assert page.status_code == 409
    assert not Order.objects.exists()


def test_a_second_renewal_ahead_is_refused_with_words(at, rented, walk, as_, maya, product):
    rented("2026-11-21")
    at("2027-10-01")
    walk()
    address = f"{reverse('billing:rent', args=[product.slug])}?setting=willow-lane"
    answer = as_(maya).post(address, {"setting": "willow-lane", "accepts_terms": "on"})
    assert answer.status_code == 409
    assert "20 November 2028" in answer.content.decode()


@pytest.mark.parametrize(
    ("began", "today", "first_day", "last_day"),
    [
        ("2027-02-28", "2028-02-20", "2028-02-28", "2029-02-27"),
        ("2028-02-29", "2029-02-20", "2029-02-28", "2030-02-27"),  # 28 February in a common year
        ("2027-01-31", "2028-01-31", "2028-01-31", "2029-01-30"),
        ("2026-03-28", "2027-03-28T00:30+00:00", "2027-03-28", "2028-03-27"),  # clocks go forward
        ("2026-10-31", "2027-10-31T00:30+00:00", "2027-10-31", "2028-10-30"),  # clocks go back
        ("2026-07-01", "2027-06-30T23:30+00:00", "2027-07-01", "2028-06-30"),  # it is 1 July in London
    ],
)
def test_odd_days_give_whole_years(at, rented, walk, began, today, first_day, last_day):
    rented(began)
    at(today)
    term = walk()
    assert (term.starts_on.isoformat(), term.last_day.isoformat()) == (first_day, last_day)


@pytest.mark.parametrize(
    ("today", "first_day"),
    [
        ("2027-07-14T22:59+00:00", "2027-07-01"),  # a minute before midnight in London: the last day of grace
        ("2027-07-14T23:30+00:00", "2027-07-15"),  # half past midnight in London: grace is over
        ("2027-06-30T22:59+00:00", "2027-07-01"),  # still the last day
    ],
)
def test_a_day_ends_at_midnight_in_london(at, rented, walk, today, first_day):
    rented("2026-07-01")
    at(today)
    assert walk().starts_on.isoformat() == first_day
