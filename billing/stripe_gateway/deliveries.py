"""What Stripe tells by itself: genuine, fresh and of our mode, or refused."""

import datetime as dt
import json
import re
from typing import Any

import stripe

from billing.mode import is_live, webhook_secrets
from billing.stripe_gateway.answers import BadDeliveryError, Delivery
from billing.stripe_gateway.calls import ask, get_client

TOLERANCE_SECONDS = 300
# Every event that may change an order; create_webhook_endpoint subscribes to these.
DOORBELLS = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.voided",
    "invoice.marked_uncollectible",
    "invoice.overdue",
    "payment_intent.partially_funded",  # too little came by bank transfer
    "cash_balance.funds_available",  # too much came, or it came too late
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "radar.early_fraud_warning.created",
    "customer.deleted",
]
EVENT_ID = re.compile(r"evt_[A-Za-z0-9_]{1,200}")
EVENT_TYPE = re.compile(r"[a-z0-9_.]{1,100}")


def list_undelivered_since(moment: dt.datetime) -> list[Delivery]:
    """Events about orders that Stripe could not deliver since ``moment``, oldest first."""
    events = get_client().v1.events
    params = {
        "created": {"gte": int(moment.timestamp())},
        "delivery_success": False,
        "types": DOORBELLS,
        "limit": 100,
    }
    found = ask(lambda: list(events.list(params).auto_paging_iter()))  # type: ignore[arg-type]
    return [_check_event(json.loads(str(event))) for event in reversed(found)]


def read_delivery(body: bytes, signature: str, *, now: dt.datetime) -> Delivery:
    """Return the event in a webhook delivery.

    Raises BadDeliveryError unless it is genuine, fresh and of our mode. Every secret is tried, because two
    are valid while one is being rolled. stripe-python takes a time stamp from the future: that bound is ours.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise BadDeliveryError("not UTF-8") from None
    if not any(_is_signed_with(secret, text, signature) for secret in webhook_secrets()):
        raise BadDeliveryError("signature")
    if _signed_at(signature) > now.timestamp() + TOLERANCE_SECONDS:
        raise BadDeliveryError("from the future")
    try:
        return _check_event(json.loads(text))
    except (json.JSONDecodeError, RecursionError):
        raise BadDeliveryError("not JSON") from None


def _is_signed_with(secret: str, text: str, signature: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE_SECONDS)
    except (stripe.SignatureVerificationError, TypeError, ValueError):
        return False  # TypeError: the signature has letters beyond ASCII
    return True


def _signed_at(signature: str) -> int:
    """Return the time stamp that the signature covers, read as stripe-python reads it."""
    pairs = (item.split("=", 2) for item in signature.split(","))
    return next(int(pair[1]) for pair in pairs if pair[0] == "t")


def _check_event(event: Any) -> Delivery:
    if not isinstance(event, dict) or event.get("object") != "event":
        raise BadDeliveryError("no event")
    event_id, kind, livemode = event.get("id"), event.get("type"), event.get("livemode")
    data = event.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    if not (isinstance(event_id, str) and EVENT_ID.fullmatch(event_id)):
        raise BadDeliveryError("no id")
    if not (isinstance(kind, str) and EVENT_TYPE.fullmatch(kind) and isinstance(thing, dict)):
        raise BadDeliveryError("no type or object")
    if livemode is not is_live():
        raise BadDeliveryError("other mode")
    return Delivery(event_id, kind, livemode, thing)
