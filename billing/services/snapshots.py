"""What a paper says, as plain values for keeping: who sells, who buys, lines, sums, how it was paid.

Amounts are minor units, days are London days in ISO form. Nothing here is looked up again later.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings

from billing import vat
from billing.models import Document, Order, OrderLine
from billing.services.lines import lines_in_hand, term_of
from elearning.periods import london_day

Snapshot = dict[str, Any]
Line = dict[str, Any]

PAID_WITH = {
    "card": "Card",
    "bacs_debit": "Direct Debit",
    "customer_balance": "Bank transfer",
    "pay_by_bank": "Pay by bank",
    "paypal": "PayPal",
}


class Buyer(NamedTuple):
    """Whom a paper is made out to. The payer of a group order may work in none of its settings."""

    name: str
    address: str = ""
    contact_name: str = ""
    contact_email: str = ""
    po_number: str = ""


def buyer_of(order: Order) -> Buyer:
    """Who ordered, or to whom the invoice goes, and the person who did it."""
    person = order.buyer.display_name if order.buyer else ""
    return Buyer(
        name=order.billing_name or order.customer.name,
        address=order.billing_address or order.customer.address,
        contact_name=order.payer.contact_name if order.payer else person,
        contact_email=order.billing_email or order.contact_email,
        po_number=order.po_number,
    )


def lines_of(order: Order, total_minor: int) -> list[Line]:
    """Return an order's lines as they come to ``total_minor`` together, VAT worked out for each of them.

    What a code takes off, or what came more or less than the price, is spread in proportion to the prices:
    VAT is due on what is really paid.
    """
    lines = lines_in_hand(order)
    shares = vat.share_out(total_minor, [line.gross_minor for line in lines])
    return [_line(order, line, gross) for line, gross in zip(lines, shares, strict=True)]


def _line(order: Order, line: OrderLine, gross_minor: int) -> Line:
    vat_minor = vat.vat_within(gross_minor, rate_bp=order.vat_rate_bp)
    term = term_of(line)
    return {
        "line": line.pk,
        "title": line.title,
        "setting": line.setting_name,
        "months": line.months,
        "starts_on": term.starts_on.isoformat() if term else None,
        "last_day": term.last_day.isoformat() if term else None,
        "price_minor": line.gross_minor,
        "net_minor": gross_minor - vat_minor,
        "vat_minor": vat_minor,
        "gross_minor": gross_minor,
    }


def lines_left(basic: Document, corrections: Iterable[Document]) -> list[Line]:
    """Return the lines of an invoice or receipt with what credit and debit notes have left of each."""
    left = {line["line"]: dict(line) for line in basic.snapshot["lines"]}
    for paper in corrections:
        sign = 1 if paper.kind == Document.Kind.DEBIT_NOTE else -1
        for line in paper.snapshot["lines"]:
            for name in ("net_minor", "vat_minor", "gross_minor"):
                left[line["line"]][name] += sign * line[name]
    return list(left.values())


def take_from(lines: list[Line], amount_minor: int) -> list[Line]:
    """Return lines over ``amount_minor`` in proportion to what is left of each, each with its part of VAT.

    The last credit note thus takes the very VAT that is left, and never a penny more.
    """
    shares = vat.share_out(amount_minor, [line["gross_minor"] for line in lines])
    taken = []
    for line, gross in zip(lines, shares, strict=True):
        if gross:
            vat_minor = vat.nearest(line["vat_minor"] * gross, line["gross_minor"])
            parts = {"net_minor": gross - vat_minor, "vat_minor": vat_minor, "gross_minor": gross}
            taken.append({**line, **parts, "price_minor": gross})
    return taken


def how_paid(order: Order) -> str:
    """How the money came, in words; of a practice payment, that it was one."""
    if not order.paid_minor:
        return "Nothing to pay: the discount took off all of it"
    way = PAID_WITH.get(order.paid_with) or order.paid_with.replace("_", " ").capitalize()
    if order.off_stripe_minor:
        way = PAID_WITH["customer_balance"]
    if not order.livemode:
        return f"{way}, as a practice payment" if way else "As a practice payment"
    if order.off_stripe_minor:
        return way
    return f"{way}, through Stripe" if way else "Through Stripe"


def make_snapshot(
    order: Order, lines: list[Line], *, buyer: Buyer, now: dt.datetime, **more: Any
) -> Snapshot:
    """Return all that a paper says, with sums over its lines; ``more`` is what only its kind says."""
    sums = {name: sum(line[name] for line in lines) for name in ("net_minor", "vat_minor", "gross_minor")}
    seller = {"name": settings.BILLING_SELLER_NAME or settings.SITE_NAME}
    seller |= {"address": settings.BILLING_SELLER_ADDRESS, "email": settings.SUPPORT_EMAIL}
    if order.vat_rate_bp:
        seller["vat_number"] = settings.BILLING_SELLER_VAT_NUMBER
    return {
        "seller": seller,
        "buyer": buyer._asdict(),
        "order": order.number,
        "ordered_on": london_day(order.created_at).isoformat(),
        "issued_on": london_day(now).isoformat(),
        "currency": order.currency,
        "vat_mode": order.vat_mode,
        "vat_rate_bp": order.vat_rate_bp,
        "lines": lines,
        "price_minor": sum(line["price_minor"] for line in lines),
        **sums,
        **more,
    }
