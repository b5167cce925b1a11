"""The one module that talks to Stripe, or to the sandbox where there is no key.

It turns orders into requests and answers into plain values. Nothing here opens a transaction or writes a row.
"""

import dataclasses
import datetime as dt
import json
import logging
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import stripe
from django.conf import settings
from django.urls import reverse

from billing.mode import SANDBOX_KEY, is_live, webhook_secrets
from billing.sandbox.transport import SandboxTransport
from elearning.periods import london_day

if TYPE_CHECKING:
    from billing.models import Order

log = logging.getLogger("billing.stripe")
stripe.enable_telemetry = False

TIMEOUTS = (5, 20)  # seconds to connect, to answer
RETRIES = 2
CHECKOUT_HOURS = 23  # Stripe allows at most 24; the rest is room for a retry of the same request
TOLERANCE_SECONDS = 300
EXPAND = ["payment_intent.latest_charge"]
PAID = ("paid", "no_payment_required")
CHECKOUT_EVENTS = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
]
EVENT_ID = re.compile(r"evt_[A-Za-z0-9_]{1,200}")
EVENT_TYPE = re.compile(r"[a-z0-9_.]{1,100}")

Answer = TypeVar("Answer")


class StripeIsAwayError(Exception):
    """Stripe did not answer, or not in words we understand. Worth another try later."""


class StripeRefusedError(Exception):
    """Stripe says that the request makes no sense; trying again will not help."""

    def __init__(self, code: str, param: str) -> None:
        super().__init__(f"{code} {param}".strip())
        self.code = code


class KeyReusedError(Exception):
    """The idempotency key was used before for another request."""


class BadDeliveryError(Exception):
    """A webhook delivery that is forged, stale, of the other mode, or no event at all."""


@dataclasses.dataclass(frozen=True)
class Checkout:
    """What Stripe says about one Checkout Session, as plain values. Amounts are in minor units."""

    session_id: str
    url: str
    status: str
    payment_status: str
    livemode: bool
    reference: str
    currency: str
    subtotal_minor: int
    total_minor: int
    discount_minor: int
    tax_minor: int
    customer_id: str
    payment_intent_id: str
    payment_intent_status: str
    refunded_minor: int
    is_disputed: bool

    @property
    def is_paid(self) -> bool:
        """Whether the money is certain; ``complete`` alone means nothing. A 100 % code needs no payment."""
        return self.payment_status in PAID

    @property
    def is_open(self) -> bool:
        """Whether it can be paid now."""
        return self.status == "open"

    @property
    def is_complete(self) -> bool:
        """Whether the payer has done their part; the money may still be on its way."""
        return self.status == "complete"

    @property
    def is_expired(self) -> bool:
        """Whether it can no longer be paid."""
        return self.status == "expired"

    @property
    def has_failed(self) -> bool:
        """Whether a payment that was on its way came back."""
        return self.is_complete and self.payment_intent_status in ("requires_payment_method", "canceled")


class Delivery(NamedTuple):
    """A genuine event, as far as we look at it."""

    event_id: str
    type: str
    livemode: bool
    object: dict[str, Any]


@cache
def _client(key: str) -> stripe.StripeClient:
    transport: stripe.HTTPClient = (
        SandboxTransport() if key == SANDBOX_KEY else stripe.RequestsClient(timeout=TIMEOUTS)
    )
    return stripe.StripeClient(key, http_client=transport, max_network_retries=RETRIES)


def get_client() -> stripe.StripeClient:
    """Return a client with the site's key, or one of the sandbox where there is none."""
    return _client(settings.STRIPE_SECRET_KEY or SANDBOX_KEY)


def _ask(call: Callable[[], Answer]) -> Answer:
    """Make one call and turn whatever goes wrong into our own exceptions, without repeating any text."""
    try:
        return call()
    except stripe.InvalidRequestError as error:
        log.error("stripe refused", extra={"code": error.code, "param": error.param, "on": error.request_id})
        raise StripeRefusedError(error.code or "", error.param or "") from None
    except stripe.IdempotencyError as error:
        log.error("stripe key reused", extra={"on": error.request_id})
        raise KeyReusedError from None
    except stripe.StripeError as error:
        kind = type(error).__name__
        log.warning("stripe away", extra={"kind": kind, "status": error.http_status, "on": error.request_id})
        raise StripeIsAwayError(kind) from None


def _field(thing: Any, name: str, default: Any) -> Any:
    """Return an attribute of a StripeObject, ``default`` where it is absent or null."""
    value = getattr(thing, name, None) if thing is not None else None
    return default if value is None else value


def _id_of(thing: Any) -> str:
    """Return the id of something that may be expanded, a bare id, or null."""
    return thing if isinstance(thing, str) else _field(thing, "id", "")


