"""What Stripe counts for each payment: paid, given back, and taken by banks."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from billing.stripe_gateway.calls import ask, field_of, get_client, list_payments_with_money_back_since


@dataclasses.dataclass(frozen=True)
class PaymentSums:
    """The money of one payment at Stripe, in minor units. ``reference`` names the order that it was for."""

    payment_intent_id: str
    currency: str
    reference: str
    paid_minor: int
    refunded_minor: int
    disputed_minor: int


def list_payment_sums_since(moment: dt.datetime) -> dict[str, PaymentSums]:
    """Payments made since ``moment``, and older ones with a refund or a dispute since then, by their id.

    Raises StripeIsAwayError or StripeRefusedError.
    """
    params: Any = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    charges = get_client().v1.charges
    found = list(ask(lambda: list(charges.list(params).auto_paging_iter())))
    known = {field_of(charge, "payment_intent", "") for charge in found}
    sums = {}
    for intent_id in list_payments_with_money_back_since(moment) - known:
        sums[intent_id] = fetch_payment_sums(intent_id)
    by_intent: dict[str, list[Any]] = {}
    for charge in found:
        by_intent.setdefault(field_of(charge, "payment_intent", ""), []).append(charge)
    for intent_id in by_intent.keys() - {""}:
        sums[intent_id] = _add_up(intent_id, by_intent[intent_id])
    return sums


def fetch_payment_sums(payment_intent_id: str) -> PaymentSums:
    """The money of one payment. Raises StripeIsAwayError or StripeRefusedError."""
    params: Any = {"payment_intent": payment_intent_id, "limit": 100}
    charges = get_client().v1.charges
    return _add_up(payment_intent_id, ask(lambda: list(charges.list(params).auto_paging_iter())))


def _add_up(payment_intent_id: str, charges: Iterable[Any]) -> PaymentSums:
    """Add up the charges of one payment; tries that failed hold no money."""
    paid = [charge for charge in charges if charge.status == "succeeded"]
    disputed = sum(_withdrawn(payment_intent_id) for charge in paid[:1] if charge.disputed)
    metadata = field_of(paid[0], "metadata", None) if paid else None
    return PaymentSums(
        payment_intent_id=payment_intent_id,
        currency=paid[0].currency if paid else "",
        reference=field_of(metadata, "order", ""),
        paid_minor=sum(charge.amount_captured for charge in paid),
        refunded_minor=sum(charge.amount_refunded for charge in paid),
        disputed_minor=disputed,
    )


def _withdrawn(payment_intent_id: str) -> int:
    """What banks have taken of a payment and not given back, without fees."""
    params: Any = {"payment_intent": payment_intent_id, "limit": 100}
    disputes = get_client().v1.disputes
    found = ask(lambda: list(disputes.list(params).auto_paging_iter()))
    return -sum(entry.amount for one in found for entry in field_of(one, "balance_transactions", []))
