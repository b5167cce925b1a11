"""What is sold."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing.querysets import ProductQuerySet


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
