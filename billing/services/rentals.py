"""What a setting rents, as people are told it."""

import datetime as dt
import enum
import itertools
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from billing.mode import is_live
from billing.models import Product, Rental, Term
from elearning.kept_sql import fields_of, kept, read_models
from elearning.periods import last_day
from teams.models import CareSetting

RENEWAL_DAYS = 60


class RentalState(enum.StrEnum):
    """How a rental stands on a day: worked out, never stored."""

    FUTURE = "future"
    ACTIVE = "active"
    GRACE = "grace"
    ON_HOLD = "on_hold"
    ENDED = "ended"


class RentalSummary(NamedTuple):
    """One rental as a page shows it. Days are London days."""

    rental: Rental
    product: Product
    state: RentalState
    starts_on: dt.date
    last_day: dt.date
    days_left: int  # from today to the last day: 0 on that day itself
    grace_last_day: dt.date
    may_renew: bool
    is_provisional: bool = False
    is_being_renewed: bool = False  # its payment is on its way, invoiced, or with the provider's staff

    @property
    def is_open(self) -> bool:
        """Whether its lessons open: it runs, or is in its days of grace."""
        return self.state in (RentalState.ACTIVE, RentalState.GRACE)

    @property
    def is_in_grace(self) -> bool:
        """Whether it has ended, its lessons are open for some days yet, and nothing follows."""
        return self.state == RentalState.GRACE


class Grace(NamedTuple):
    """The last day of a rental that has ended, and the last on which its lessons are open."""

    last_day: dt.date
    grace_last_day: dt.date


def find_grace(ends_on: dt.date, day: dt.date) -> Grace | None:
    """Return the days of grace that a London ``day`` lies in, when the last of the terms ends ``ends_on``."""
    if day < ends_on:
        return None
    return Grace(last_day(ends_on), last_day(ends_on + dt.timedelta(days=settings.BILLING_GRACE_DAYS)))


def renewal_opens_on(ends_on: dt.date) -> dt.date:
    """Return the first London day on which a term that ends ``ends_on`` can be followed by another.

    60 days before its last day, as the terms say and as the first reminder counts, whose link must work then.
    """
    return last_day(ends_on) - dt.timedelta(days=RENEWAL_DAYS)


def may_renew_on(day: dt.date, *, ends_on: dt.date, starts_on: dt.date) -> bool:
    """Whether a term may be followed by another on a London ``day``: not while it lies ahead."""
    return starts_on <= day and day >= renewal_opens_on(ends_on)


def rental_summary(care_setting: CareSetting, day: dt.date) -> list[RentalSummary]:
    """What a setting rents or rented, as of a London ``day``; running first, then by last day. One query."""
    rows = _term_rows(care_setting_id=care_setting.pk, on_a_live_site=is_live())
    terms = [(read_term(row), row[-1]) for row in rows]
    found = [
        summarise([term for term, _ in group], day, is_being_renewed=is_being_renewed)
        for (_, is_being_renewed), group in itertools.groupby(
            terms, key=lambda one: (one[0].rental_id, one[1])
        )
    ]
    order = {state: number for number, state in enumerate(("active", "grace", "on_hold", "future", "ended"))}
    return sorted(found, key=lambda one: (order[one.state], one.last_day, one.product.name))


@kept("on_a_live_site")
def _term_rows(*, care_setting_id: int, on_a_live_site: bool) -> QuerySet:
    """What billing's rule of which terms count reads besides the rows, it is kept by: the site's mode."""
    terms = Term.objects.counting().of_care_setting(CareSetting(pk=care_setting_id)).with_renewals()
    beside = [*fields_of(Rental, "rental__"), *fields_of(Product, "rental__product__")]
    return terms.by_rental().values_list(*fields_of(Term), *beside, "is_being_renewed")


def read_term(row: tuple) -> Term:
    """A term with its rental and product, from a row of ``_term_rows``."""
    term, term.rental, term.rental.product = read_models(row, Term, Rental, Product)
    return term


def summarise(terms: list[Term], day: dt.date, *, is_being_renewed: bool) -> RentalSummary:
    """Put the terms of one rental, earliest first, into what a page says about it."""
    grace = dt.timedelta(days=settings.BILLING_GRACE_DAYS)
    started = [term for term in terms if term.starts_on <= day]
    current = started[-1] if started else terms[0]
    ends_on = current.ends_on
    for term in terms:
        if term.starts_on == ends_on:
            ends_on = term.ends_on
    if not started:
        state = RentalState.FUTURE
    elif current.suspended_at and day < current.ends_on + grace:
        state = RentalState.ON_HOLD
    elif day < current.ends_on:
        state = RentalState.ACTIVE
    else:
        state = RentalState.GRACE if day < current.ends_on + grace else RentalState.ENDED
    latest = terms[-1]
    return RentalSummary(
        rental=current.rental,
        product=current.rental.product,
        state=state,
        starts_on=current.starts_on,
        last_day=last_day(ends_on),
        days_left=max((last_day(ends_on) - day).days, 0),
        grace_last_day=last_day(ends_on + grace),
        may_renew=current.rental.product.is_on_sale
        and not is_being_renewed
        and may_renew_on(day, ends_on=latest.ends_on, starts_on=latest.starts_on),
        is_provisional=current.is_provisional,
        is_being_renewed=is_being_renewed,
    )
