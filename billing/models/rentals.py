"""What a setting may open, until when."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from billing.models.orders import OrderLine
from billing.models.products import Product
from billing.querysets import RentalQuerySet, TermQuerySet
from elearning.periods import last_day
from teams.models import CareSetting


class Rental(models.Model):
    """A setting's access to one product over the years; its terms say when."""

    care_setting = models.ForeignKey(CareSetting, on_delete=models.PROTECT, related_name="rentals")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="rentals")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RentalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["care_setting", "product"], name="billing_rental_once"),
        ]

    def __str__(self) -> str:
        return f"rental {self.pk}"


class Term(models.Model):
    """One stretch of a rental: London days, half-open [starts_on, ends_on).

    It was paid for, or granted by staff, or opened by staff until an invoice is paid.

    Unrevoked terms of a rental never overlap: migration 0002 has the database hold that, because neither
    Django's constraints nor SQLite's own can say it.
    """

    rental = models.ForeignKey(Rental, on_delete=models.PROTECT, related_name="terms")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The first day without access.")
    anchor_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="The day from which the months of this and later terms are counted; empty: starts_on.",
    )
    order_line = models.OneToOneField(
        OrderLine, null=True, blank=True, on_delete=models.PROTECT, related_name="term"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    grant_reason = models.CharField(max_length=300, blank=True)
    is_provisional = models.BooleanField(
        default=False,
        editable=False,
        help_text="Opened by staff until the invoice is paid; then it is the paid term, on the same days.",
    )
    is_pretend = models.BooleanField(
        default=False, editable=False, help_text="Paid for without real money: opens nothing on a live site."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="On hold while a bank has its money; the days stay taken.",
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")), name="billing_term_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(order_line__isnull=False, granted_by__isnull=True, is_provisional=False)
                | (
                    Q(order_line__isnull=True, granted_by__isnull=False, is_provisional=False)
                    & ~Q(grant_reason="")
                )
                | (
                    Q(order_line__isnull=False, granted_by__isnull=False, is_provisional=True)
                    & ~Q(grant_reason="")
                ),
                name="billing_term_is_paid_or_granted",
            ),
        ]
        indexes = [models.Index(fields=["rental", "ends_on"], name="billing_term_by_end")]

    def __str__(self) -> str:
        return f"term {self.pk}"

    @property
    def anchor(self) -> dt.date:
        """The day from which the months are counted."""
        return self.anchor_on or self.starts_on

    @property
    def last_day(self) -> dt.date:
        """The last day with access, in London, as people are told it."""
        return last_day(self.ends_on)
