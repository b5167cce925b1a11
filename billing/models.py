"""What is sold, who has paid for what, until when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from billing.querysets import ProductQuerySet, RentalQuerySet, TermQuerySet
from elearning.periods import last_day
from teams.models import CareSetting


class Product(models.Model):
    """What a setting can rent: a whole course or some of its sections, at one price for some months."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    blurb = models.CharField(max_length=200, blank=True)
    price_minor = models.PositiveIntegerField("price in pence")
    currency = models.CharField(max_length=3, default="gbp")
    months = models.PositiveSmallIntegerField(default=12)
    is_on_sale = models.BooleanField("on sale", default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(months__gte=1), name="billing_product_lasts_a_month_or_more"),
        ]

    def __str__(self) -> str:
        return self.name


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
    """One paid stretch of a rental: London days, half-open [starts_on, ends_on)."""

    rental = models.ForeignKey(Rental, on_delete=models.PROTECT, related_name="terms")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The first day without access.")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    grant_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")), name="billing_term_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"term {self.pk}"

    @property
    def last_day(self):
        """The last day with access, in London, as people are told it."""
        return last_day(self.ends_on)
