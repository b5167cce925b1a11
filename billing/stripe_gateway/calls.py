"""Calls to Stripe, and the reading of its answers."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import stripe
from django.conf import settings
from django.urls import reverse

from billing import vat
from billing.mode import SANDBOX_KEY
from billing.sandbox.transport import SandboxTransport
from billing.stripe_gateway.answers import (
    Answer,
    Checkout,
    DisputeAnswer,
    KeyReusedError,
    RefundAnswer,
    StripeIsAwayError,
    StripeRefusedError,
)
from elearning.periods import london_day
from elearning.templatetags.design import money_in_full

if TYPE_CHECKING:
    from billing.models import Order, Refund

log = logging.getLogger("billing.stripe")
stripe.enable_telemetry = False

TIMEOUTS = (5, 20)  # seconds to connect, to answer
RETRIES = 2
CHECKOUT_HOURS = 23  # Stripe allows at most 24; the rest is room for a retry of the same request
EXPAND = ["payment_intent.latest_charge"]

Asked = TypeVar("Asked")


@cache
def _client(key: str) -> stripe.StripeClient:
    transport: stripe.HTTPClient = (
        SandboxTransport() if key == SANDBOX_KEY else stripe.RequestsClient(timeout=TIMEOUTS)
    )
    return stripe.StripeClient(key, http_client=transport, max_network_retries=RETRIES)


def get_client() -> stripe.StripeClient:
    """Return a client with the site's key, or one of the sandbox where there is none."""
    return _client(settings.STRIPE_SECRET_KEY or SANDBOX_KEY)


def ask(call: Callable[[], Asked]) -> Asked:
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


def field_of(thing: Any, name: str, default: Any) -> Any:
    """Return an attribute of a StripeObject, ``default`` where it is absent or null."""
    value = getattr(thing, name, None) if thing is not None else None
    return default if value is None else value


def id_of(thing: Any) -> str:
    """Return the id of something that may be expanded, a bare id, or null."""
    return thing if isinstance(thing, str) else field_of(thing, "id", "")


def _read_checkout(session: Any) -> Checkout:
    intent = field_of(session, "payment_intent", None)
    totals = field_of(session, "total_details", None)
    charge = field_of(intent, "latest_charge", None)
    try:
        return Checkout(
            session_id=session.id,
            url=field_of(session, "url", ""),
            status=session.status,
            payment_status=session.payment_status,
            livemode=session.livemode,
            reference=field_of(session, "client_reference_id", ""),
            currency=session.currency,
            subtotal_minor=session.amount_subtotal,
            total_minor=session.amount_total,
            discount_minor=field_of(totals, "amount_discount", 0),
            tax_minor=field_of(totals, "amount_tax", 0),
            customer_id=id_of(field_of(session, "customer", "")),
            payment_intent_id=id_of(intent),
            payment_intent_status=field_of(intent, "status", ""),
            paid_with=field_of(field_of(charge, "payment_method_details", None), "type", ""),
        )
    except AttributeError:
        raise StripeIsAwayError("unreadable answer") from None


def describe_lines(order: "Order") -> list[dict[str, Any]]:
    """Return what a setting buys for itself, as Stripe's page shows it."""
    return [
        _line_item(order, line, f"{line.months} months for {line.care_setting.name}")
        for line in order.lines.select_related("care_setting").order_by("pk")
    ]


def describe_many(order: "Order") -> list[dict[str, Any]]:
    """Return what a payer buys, counted: Stripe takes 100 lines at most, and need not know the settings."""
    alike: dict[tuple[str, int, int], list[Any]] = {}
    for line in order.lines.order_by("pk"):
        alike.setdefault((line.title, line.months, line.gross_minor), []).append(line)
    return [
        _line_item(order, lines[0], f"{months} months for each setting", quantity=len(lines))
        for (_, months, _), lines in alike.items()
    ]


def _line_item(order: "Order", line: Any, description: str, quantity: int = 1) -> dict[str, Any]:
    return {
        "quantity": quantity,
        "price_data": {
            "currency": order.currency,
            "unit_amount": line.gross_minor,
            "product_data": {"name": line.title, "description": description + _vat_words(order, line)},
        },
    }


def _vat_words(order: "Order", line: Any) -> str:
    """What of a line is VAT, for the pay page: the amount there has it inside in every mode."""
    if order.vat_mode == vat.NONE:
        return ""
    net, added = (money_in_full(minor, order.currency) for minor in (line.net_minor, line.vat_minor))
    rate = vat.rate_in_words(order.vat_rate_bp)
    if order.vat_mode == vat.EXCLUSIVE:
        return f": {net} plus {added} VAT ({rate})"
    return f", {added} VAT ({rate}) included"


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
        **({"customer_email": order.contact_email} if order.contact_email else {}),
        "line_items": describe_many(order) if order.is_for_many else describe_lines(order),
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
        ask(lambda: get_client().v1.checkout.sessions.create(params, options))  # type: ignore[arg-type]
    )


def fetch_checkout(session_id: str) -> Checkout:
    """Ask how a checkout stands now. Raises StripeIsAwayError or StripeRefusedError."""
    sessions = get_client().v1.checkout.sessions
    return _read_checkout(ask(lambda: sessions.retrieve(session_id, {"expand": EXPAND})))


