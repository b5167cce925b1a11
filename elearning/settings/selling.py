"""Who sells, and how prices relate to VAT: checked at start, because a paper once issued is never changed."""

import re
from decimal import Decimal

from django.core.exceptions import ImproperlyConfigured

VAT_MODES = ("none", "inclusive", "exclusive")
VAT_NUMBER = re.compile(r"[A-Z]{2}[A-Z0-9 ]{5,15}")
WHY_SELLER = "receipts and invoices say who sells, and from where"


def vat_rate_bp(vat_mode: str, rate: Decimal) -> int:
    """Return a rate given in per cent (20, 17.5) as basis points (2000, 1750); 0 where there is no VAT.

    Raises ImproperlyConfigured, naming the variable, when mode and rate do not fit together.
    """
    if vat_mode not in VAT_MODES:
        raise ImproperlyConfigured(
            f"The environment variable BILLING_VAT_MODE must be one of {', '.join(VAT_MODES)}."
        )
    if vat_mode == "none":
        if rate:
            raise ImproperlyConfigured("BILLING_VAT_RATE is given, but BILLING_VAT_MODE is none.")
        return 0
    basis_points = rate * 100
    if not 0 < basis_points <= 10_000 or basis_points % 1:
        raise ImproperlyConfigured(
            "BILLING_VAT_RATE must be the rate in per cent, such as 20 or 17.5, because BILLING_VAT_MODE "
            "is not none."
        )
    return int(basis_points)


def check_seller(*, vat_mode: str, is_live: bool, name: str, address: str, vat_number: str) -> None:
    """Raises ImproperlyConfigured, naming the variable, where papers would not say enough of the seller."""
    if vat_mode != "none" and not VAT_NUMBER.fullmatch(vat_number):
        raise ImproperlyConfigured(
            "BILLING_SELLER_VAT_NUMBER must be the VAT number with its country, such as GB and nine digits, "
            "because BILLING_VAT_MODE is not none."
        )
    if vat_mode == "none" and not is_live:
        return
    why = "BILLING_LIVE is on" if is_live else "BILLING_VAT_MODE is not none"
    for variable, value in {"BILLING_SELLER_NAME": name, "BILLING_SELLER_ADDRESS": address}.items():
        if not value:
            raise ImproperlyConfigured(f"{variable} must be given, because {why}: {WHY_SELLER}.")
