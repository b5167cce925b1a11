"""JSON in the shape in which Stripe answers, for the few objects that we ask about."""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from stripe import _api_version

API_VERSION = _api_version._ApiVersion.CURRENT
Shape = dict[str, Any]


def make_id(prefix: str) -> str:
    """Return an id as Stripe's look, with ``sbx`` in it so that nobody takes it for one."""
    return f"{prefix}_sbx{secrets.token_hex(12)}"


def make_session(params: Shape, *, now: dt.datetime, page_address: Callable[[str], str]) -> Shape:
    """A Checkout Session that waits to be paid; ``page_address`` tells where, from its id."""
    session_id = make_id("cs_test")
    lines = params["line_items"]
    subtotal = sum(int(line["price_data"]["unit_amount"]) * int(line["quantity"]) for line in lines)
    return {
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": params.get("adaptive_pricing", {}).get("enabled") == "true"},
        "allow_promotion_codes": params.get("allow_promotion_codes") == "true" or None,
        "amount_subtotal": subtotal,
        "amount_total": subtotal,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": params.get("billing_address_collection"),
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "created": int(now.timestamp()),
        "currency": lines[0]["price_data"]["currency"],
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": params.get("customer"),
        "customer_creation": None if "customer" in params else params.get("customer_creation", "if_required"),
        "customer_details": None,
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "expires_at": int(params["expires_at"]),
        "invoice": None,
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "payment_intent": None,
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": ["card", "bacs_debit"],
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "success_url": params.get("success_url"),
        **_tax_id_collection(params.get("tax_id_collection")),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": page_address(session_id),
        # What the pay page shows; Stripe keeps it at an address of its own.
        "line_items": {
            "object": "list",
            "data": [_make_line(line) for line in lines],
            "has_more": False,
            "url": f"/v1/checkout/sessions/{session_id}/line_items",
        },
        "line_details": [line["price_data"]["product_data"].get("description", "") for line in lines],
        "payment_intent_data": params.get("payment_intent_data", {}),
        "debit_arrives": True,
    }


def _tax_id_collection(wanted: Shape | None) -> Shape:
    if wanted is None:
        return {}
    is_wanted = wanted.get("enabled") == "true"
    return {"tax_id_collection": {"enabled": is_wanted, "required": wanted.get("required", "never")}}


# Kept with a session, but shown by Stripe only when asked for, or never.
HIDDEN_IN_SESSION = ("line_items", "line_details", "payment_intent_data", "debit_arrives")


def _make_line(line: Shape) -> Shape:
    price = line["price_data"]
    total = int(price["unit_amount"]) * int(line["quantity"])
    return {
        "id": make_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"],
        "description": price["product_data"]["name"],
        "quantity": int(line["quantity"]),
    }


def make_payment_intent(session: Shape, *, now: dt.datetime, method: str) -> Shape:
    """A payment of ``method`` ("card" or "bacs_debit") for what a session costs, not yet confirmed."""
    return {
        "id": make_id("pi"),
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": None,
        "confirmation_method": "automatic",
        "created": int(now.timestamp()),
        "currency": session["currency"],
        "customer": None,
        "description": session["payment_intent_data"].get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": session["payment_intent_data"].get("metadata", {}),
        "payment_method": make_id("pm"),
        "payment_method_types": [method],
        "receipt_email": None,
        "status": "requires_confirmation",
    }


def make_charge(intent: Shape, *, now: dt.datetime, status: str, failure_code: str | None = None) -> Shape:
    """One try to take the money: ``status`` is "succeeded", "pending" or "failed"."""
    has_money = status == "succeeded"
    return {
        "id": make_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if has_money else 0,
        "amount_refunded": 0,
        "balance_transaction": make_id("txn") if has_money else None,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "captured": has_money,
        "created": int(now.timestamp()),
        "currency": intent["currency"],
        "customer": None,
        "disputed": False,
        "failure_code": failure_code,
        "failure_message": None,
        "livemode": False,
        "metadata": intent["metadata"],
        "paid": status != "failed",
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": {"type": intent["payment_method_types"][0]},
        "receipt_url": None,
        "refunded": False,
        "status": status,
    }