def fetch_answer(session_id: str) -> Answer:
    """Ask all that there is to know about an order by checkout.

    Raises StripeIsAwayError or StripeRefusedError.
    Refunds and disputes are lists of their own: a charge only tells their sum, and not how each stands.
    """
    checkout = fetch_checkout(session_id)
    if not (checkout.is_paid and checkout.payment_intent_id):
        return Answer(checkout)
    return Answer(checkout, *fetch_money(checkout.payment_intent_id))


def fetch_money(
    payment_intent_id: str,
) -> tuple[tuple[RefundAnswer, ...], tuple[DisputeAnswer, ...]]:
    """Ask what became of a payment: (refunds, disputes). Raises StripeIsAwayError or StripeRefusedError."""
    about = {"payment_intent": payment_intent_id, "limit": 100}
    client = get_client().v1
    refunds = ask(lambda: list(client.refunds.list(about).auto_paging_iter()))  # type: ignore[arg-type]
    disputes = ask(lambda: list(client.disputes.list(about).auto_paging_iter()))  # type: ignore[arg-type]
    return tuple(map(_read_refund, refunds)), tuple(map(_read_dispute, disputes))


def _read_refund(refund: Any) -> RefundAnswer:
    metadata = field_of(refund, "metadata", None)
    return RefundAnswer(
        refund_id=refund.id,
        status=field_of(refund, "status", "pending"),
        amount_minor=refund.amount,
        reference=field_of(metadata, "refund", ""),
        created_at=_moment(refund.created),
    )


def _read_dispute(dispute: Any) -> DisputeAnswer:
    movements = field_of(dispute, "balance_transactions", [])
    moved = sum(entry.amount for entry in movements)
    taken = [_moment(entry.created) for entry in movements if entry.amount < 0]
    returned = [_moment(entry.created) for entry in movements if entry.amount > 0]
    due = field_of(field_of(dispute, "evidence_details", None), "due_by", None)
    return DisputeAnswer(
        dispute_id=dispute.id,
        status=dispute.status,
        reason=field_of(dispute, "reason", ""),
        amount_minor=dispute.amount,
        is_withdrawn=moved < 0,
        answer_by=_moment(due) if due else None,
        withdrawn_at=min(taken, default=None),
        reinstated_at=min(returned, default=None),
        created_at=_moment(dispute.created),
    )


def _moment(stamp: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(stamp, dt.UTC)


def create_refund(refund: "Refund") -> RefundAnswer:
    """Give money of a payment back, or get the refund that the same call made before.

    Raises StripeIsAwayError, StripeRefusedError or KeyReusedError.
    """
    params = {
        "payment_intent": refund.order.stripe_payment_intent_id,
        "amount": refund.amount_minor,
        "reason": "requested_by_customer",
        "metadata": {"refund": str(refund.public_id), "order": str(refund.order.public_id)},
    }
    options = {"idempotency_key": refund.idempotency_key}
    return _read_refund(ask(lambda: get_client().v1.refunds.create(params, options)))  # type: ignore[arg-type]


def list_payments_with_money_back_since(moment: dt.datetime) -> set[str]:
    """Payments with a refund or a dispute begun since ``moment``, for the daily sweep."""
    client = get_client().v1
    params = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    refunds = ask(lambda: list(client.refunds.list(params).auto_paging_iter()))  # type: ignore[arg-type]
    disputes = ask(lambda: list(client.disputes.list(params).auto_paging_iter()))  # type: ignore[arg-type]
    found = {id_of(field_of(one, "payment_intent", "")) for one in [*refunds, *disputes]}
    return found - {""}


def expire_checkout(session_id: str) -> Checkout:
    """Close an open checkout so that nobody can pay it. Raises StripeIsAwayError or StripeRefusedError."""
    sessions = get_client().v1.checkout.sessions
    return _read_checkout(ask(lambda: sessions.expire(session_id, {"expand": EXPAND})))


def find_checkout_of_payment(payment_intent_id: str) -> Checkout | None:
    """Return the checkout that a payment belongs to, or None when it is not one of ours."""
    sessions = get_client().v1.checkout.sessions
    found = ask(lambda: sessions.list({"payment_intent": payment_intent_id, "limit": 1}))
    return _read_checkout(found.data[0]) if found.data else None


def find_payment_of_charge(charge_id: str) -> str:
    """Return the id of the payment that a charge belongs to; empty when it belongs to none.

    Raises StripeIsAwayError or StripeRefusedError.
    """
    return id_of(field_of(ask(lambda: get_client().v1.charges.retrieve(charge_id)), "payment_intent", ""))


def list_checkouts_since(moment: dt.datetime) -> Iterator[Checkout]:
    """Every checkout begun since ``moment``, newest first. Raises StripeIsAwayError or StripeRefusedError."""
    sessions = get_client().v1.checkout.sessions
    since = int(moment.timestamp())
    found = ask(lambda: list(sessions.list({"created": {"gte": since}, "limit": 100}).auto_paging_iter()))
    return (_read_checkout(session) for session in found)
