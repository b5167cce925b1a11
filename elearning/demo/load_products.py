"""Load what the demo sells."""

from billing.models import Product
from elearning.demo.records import ProductText


def load_product_rows(products: list[ProductText]) -> None:
    """Put on sale what is not there yet."""
    for one in products:
        Product.objects.get_or_create(
            slug=one.slug,
            defaults={
                "name": one.name,
                "blurb": one.blurb,
                "price_minor": one.price_minor,
                "months": one.months,
            },
        )
