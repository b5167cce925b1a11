"""When a rental begins and ends: renewals, grace, odd days, and what the database itself refuses."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import services
from billing.models import Order, OrderLine, Rental, StripeEvent, Term
from elearning.periods import is_whole_months
from tests import factories as make

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def rent_at(begin, pay, reconcile, maya, willow_lane, monkeypatch):
    """Rent or renew at a moment (a day means noon in London), and return the new term."""

    def rent(moment: dt.date) -> Term:
        now = moment if isinstance(moment, dt.datetime) else dt.datetime.combine(moment, dt.time(12), dt.UTC)
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda: now)
            order = begin(maya, willow_lane, now=now)
            after = reconcile(pay(order), now=now)
        assert after.status == "fulfilled", after.review_reason
        return Term.objects.get(order_line__order=order)

    return rent


def period(term: Term) -> tuple[str, str]:
    return term.starts_on.isoformat(), term.ends_on.isoformat()


# --- Renewing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("renewed_on", "starts_on"),
    [
        ("2027-09-21", "2027-11-21"),  # sixty days before the last day
        ("2027-11-20", "2027-11-21"),  # the last day
        ("2027-11-21", "2027-11-21"),  # the day after
        ("2027-11-25", "2027-11-21"),  # in grace: no gap
        ("2027-12-04", "2027-11-21"),  # the last day of grace
        ("2027-12-05", "2027-12-05"),  # after grace: from today
        ("2028-06-01", "2028-06-01"),
    ],
)
def test_a_renewal_follows_the_end_until_grace_is_over(rent_at, renewed_on, starts_on):
    rent_at(dt.date(2026, 11, 21))
    term = rent_at(dt.date.fromisoformat(renewed_on))
    assert term.starts_on.isoformat() == starts_on
    assert is_whole_months(term.starts_on, term.ends_on, anchor=term.anchor)


def test_sixty_one_days_before_the_last_day_is_too_early(rent_at):
    rent_at(dt.date(2026, 11, 21))
    with pytest.raises(services.AlreadyRentingError, match="20 November 2027"):
        rent_at(dt.date(2027, 9, 20))


def test_one_year_ahead_is_enough(rent_at):
    rent_at(dt.date(2026, 11, 21))
    rent_at(dt.date(2027, 10, 1))
    with pytest.raises(services.AlreadyRentingError):
        rent_at(dt.date(2027, 10, 2))


def test_years_from_29_february_do_not_drift(rent_at):
    found = [period(rent_at(dt.date(2028, 2, 29)))]
    for year in (2029, 2030, 2031):
        found.append(period(rent_at(dt.date(year, 2, 20))))
    assert found[0] == ("2028-02-29", "2029-02-28")
    assert found[3] == ("2031-02-28", "2032-02-29")


def test_a_year_from_31_january_ends_on_31_january(rent_at):
    assert period(rent_at(dt.date(2027, 1, 31))) == ("2027-01-31", "2028-01-31")


@pytest.mark.parametrize(
    ("paid_at", "first_day"),
    [
        ("2027-06-30T23:30+00:00", "2027-07-01"),
        ("2027-12-31T23:30+00:00", "2027-12-31"),
        ("2027-03-28T00:30+00:00", "2027-03-28"),  # clocks go forward that night
        ("2027-10-30T23:30+00:00", "2027-10-31"),  # clocks go back that night
        ("2027-10-31T23:30+00:00", "2027-10-31"),
    ],
)
def test_the_first_day_is_londons_whatever_the_season(rent_at, paid_at, first_day):
    term = rent_at(dt.datetime.fromisoformat(paid_at))
    assert term.starts_on.isoformat() == first_day


def test_a_paid_year_follows_one_that_staff_granted(rent_at, willow_lane, product):
    make.make_rental(willow_lane, product, starts_on=dt.date(2026, 5, 1))
    assert period(rent_at(dt.date(2027, 4, 20))) == ("2027-05-01", "2028-05-01")


def test_a_revoked_year_is_followed_by_nothing(rent_at):
    first = rent_at(dt.date(2026, 11, 21))
    Term.objects.filter(pk=first.pk).update(revoked_at=timezone.now())
    assert rent_at(dt.date(2026, 12, 1)).starts_on == dt.date(2026, 12, 1)


# --- Open or not ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "runs", "opens"),
    [
        ("2026-11-20", False, False),
        ("2026-11-21", True, True),
        ("2027-11-20", True, True),
        ("2027-11-21", False, True),  # grace
        ("2027-12-04", False, True),
        ("2027-12-05", False, False),
    ],
)
def test_lessons_open_from_the_first_day_to_the_end_of_grace(willow_lane, product, day, runs, opens):
    make.make_rental(willow_lane, product, starts_on=dt.date(2026, 11, 21))
    day = dt.date.fromisoformat(day)
    assert Term.objects.live_on(day).exists() is runs
    assert Term.objects.opening_on(day).exists() is opens


def test_a_revoked_term_opens_nothing_and_has_no_grace(willow_lane, product):
    make.make_rental(willow_lane, product, starts_on=dt.date(2026, 11, 21))
    Term.objects.update(revoked_at=timezone.now())
    assert not Term.objects.opening_on(dt.date(2027, 1, 1)).exists()
    assert not Term.objects.opening_on(dt.date(2027, 11, 25)).exists()


@pytest.mark.parametrize(
    ("day", "state", "days_left", "may_renew"),
    [
        ("2026-11-20", "future", 365, False),
        ("2026-11-21", "active", 364, False),
        ("2027-09-20", "active", 61, False),
        ("2027-09-21", "active", 60, True),
        ("2027-11-20", "active", 0, True),
        ("2027-11-21", "grace", 0, True),
        ("2027-12-05", "ended", 0, True),
    ],
)
def test_the_summary_says_how_a_rental_stands(willow_lane, product, day, state, days_left, may_renew):
    make.make_rental(willow_lane, product, starts_on=dt.date(2026, 11, 21))
    (one,) = services.rental_summary(willow_lane, dt.date.fromisoformat(day))
    assert (one.state, one.days_left, one.may_renew) == (state, days_left, may_renew)
    assert one.last_day == dt.date(2027, 11, 20)


def test_after_renewing_the_summary_says_the_new_last_day(rent_at, willow_lane):
    rent_at(dt.date(2026, 11, 21))
    rent_at(dt.date(2027, 10, 1))
    (one,) = services.rental_summary(willow_lane, dt.date(2027, 10, 2))
    assert (one.state, one.last_day, one.may_renew) == ("active", dt.date(2028, 11, 20), False)


def test_the_summary_costs_one_query_however_many_rentals(willow_lane, django_assert_num_queries):
    for number in range(6):
        make.make_rental(willow_lane, make.make_product(f"Product {number}"), starts_on=dt.date(2026, 1, 1))
    with django_assert_num_queries(1):
        assert len(services.rental_summary(willow_lane, dt.date(2026, 6, 1))) == 6


# --- What the database refuses --------------------------------------------------------------------


@pytest.fixture
def granted(willow_lane, product, stan):
    """A maker of granted terms of one rental."""
    rental = Rental.objects.create(care_setting=willow_lane, product=product)

    def grant(starts_on: str, ends_on: str, **fields) -> Term:
        fields = {"granted_by": stan, "grant_reason": "for a test", **fields}
        return Term.objects.create(
            rental=rental,
            starts_on=dt.date.fromisoformat(starts_on),
            ends_on=dt.date.fromisoformat(ends_on),
            **fields,
        )

    return grant


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        ("2027-01-01", "2028-01-01"),  # the same
        ("2026-06-01", "2027-01-02"),  # one day at the front
        ("2027-12-31", "2028-06-01"),  # one day at the back
        ("2027-03-01", "2027-04-01"),  # inside
        ("2026-01-01", "2029-01-01"),  # around
    ],
)
def test_terms_of_a_rental_never_overlap(granted, starts_on, ends_on):
    granted("2027-01-01", "2028-01-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        granted(starts_on, ends_on)


def test_terms_may_touch_and_revoked_ones_do_not_count(granted):
    first = granted("2027-01-01", "2028-01-01")
    granted("2028-01-01", "2029-01-01")
    granted("2026-01-01", "2027-01-01")
    first.revoked_at = timezone.now()
    first.save(update_fields=["revoked_at"])
    granted("2027-02-01", "2027-03-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=first.pk).update(revoked_at=None)
    Term.objects.filter(pk=first.pk).update(ends_on=dt.date(2027, 2, 1), revoked_at=None)


def test_another_rental_may_run_at_the_same_time(granted, harbour_house, product):
    granted("2027-01-01", "2028-01-01")
    make.make_rental(harbour_house, product, starts_on=dt.date(2027, 1, 1))


def test_a_term_cannot_be_moved_onto_another(granted):
    granted("2027-01-01", "2028-01-01")
    second = granted("2028-01-01", "2029-01-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=second.pk).update(starts_on=dt.date(2027, 12, 31))


@pytest.mark.parametrize(
    "fields",
    [
        {"granted_by": None, "grant_reason": ""},  # neither paid nor granted
        {"grant_reason": ""},  # granted without a reason
    ],
)
def test_a_term_is_paid_for_or_granted_with_a_reason(granted, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        granted("2027-01-01", "2028-01-01", **fields)


def test_a_term_is_not_both_paid_and_granted(granted, order):
    with pytest.raises(IntegrityError), transaction.atomic():
        granted("2027-01-01", "2028-01-01", order_line=order.lines.get())


def test_a_line_has_one_term(granted, order):
    paid = {"order_line": order.lines.get(), "granted_by": None, "grant_reason": ""}
    granted("2027-01-01", "2028-01-01", **paid)
    with pytest.raises(IntegrityError), transaction.atomic():
        granted("2028-01-01", "2029-01-01", **paid)


@pytest.mark.parametrize(
    "changes",
    [
        {"refunded_minor": 1},
        {"paid_minor": 6900, "refunded_minor": 6901},
        {"gross_minor": 6901},
        {"net_minor": 5900, "vat_minor": 1000},
    ],
)
def test_an_order_adds_up(order, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**changes)


def test_one_stripe_object_belongs_to_one_order(order, begin, omar, harbour_house):
    other = begin(omar, harbour_house)
    for name in ("stripe_checkout_session_id", "stripe_payment_intent_id", "stripe_invoice_id"):
        Order.objects.filter(pk=order.pk).update(**{name: "x_1"})
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=other.pk).update(**{name: "x_1"})


def test_one_live_line_for_a_setting_and_product(order, begin, omar, harbour_house):
    begin(omar, harbour_house)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.update(care_setting=order.care_setting)


def test_an_event_is_kept_once():
    fields = {"type": "a", "livemode": False, "received_at": timezone.now(), "body_sha256": "0"}
    StripeEvent.objects.create(id="evt_1", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        StripeEvent.objects.create(id="evt_1", **fields)
