"""What is sold."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from billing.querysets import ProductChangeQuerySet, ProductQuerySet


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
            models.CheckConstraint(condition=Q(price_minor__gte=1), name="billing_product_has_a_price"),
        ]

    def __str__(self) -> str:
        return self.name


class ProductChange(models.Model):
    """One thing that staff changed about a product: who, when, from what, to what, and why. Never changed."""

    class Field(models.TextChoices):
        NAME = "name", "Name"
        SLUG = "slug", "Address"
        BLURB = "blurb", "Description"
        PRICE = "price_minor", "Price"
        MONTHS = "months", "Months"
        ON_SALE = "is_on_sale", "On sale"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(max_length=20, choices=Field)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = ProductChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="billing_product_change_has_a_reason"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="billing_product_change_is_one"),
        ]

    def __str__(self) -> str:
        return f"change {self.pk} of product {self.product_id}"

    @property
    def is_price(self) -> bool:
        """Whether ``before`` and ``after`` are amounts in minor units."""
        return self.field == self.Field.PRICE
