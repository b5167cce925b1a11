"""What a price on the price list means today: with VAT inside, VAT on top, or no word of VAT at all."""

from django import template

from billing import vat
from elearning.templatetags.design import money

register = template.Library()


@register.filter
def vat_words(amount_minor: int | None, currency: str = "GBP") -> str:
    """ "including VAT", or "plus £13.80 VAT: £82.80 in all". Empty where there is no VAT, and for None."""
    if amount_minor is None:
        return ""
    price = vat.price_today(amount_minor)
    if price.vat_mode == vat.INCLUSIVE:
        return "including VAT"
    if price.vat_mode == vat.EXCLUSIVE:
        return f"plus {money(price.vat_minor, currency)} VAT: {money(price.gross_minor, currency)} in all"
    return ""


@register.filter
def price(amount_minor: int | None, currency: str = "GBP") -> str:
    """A listed price with its words about VAT: "£69 including VAT". Empty for None."""
    return f"{money(amount_minor, currency)} {vat_words(amount_minor, currency)}".strip()


@register.filter
def to_pay(amount_minor: int) -> int:
    """What a listed price comes to when it is paid, in minor units."""
    return vat.price_today(amount_minor).gross_minor


@register.filter
def as_rate(rate_bp: int) -> str:
    """2,000 basis points as "20%"."""
    return vat.rate_in_words(rate_bp)