def make_refund(charge: Shape, params: Shape, *, now: dt.datetime, amount: int) -> Shape:
    """Money of a charge that goes back at once, as with cards."""
    return {
        "id": make_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": make_id("txn"),
        "charge": charge["id"],
        "created": int(now.timestamp()),
        "currency": charge["currency"],
        "metadata": params.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def make_fraud_warning(charge: Shape, *, now: dt.datetime) -> Shape:
    """A card network's word that a payment may be fraud, while nobody disputes it yet."""
    return {
        "id": make_id("issfr"),
        "object": "radar.early_fraud_warning",
        "actionable": True,
        "charge": charge["id"],
        "created": int(now.timestamp()),
        "fraud_type": "unauthorized_use_of_card",
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }


DISPUTE_DAYS = 7  # how long a bank waits for an answer


def make_dispute(charge: Shape, *, now: dt.datetime, status: str) -> Shape:
    """A bank that asks for a charge back; an inquiry ("warning_needs_response") has taken nothing yet."""
    return {
        "id": make_id("du"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": int(now.timestamp()),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": int((now + dt.timedelta(days=DISPUTE_DAYS)).timestamp()),
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": status == "warning_needs_response",
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "unrecognized",
        "status": status,
    }


def make_movement(dispute: Shape, *, now: dt.datetime, amount: int) -> Shape:
    """Money that a dispute takes from the account (``amount`` below 0) or gives back."""
    return {
        "id": make_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": int(now.timestamp()),
        "balance_type": "payments",
        "created": int(now.timestamp()),
        "currency": dispute["currency"],
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": "dispute" if amount < 0 else "dispute_reversal",
        "source": dispute["id"],
        "status": "available",
        "type": "adjustment",
    }


def make_endpoint(params: Shape, *, now: dt.datetime) -> Shape:
    """An address that is rung at; its secret is told only in the answer that makes it."""
    return {
        "id": make_id("we"),
        "object": "webhook_endpoint",
        "api_version": params.get("api_version"),
        "application": None,
        "created": int(now.timestamp()),
        "description": params.get("description"),
        "enabled_events": params["enabled_events"],
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": params["url"],
    }


def make_coupon(params: Shape, *, now: dt.datetime) -> Shape:
    """What is taken off a price: a share of it or an amount."""
    return {
        "id": params.get("id") or make_id("coupon"),
        "object": "coupon",
        "amount_off": _whole(params, "amount_off"),
        "created": int(now.timestamp()),
        "currency": params.get("currency"),
        "duration": params.get("duration", "once"),
        "duration_in_months": None,
        "livemode": False,
        "max_redemptions": _whole(params, "max_redemptions"),
        "metadata": params.get("metadata", {}),
        "name": params.get("name"),
        "percent_off": float(params["percent_off"]) if "percent_off" in params else None,
        "redeem_by": _whole(params, "redeem_by"),
        "times_redeemed": 0,
        "valid": True,
    }


def make_promotion_code(params: Shape, *, now: dt.datetime) -> Shape:
    """The word that a payer enters for a coupon."""
    limits = params.get("restrictions", {})
    return {
        "id": make_id("promo"),
        "object": "promotion_code",
        "active": params.get("active", "true") == "true",
        "code": params.get("code") or secrets.token_hex(4).upper(),
        "created": int(now.timestamp()),
        "customer": None,
        "expires_at": _whole(params, "expires_at"),
        "livemode": False,
        "max_redemptions": _whole(params, "max_redemptions"),
        "metadata": params.get("metadata", {}),
        "promotion": params["promotion"],
        "restrictions": {
            "first_time_transaction": limits.get("first_time_transaction") == "true",
            "minimum_amount": _whole(limits, "minimum_amount"),
            "minimum_amount_currency": limits.get("minimum_amount_currency"),
        },
        "times_redeemed": 0,
    }


def _whole(params: Shape, name: str) -> int | None:
    return int(params[name]) if name in params else None


def make_event(kind: str, thing: Shape, *, now: dt.datetime) -> Shape:
    """The news that ``kind`` happened to ``thing``, as Stripe would send it."""
    return {
        "id": make_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": int(now.timestamp()),
        "data": {"object": thing},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def make_list(address: str, things: list[Shape], *, has_more: bool) -> Shape:
    """A page of a list."""
    return {"object": "list", "url": address, "has_more": has_more, "data": things}


def make_error(
    message: str, *, code: str = "", param: str = "", kind: str = "invalid_request_error"
) -> Shape:
    """A refusal."""
    details = {"type": kind, "message": message, "code": code, "param": param}
    return {"error": {name: value for name, value in details.items() if value}}