def _read_checkout(session: Any) -> Checkout:
    intent = _field(session, "payment_intent", None)
    charge = _field(intent, "latest_charge", None)
    totals = _field(session, "total_details", None)
    try:
        return Checkout(
            session_id=session.id,
            url=_field(session, "url", ""),
            status=session.status,
            payment_status=session.payment_status,
            livemode=session.livemode,
            reference=_field(session, "client_reference_id", ""),
            currency=session.currency,
            subtotal_minor=session.amount_subtotal,
            total_minor=session.amount_total,
            discount_minor=_field(totals, "amount_discount", 0),
            tax_minor=_field(totals, "amount_tax", 0),
            customer_id=_id_of(_field(session, "customer", "")),
            payment_intent_id=_id_of(intent),
            payment_intent_status=_field(intent, "status", ""),
            refunded_minor=_field(charge, "amount_refunded", 0),
            is_disputed=_field(charge, "disputed", False),
        )
    except AttributeError:
        raise StripeIsAwayError("unreadable answer") from None


def build_checkout_request(order: "Order") -> dict[str, Any]:
    """Return the body that opens a checkout: a pure function of the order, so that a retry sends the same.

    The order's lines must be loaded or loadable. Stripe's amounts are minor units, as ours.
    """
    described = {"order": str(order.public_id)}
    address = f"{settings.BASE_URL}{{}}".format
    expires_at = order.created_at + dt.timedelta(hours=CHECKOUT_HOURS)
    return {
        "mode": "payment",
        "client_reference_id": str(order.public_id),
        "customer_email": order.contact_email,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.currency,
                    "unit_amount": line.gross_minor,
                    "product_data": {
                        "name": line.title,
                        "description": f"{line.months} months for {line.care_setting.name}",
                    },
                },
            }
            for line in order.lines.select_related("care_setting").order_by("pk")
        ],
        "allow_promotion_codes": True,
        "adaptive_pricing": {"enabled": False},
        "submit_type": "pay",
        "locale": "en-GB",
        "expires_at": int(expires_at.timestamp()),
        "metadata": described,
        "payment_intent_data": {
            "metadata": described,
            "description": f"Order of {london_day(order.created_at):%Y-%m-%d}",
        },
        "success_url": address(reverse("billing:return", args=[order.public_id])),
        "cancel_url": address(reverse("billing:cancelled", args=[order.public_id])),
    }


def create_checkout(order: "Order") -> Checkout:
    """Open the checkout of an order, or get the one that the same call opened before.

    Raises StripeIsAwayError, StripeRefusedError or KeyReusedError.
    """
    params = build_checkout_request(order)
    options = {"idempotency_key": order.idempotency_key}
    return _read_checkout(
        _ask(lambda: get_client().v1.checkout.sessions.create(params, options))  # type: ignore[arg-type]
    )


def fetch_checkout(session_id: str) -> Checkout:
    """Ask how a checkout stands now. Raises StripeIsAwayError or StripeRefusedError."""
    sessions = get_client().v1.checkout.sessions
    return _read_checkout(_ask(lambda: sessions.retrieve(session_id, {"expand": EXPAND})))


def expire_checkout(session_id: str) -> Checkout:
    """Close an open checkout so that nobody can pay it. Raises StripeIsAwayError or StripeRefusedError."""
    sessions = get_client().v1.checkout.sessions
    return _read_checkout(_ask(lambda: sessions.expire(session_id, {"expand": EXPAND})))


def find_checkout_of_payment(payment_intent_id: str) -> Checkout | None:
    """Return the checkout that a payment belongs to, or None when it is not one of ours."""
    sessions = get_client().v1.checkout.sessions
    found = _ask(lambda: sessions.list({"payment_intent": payment_intent_id, "limit": 1}))
    return _read_checkout(found.data[0]) if found.data else None


def list_checkouts_since(moment: dt.datetime) -> Iterator[Checkout]:
    """Every checkout begun since ``moment``, newest first. Raises StripeIsAwayError or StripeRefusedError."""
    sessions = get_client().v1.checkout.sessions
    since = int(moment.timestamp())
    found = _ask(lambda: list(sessions.list({"created": {"gte": since}, "limit": 100}).auto_paging_iter()))
    return (_read_checkout(session) for session in found)


def list_undelivered_since(moment: dt.datetime) -> list[Delivery]:
    """Events about checkouts that Stripe could not deliver since ``moment``, oldest first."""
    events = get_client().v1.events
    params = {
        "created": {"gte": int(moment.timestamp())},
        "delivery_success": False,
        "types": CHECKOUT_EVENTS,
        "limit": 100,
    }
    found = _ask(lambda: list(events.list(params).auto_paging_iter()))  # type: ignore[arg-type]
    return [_check_event(json.loads(str(event))) for event in reversed(found)]


# --- Deliveries -----------------------------------------------------------------------------------


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
