"""VAT in whole pence: what of a price is net, what is VAT, in each of the three modes.

One rule for rounding: VAT is worked out for each line and rounded to the nearest penny, half a penny up
(HMRC, VAT Notice 700, section 17.5, allows that for lines of an invoice). Net and VAT always make up gross.
"""

from typing import NamedTuple

from django.conf import settings

NONE, INCLUSIVE, EXCLUSIVE = "none", "inclusive", "exclusive"
WHOLE_BP = 10_000  # basis points: 2,000 are 20 per cent


class Price(NamedTuple):
    """What something costs, in minor units; ``gross_minor`` is what is charged."""

    net_minor: int
    vat_minor: int
    gross_minor: int
    vat_mode: str
    vat_rate_bp: int


def price_today(amount_minor: int) -> Price:
    """Return what a price on the price list means in the mode and at the rate that the site has now."""
    return price_of(amount_minor, vat_mode=settings.BILLING_VAT_MODE, rate_bp=settings.BILLING_VAT_RATE_BP)


def price_of(amount_minor: int, *, vat_mode: str, rate_bp: int) -> Price:
    """Return what a listed price means: without VAT, with it inside, or with it on top."""
    if vat_mode == NONE:
        return Price(amount_minor, 0, amount_minor, vat_mode, 0)
    if vat_mode == EXCLUSIVE:
        vat = nearest(amount_minor * rate_bp, WHOLE_BP)
        return Price(amount_minor, vat, amount_minor + vat, vat_mode, rate_bp)
    vat = vat_within(amount_minor, rate_bp=rate_bp)
    return Price(amount_minor - vat, vat, amount_minor, vat_mode, rate_bp)


def vat_within(gross_minor: int, *, rate_bp: int) -> int:
    """Return the VAT inside a gross amount. For a gross that VAT was added to, it gives that VAT back."""
    return nearest(gross_minor * rate_bp, WHOLE_BP + rate_bp)


def nearest(amount: int, divisor: int) -> int:
    """Return ``amount / divisor`` as the nearest whole number, halves up; never through a float."""
    return (2 * amount + divisor) // (2 * divisor)


def share_out(total_minor: int, weights: list[int]) -> list[int]:
    """Split a sum over lines in proportion to ``weights``; the parts add up to it exactly.

    The pence that are left over go where the largest parts of a penny were cut off. No part of a sum that is
    at most the weights' is larger than its weight.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total_minor * weight // whole for weight in weights]
    cut_off = sorted(range(len(weights)), key=lambda at: (-(total_minor * weights[at] % whole), at))
    for at in cut_off[: total_minor - sum(parts)]:
        parts[at] += 1
    return parts


def rate_in_words(rate_bp: int) -> str:
    """2,000 basis points as "20%", 1,750 as "17.5%"."""
    return f"{rate_bp / 100:g}%"
