"""Coupons and promotion codes of the sandbox, and what they take off a checkout.

At Stripe they are made on its own pages and entered on its pay page; the site only hears what came of it.
"""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from billing.sandbox import shapes
from billing.sandbox.rules import SMALLEST_CHARGE_MINOR, RefusedError
from billing.sandbox.shapes import Shape
from billing.sandbox.store import SESSION, find, find_session, keep, list_objects

COUPON = "coupon"
PROMOTION = "promotion_code"
KNOWN_FOR_COUPON = frozenset(
    ["id", "name", "percent_off", "amount_off", "currency", "duration", "max_redemptions", "redeem_by"]
)
KNOWN_FOR_PROMOTION = frozenset(
    ["code", "active", "expires_at", "max_redemptions", "promotion[type]", "promotion[coupon]"]
    + [
        f"restrictions[{name}]"
        for name in ("first_time_transaction", "minimum_amount", "minimum_amount_currency")
    ]
)
INVALID = "This code is invalid."
EXPIRED = "This code has expired."
SPENT = "This code has been used as often as it may be."
NOT_FIRST = "This code is for a first payment only."


class CodeRefusedError(RefusedError):
    """A promotion code that cannot be used for a checkout; the text is fit to show."""

    def __init__(self, message: str) -> None:
        super().__init__(message, param="promotion_code", code="coupon_expired")


# --- What the provider makes at Stripe ------------------------------------------------------------


@transaction.atomic
def make_coupon(params: Shape) -> Shape:
    """Write a coupon. Raises RefusedError for what Stripe would refuse."""
    now = timezone.now()
    if ("percent_off" in params) == ("amount_off" in params):
        raise RefusedError("Name one of percent_off, amount_off.", param="percent_off")
    if "percent_off" in params and not 0 < _number(params, "percent_off") <= 100:
        raise RefusedError("percent_off must be above 0 and at most 100.", param="percent_off")
    if "amount_off" in params and not re.fullmatch("[a-z]{3}", params.get("currency", "")):
        raise RefusedError("amount_off needs a currency.", param="currency", code="parameter_missing")
    if params.get("duration", "once") not in ("once", "forever"):
        raise RefusedError("The sandbox knows the durations once and forever only.", param="duration")
    _refuse_senseless_limits(params, ends="redeem_by", now=now)
    return keep(shapes.make_coupon(params, now=now))


@transaction.atomic
def make_promotion_code(params: Shape) -> Shape:
    """Write a code for a coupon. Raises RefusedError for what Stripe would refuse."""
    now = timezone.now()
    promotion = params.get("promotion", {})
    if promotion.get("type") != "coupon" or not promotion.get("coupon"):
        raise RefusedError("Missing required param: promotion[coupon].", param="promotion[coupon]")
    find(COUPON, promotion["coupon"])
    if not re.fullmatch("[A-Za-z0-9-]{1,500}", params.get("code", "CODE")):
        raise RefusedError("A code has letters, digits and dashes only.", param="code")
    if "code" in params and find_active(params["code"]):
        raise RefusedError("An active promotion code with this code already exists.", param="code")
    limits = params.get("restrictions", {})
    if ("minimum_amount" in limits) != ("minimum_amount_currency" in limits):
        raise RefusedError(
            "minimum_amount needs its currency.", param="restrictions[minimum_amount_currency]"
        )
    _refuse_senseless_limits(params, ends="expires_at", now=now)
    return keep(shapes.make_promotion_code(params, now=now))


@transaction.atomic
def change_promotion_code(promotion_id: str, params: Shape) -> Shape:
    """Switch a code on or off. Raises RefusedError when there is none."""
    promotion = find(PROMOTION, promotion_id, lock=True)
    return keep({**promotion, "active": params.get("active", "true") == "true"})


def find_active(text: str) -> Shape | None:
    """Return the active promotion code that reads so, in capitals or not, or None."""
    wanted = text.strip().casefold()
    active = list_objects(PROMOTION, active=True)
    return next((one for one in active if one["code"].casefold() == wanted), None)


def _number(params: Shape, name: str) -> Decimal:
    text = params.get(name, "")
    return Decimal(text) if re.fullmatch(r"\d{1,9}(\.\d{1,2})?", text) else Decimal(-1)


def _refuse_senseless_limits(params: Shape, *, ends: str, now: dt.datetime) -> None:
    for name in ("amount_off", "max_redemptions"):
        if name in params and (not params[name].isdigit() or int(params[name]) < 1):
            raise RefusedError("Invalid positive integer.", param=name, code="parameter_invalid_integer")
    if ends in params and (not params[ends].isdigit() or int(params[ends]) <= now.timestamp()):
        raise RefusedError(f"{ends} must be in the future.", param=ends)


# --- What the payer does with it on the pay page --------------------------------------------------


@transaction.atomic
def redeem(session_id: str, text: str) -> Shape:
    """Take what a code gives off an open checkout. Raises CodeRefusedError with words for the payer."""
    session = find_session(session_id, lock=True)
    promotion = find_active(text)
    if session["status"] != "open" or not session["allow_promotion_codes"]:
        raise CodeRefusedError(INVALID)
    if promotion is None:
        ended = [one for one in list_objects(PROMOTION) if one["code"].casefold() == text.strip().casefold()]
        raise CodeRefusedError(SPENT if any(map(_is_spent, ended)) else INVALID)
    return keep(apply_discount(session, {"promotion_code": promotion["id"]}))


