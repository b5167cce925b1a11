"""How rentals, their terms and the reminders of their end are found."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from billing.mode import is_live

if TYPE_CHECKING:
    from billing.models import (  # noqa: F401 - named in quotes
        Order,
        OrderLine,
        PayerSetting,
        Product,
        Reminder,
        ReminderStop,
        Rental,
        Term,
    )
    from teams.models import CareSetting


class RentalQuerySet(models.QuerySet["Rental"]):
    """What settings rent over the years."""

    def for_care_setting(self, care_setting: "CareSetting") -> Self:
        """What one setting rents or rented."""
        return self.filter(care_setting_id=care_setting.pk)

    def of_order(self, order: "Order") -> Self:
        """What the lines of one order are about."""
        lines = apps.get_model("billing", "OrderLine").objects.filter(order_id=order.pk)
        return self.filter(
            Exists(lines.filter(care_setting=OuterRef("care_setting"), product=OuterRef("product")))
        )

    def with_ids(self, ids: Iterable[int]) -> Self:
        """These rentals."""
        return self.filter(pk__in=list(ids))

    def in_id_order(self) -> Self:
        """In the order in which they are locked."""
        return self.order_by("pk")


class TermQuerySet(models.QuerySet["Term"]):
    """Paid or granted stretches of rentals."""

    def unrevoked(self) -> Self:
        """Terms that were not taken back."""
        return self.filter(revoked_at__isnull=True)

    def in_force(self) -> Self:
        """Unrevoked terms that are not on hold."""
        return self.unrevoked().filter(suspended_at__isnull=True)

    def overlapping(self, starts_on: dt.date, ends_on: dt.date) -> Self:
        """Terms that share a day with [starts_on, ends_on)."""
        return self.filter(starts_on__lt=ends_on, ends_on__gt=starts_on)

    def of_rentals(self, rentals: "Iterable[Rental]") -> Self:
        """Terms of these rentals."""
        return self.filter(rental__in=[rental.pk for rental in rentals])

    def of_order(self, order: "Order") -> Self:
        """Terms that one order paid for."""
        return self.filter(order_line__order_id=order.pk)

    def of_payer_setting(self, payer_setting: "PayerSetting") -> Self:
        """Terms that a payer paid for, for one of its settings."""
        return self.filter(order_line__payer_setting_id=payer_setting.pk)

    def paid_by_payers(self) -> Self:
        """Terms that somebody paid for who pays for several settings, with whom and what, by name."""
        terms = self.filter(order_line__payer_setting__isnull=False).select_related(
            "rental__product", "order_line__payer_setting__payer"
        )
        return terms.order_by("order_line__payer_setting__name", "pk")

    def provisional(self) -> Self:
        """Terms that staff opened until an invoice is paid."""
        return self.filter(is_provisional=True)

    def pretended(self) -> Self:
        """Terms that were paid for without real money."""
        return self.filter(is_pretend=True)

    def counting(self) -> Self:
        """Unrevoked terms that count here: on a live site, pretend money opens nothing."""
        terms = self.unrevoked()
        return terms.filter(is_pretend=False) if is_live() else terms

    def live_on(self, day: dt.date) -> Self:
        """Terms that run on a London ``day``: what was paid for, without grace and not on hold."""
        return self.counting().in_force().filter(starts_on__lte=day, ends_on__gt=day)

    def opening_on(self, day: dt.date) -> Self:
        """Terms that open lessons on a London ``day``: those that run, and those within the days of grace.

        For BILLING_GRACE_DAYS after its last day a term still opens everything, to everyone, so that a team
        finishes what it has begun; managers see a banner meanwhile. A revoked term has no grace, and a
        term on hold opens nothing.
        """
        grace = dt.timedelta(days=settings.BILLING_GRACE_DAYS)
        return self.counting().in_force().filter(starts_on__lte=day, ends_on__gt=day - grace)

    def of_care_setting(self, care_setting: "CareSetting") -> Self:
        """Terms of everything that one setting rents or rented."""
        return self.filter(rental__care_setting_id=care_setting.pk)

    def for_rental_of(self, *, care_setting: "CareSetting", product: "Product") -> Self:
        """Terms of one product for one setting."""
        return self.filter(rental__care_setting_id=care_setting.pk, rental__product_id=product.pk)

    def about(self, *, care_setting_ids: Iterable[int], product: "Product") -> Self:
        """Terms of one product for any of these settings."""
        return self.filter(
            rental__care_setting_id__in=list(care_setting_ids), rental__product_id=product.pk
        ).select_related("rental")

    def starting_after(self, day: dt.date) -> Self:
        """Terms that lie ahead."""
        return self.filter(starts_on__gt=day)

    def ending_within(self, days: int, *, after: dt.date) -> Self:
        """Terms that run on the London day ``after`` and have their last day at most ``days`` later."""
        latest = after + dt.timedelta(days=days + 1)
        return self.filter(starts_on__lte=after, ends_on__gt=after, ends_on__lte=latest)

    def not_renewed(self) -> Self:
        """Terms that no other follows, and for whose renewal no payment, invoice or decision is under way."""
        later = self.model.objects.counting().filter(
            rental=OuterRef("rental"), starts_on__gt=OuterRef("starts_on")
        )
        return self.with_renewals().filter(~Exists(later), is_being_renewed=False)

    def with_renewals(self) -> Self:
        """Each with ``is_being_renewed``: money for more of the same is on its way or invoiced."""
        lines = apps.get_model("billing", "OrderLine").objects
        paying = lines.filter(
            care_setting=OuterRef("rental__care_setting"),
            product=OuterRef("rental__product"),
        ).filter(
            Q(order__status__in=("processing", "review")) | Q(order__status="open", order__method="invoice")
        )
        return self.annotate(is_being_renewed=Exists(paying))

    def by_rental(self) -> Self:
        """Rental after rental, each one's earliest first."""
        return self.order_by("rental_id", "starts_on", "pk")

    def granted(self) -> Self:
        """Terms that staff gave without payment."""
        return self.filter(granted_by__isnull=False, order_line__isnull=True)

    def given_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Terms written in [since, until)."""
        return self.filter(created_at__gte=since, created_at__lt=until)

    def taken_back_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Granted terms that staff took back in [since, until)."""
        return self.filter(taken_back__taken_back_at__gte=since, taken_back__taken_back_at__lt=until)

    def starting_between(self, first_day: dt.date, until_day: dt.date) -> Self:
        """Terms whose first day is in [first_day, until_day), in time."""
        return self.filter(starts_on__gte=first_day, starts_on__lt=until_day).order_by("starts_on", "pk")

    def ending_between(self, first_day: dt.date, until_day: dt.date) -> Self:
        """Terms whose last day is in [first_day, until_day), in time."""
        return self.filter(ends_on__gt=first_day, ends_on__lte=until_day).order_by("ends_on", "pk")

    def with_all_about_it(self) -> Self:
        """With setting, product, and who gave it and took it back, in the same statement."""
        return self.select_related(
            "rental__care_setting", "rental__product", "granted_by", "taken_back__taken_back_by"
        )

    def newest_first(self) -> Self:
        """What was given last comes first."""
        return self.order_by("-created_at", "-pk")

    def in_time(self) -> Self:
        """Earliest first."""
        return self.order_by("starts_on", "pk")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Mails before the end of a term."""

    def of_terms(self, terms: "Iterable[Term]") -> Self:
        """Reminders about these terms."""
        return self.filter(term__in=[term.pk for term in terms])

    def of_order(self, order: "Order") -> Self:
        """Reminders about the terms that one order paid for, first sent first."""
        return self.filter(term__order_line__order_id=order.pk).order_by("sent_at", "pk")


class ReminderStopQuerySet(models.QuerySet["ReminderStop"]):
    """Who wants no reminders."""

    def of_person(self, user_id: int, *, care_setting_id: int) -> Self:
        """Whether one person wants none about one setting."""
        return self.filter(user_id=user_id, care_setting_id=care_setting_id)

    def about(self, care_setting_ids: Iterable[int]) -> Self:
        """Who wants none about these settings."""
        return self.filter(care_setting_id__in=list(care_setting_ids))
