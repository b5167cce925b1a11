"""What a payer, a bank and time do to a checkout of the sandbox."""

import datetime as dt
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from billing.sandbox import promotions, shapes
from billing.sandbox.deliveries import announce
from billing.sandbox.rules import SMALLEST_CHARGE_MINOR, RefusedError
from billing.sandbox.shapes import Shape
from billing.sandbox.store import CHARGE, INTENT, SESSION, find, find_session, keep, list_objects

BACS_DAYS = 5  # as with a real bank, give or take a week-end
DECLINED = "Your card was declined."
CAME_BACK = "The bank sent the payment back."


def _open_session(session_id: str) -> Shape:
    session = find_session(session_id, lock=True)
    if session["status"] != "open":
        raise RefusedError("This checkout is closed.", param="session")
    return session


def _session_to_pay(session_id: str) -> Shape:
    session = _open_session(session_id)
    if not session["amount_total"]:
        raise RefusedError("There is nothing to pay.", param="session")
    return session


def _charge(intent: Shape, *, status: str, failure_code: str | None = None) -> None:
    """Note one try to take the money with the payment."""
    charge = keep(shapes.make_charge(intent, now=timezone.now(), status=status, failure_code=failure_code))
    intent["latest_charge"] = charge["id"]


def _fail(intent: Shape, *, code: str, message: str) -> None:
    error = {"type": "card_error", "code": code, "message": message}
    intent.update(status="requires_payment_method", last_payment_error=error)


@transaction.atomic
def pay_by_card(session_id: str) -> Shape:
    """The card is good, or nothing is to pay: the session is complete. Raises RefusedError when closed."""
    session = _open_session(session_id)
    promotions.spend(session)
    now = timezone.now()
    session.update(status="complete", url=None, payment_status="no_payment_required")
    if session["amount_total"]:
        intent = shapes.make_payment_intent(session, now=now, method="card")
        intent.update(status="succeeded", amount_received=intent["amount"])
        _charge(intent, status="succeeded")
        keep(intent)
        session.update(payment_intent=intent["id"], payment_status="paid")
    announce("checkout.session.completed", keep(session))
    return session


@transaction.atomic
def decline_card(session_id: str) -> Shape:
    """The card is refused: the session stays open for another try."""
    session = _session_to_pay(session_id)
    intent = shapes.make_payment_intent(session, now=timezone.now(), method="card")
    _charge(intent, status="failed", failure_code="card_declined")
    _fail(intent, code="card_declined", message=DECLINED)
    keep(intent)
    return session


@transaction.atomic
def pay_by_bacs(session_id: str, *, arrives: bool = True) -> Shape:
    """A Direct Debit is set up: the session is complete; the money takes days, and arrives or comes back."""
    session = _session_to_pay(session_id)
    promotions.spend(session)
    intent = shapes.make_payment_intent(session, now=timezone.now(), method="bacs_debit")
    intent["status"] = "processing"
    _charge(intent, status="pending")
    keep(intent)
    session.update(status="complete", url=None, payment_intent=intent["id"], debit_arrives=arrives)
    announce("checkout.session.completed", keep(session))
    return session


def pay_by_bad_bacs(session_id: str) -> Shape:
    """A Direct Debit is set up that the bank will send back."""
    return pay_by_bacs(session_id, arrives=False)


def debit_takes() -> dt.timedelta:
    """How long a Direct Debit is on its way here."""
    return BACS_DAYS * dt.timedelta(minutes=settings.BILLING_SANDBOX_DAY_MINUTES)


def end_due_debits(*, now: dt.datetime) -> int:
    """Let every Direct Debit whose days are over arrive or come back; return how many."""
    ended = 0
    for session in list_objects(SESSION, status="complete", payment_status="unpaid"):
        intent = find(INTENT, session["payment_intent"])
        begun_at = dt.datetime.fromtimestamp(intent["created"], dt.UTC)
        if intent["status"] != "processing" or begun_at + debit_takes() > now:
            continue
        with suppress(RefusedError):  # somebody pressed the button at this moment
            (settle if session.get("debit_arrives", True) else send_back)(session["id"])
            ended += 1
    return ended


def _pending(session_id: str) -> tuple[Shape, Shape, Shape]:
    session = find(SESSION, session_id, lock=True)
    intent = find(INTENT, session["payment_intent"] or "none", lock=True)
    if intent["status"] != "processing":
        raise RefusedError("No payment is on its way.", param="session")
    return session, intent, find(CHARGE, intent["latest_charge"], lock=True)


@transaction.atomic
def settle(session_id: str) -> Shape:
    """The Direct Debit arrives. Raises RefusedError when none is on its way."""
    session, intent, charge = _pending(session_id)
    charge.update(status="succeeded", captured=True, amount_captured=charge["amount"])
    intent.update(status="succeeded", amount_received=intent["amount"])
    session["payment_status"] = "paid"
    keep(charge)
    keep(intent)
    announce("checkout.session.async_payment_succeeded", keep(session))
    return session


@transaction.atomic
def send_back(session_id: str) -> Shape:
    """The Direct Debit comes back unpaid. Raises RefusedError when none is on its way."""
    session, intent, charge = _pending(session_id)
    charge.update(status="failed", paid=False, failure_code="insufficient_funds")
    _fail(intent, code="insufficient_funds", message=CAME_BACK)
    keep(charge)
    keep(intent)
    announce("checkout.session.async_payment_failed", keep(session))
    return session


GOOD_CARD, BAD_CARD = "pm_card_visa", "pm_card_chargeDeclined"


@transaction.atomic
def pay_directly(params: Shape) -> Shape:
    """Take a payment without a checkout, with one of Stripe's test cards. Raises RefusedError when declined.

    The site never does this; the scenarios that run against Stripe itself need a payment without a browser.
    """
    if params.get("payment_method") not in (GOOD_CARD, BAD_CARD) or params.get("confirm") != "true":
        raise RefusedError("The sandbox takes test cards at once, nothing else.", param="payment_method")
    if not params.get("amount", "").isdigit() or int(params["amount"]) < SMALLEST_CHARGE_MINOR:
        raise RefusedError("The amount is too small.", param="amount", code="amount_too_small")
    if params["payment_method"] == BAD_CARD:
        raise RefusedError(DECLINED, code="card_declined", status=402, kind="card_error")
    about = {
        "amount_total": int(params["amount"]),
        "currency": params["currency"],
        "payment_intent_data": params,
    }
    intent = shapes.make_payment_intent(about, now=timezone.now(), method="card")
    intent.update(status="succeeded", amount_received=intent["amount"])
    _charge(intent, status="succeeded")
    return keep(intent)