@transaction.atomic
def take_off(session_id: str) -> Shape:
    """Have an open checkout cost its whole price again."""
    session = find_session(session_id, lock=True)
    return keep(_priced(session, coupon=None)) if session["status"] == "open" else session


def _find_both(discount: Shape, *, lock: bool = False) -> tuple[Shape, Shape | None]:
    """Return the coupon of a discount, and its promotion code where there is one. Raises RefusedError."""
    if not discount.get("promotion_code"):
        return find(COUPON, discount.get("coupon") or "none", lock=lock), None
    promotion = find(PROMOTION, discount["promotion_code"], lock=lock)
    return find(COUPON, promotion["promotion"]["coupon"], lock=lock), promotion


def describe(session: Shape) -> str:
    """Return the words for what is taken off a session: its code, or its coupon's name."""
    for discount in session["discounts"]:
        if discount["promotion_code"]:
            return find(PROMOTION, discount["promotion_code"])["code"]
        return find(COUPON, discount["coupon"])["name"] or "Discount"
    return ""


def apply_discount(session: Shape, discount: Shape) -> Shape:
    """Return a session with what a coupon or promotion code takes off; nothing is kept.

    Raises CodeRefusedError with words when it does not fit this session.
    """
    coupon, promotion = _find_both(discount)
    _refuse_unusable(session, coupon, promotion)
    discounted = _priced(session, coupon=coupon)
    if 0 < discounted["amount_total"] < SMALLEST_CHARGE_MINOR:
        raise CodeRefusedError("With this code less is left to pay than can be charged.")
    names = {"coupon": None if promotion else coupon["id"], "promotion_code": promotion and promotion["id"]}
    return {**discounted, "discounts": [names]}


def spend(session: Shape) -> None:
    """Count the use of a session's discount, now that it is paid for. Runs in the caller's transaction.

    Raises CodeRefusedError when somebody else has used it up, or it has expired, since it was entered.
    """
    for discount in session["discounts"]:
        coupon, promotion = _find_both(discount, lock=True)
        _refuse_unusable(session, coupon, promotion)
        coupon["times_redeemed"] += 1
        keep({**coupon, "valid": not _is_spent(coupon)})
        if promotion:
            promotion["times_redeemed"] += 1
            keep({**promotion, "active": not _is_spent(promotion)})


def _is_spent(thing: Shape) -> bool:
    most = thing["max_redemptions"]
    return most is not None and thing["times_redeemed"] >= most


def _refuse_unusable(session: Shape, coupon: Shape, promotion: Shape | None) -> None:
    """Raises CodeRefusedError when a coupon, or the code for it, does not fit a session."""
    now = timezone.now().timestamp()
    things = [coupon, *([promotion] if promotion else [])]
    ends = [coupon["redeem_by"], promotion["expires_at"] if promotion else None]
    if any(_is_spent(thing) for thing in things):
        raise CodeRefusedError(SPENT)
    if any(end is not None and end <= now for end in ends):
        raise CodeRefusedError(EXPIRED)
    if promotion and not promotion["active"]:
        raise CodeRefusedError(INVALID)
    if coupon["amount_off"] and coupon["currency"] != session["currency"]:
        raise CodeRefusedError(INVALID)
    if promotion:
        _refuse_outside_restrictions(session, promotion["restrictions"])


def _refuse_outside_restrictions(session: Shape, limits: Shape) -> None:
    least = limits["minimum_amount"]
    if least and limits["minimum_amount_currency"] != session["currency"]:
        raise CodeRefusedError(INVALID)
    if least and session["amount_subtotal"] < least:
        raise CodeRefusedError(f"This code needs an order of at least {Decimal(least) / 100:.2f}.")
    if limits["first_time_transaction"] and _has_paid_before(session):
        raise CodeRefusedError(NOT_FIRST)


def _has_paid_before(session: Shape) -> bool:
    """Whether the e-mail address has paid; Stripe goes by its customer, whom the sandbox does not keep."""
    paid = list_objects(SESSION, customer_email=session["customer_email"], payment_status="paid")
    return bool(session["customer_email"] and paid)


def _priced(session: Shape, *, coupon: Shape | None) -> Shape:
    """Return a session with its amounts worked out anew, to the penny, line by line."""
    subtotal = session["amount_subtotal"]
    off = _amount_off(coupon, subtotal)
    lines, left, rest = [], off, subtotal
    for line in session["line_items"]["data"]:
        share = left * line["amount_subtotal"] // rest
        left, rest = left - share, rest - line["amount_subtotal"]
        total = line["amount_subtotal"] - share
        lines.append({**line, "amount_discount": share, "amount_total": total})
    return {
        **session,
        "amount_total": subtotal - off,
        "discounts": [],
        "line_items": {**session["line_items"], "data": lines},
        "total_details": {**session["total_details"], "amount_discount": off},
    }


def _amount_off(coupon: Shape | None, subtotal: int) -> int:
    if coupon is None:
        return 0
    if coupon["amount_off"]:
        return min(coupon["amount_off"], subtotal)
    share = Decimal(subtotal) * Decimal(str(coupon["percent_off"])) / 100
    return int(share.quantize(Decimal(1), ROUND_HALF_UP))
