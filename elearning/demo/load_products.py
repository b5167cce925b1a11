"""Load what the demo sells."""

from billing.mode import is_sandbox
from billing.models import Product
from billing.sandbox import promotions
from billing.sandbox.store import list_objects
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


# What the demo's promotion codes take off, in per cent.
PROMOTION_CODES = {"WELCOME10": "10", "WHOLE-YEAR-FREE": "100"}


def load_promotion_codes() -> None:
    """Make the demo's promotion codes where payments are pretend and they are not there yet."""
    known = {one["code"] for one in list_objects(promotions.PROMOTION)}
    for code, percent in PROMOTION_CODES.items():
        if is_sandbox() and code not in known:
            coupon = promotions.make_coupon({"percent_off": percent, "name": f"{percent} % off"})
            promotions.make_promotion_code(
                {"code": code, "promotion": {"type": "coupon", "coupon": coupon["id"]}}
            )
