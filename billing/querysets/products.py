"""How what is sold is found."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from billing.models import Product, ProductChange  # noqa: F401 - named in quotes


class ProductQuerySet(models.QuerySet["Product"]):
    """What is sold."""

    def on_sale(self) -> Self:
        """What can be rented now."""
        return self.filter(is_on_sale=True)

    def with_address(self, slug: str) -> Self:
        """The product at this address."""
        return self.filter(slug=slug)

    def cheapest_first(self) -> Self:
        """In the order of a price list."""
        return self.order_by("price_minor", "pk")


class ProductChangeQuerySet(models.QuerySet["ProductChange"]):
    """What staff changed about products."""

    def of_product(self, product: "Product") -> Self:
        """Changes of one product, newest first."""
        return self.filter(product_id=product.pk).order_by("-changed_at", "-pk")
