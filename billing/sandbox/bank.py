"""What becomes of a payment of the sandbox afterwards: refunds, and what the payer's bank does."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from billing.sandbox import shapes
from billing.sandbox.deliveries import announce
from billing.sandbox.rules import RefusedError
from billing.sandbox.shapes import Shape
from billing.sandbox.store import CHARGE, DISPUTE, INTENT, PAYMENT, REFUND, SESSION, find, keep, list_objects

INQUIRY, DISPUTED, WON, LOST, CLOSED = (
    "warning_needs_response",
    "needs_response",
    "won",
    "lost",
    "warning_closed",
)


def charge_of(session_id: str) -> Shape:
    """Return the charge that paid a session or an invoice, locked. Raises RefusedError when no money came."""
    if session_id.startswith("in_"):
        paid = list_objects(PAYMENT, invoice=session_id, status="paid")
        intent = find(INTENT, paid[0]["payment"]["payment_intent"] if paid else "none")
    else:
        intent = find(INTENT, find(SESSION, session_id)["payment_intent"] or "none")
    return _paid_charge(intent["latest_charge"])


def _paid_charge(charge_id: str | None) -> Shape:
    charge = find(CHARGE, charge_id or "none", lock=True)
    if charge["status"] != "succeeded":
        raise RefusedError("This payment has no successful charge to refund.", param="payment_intent")
    return charge


def newest_of(kind: str, charge: Shape) -> Shape | None:
    """Return the newest refund or dispute of a charge, or None."""
    return next(iter(list_objects(kind, charge=charge["id"])), None)


@transaction.atomic
def give_back(params: Shape) -> Shape:
    """Refund a payment, all that is left or ``amount``. Raises RefusedError over the rest."""
    if "charge" in params:
        charge = _paid_charge(params["charge"])
    else:
        charge = _paid_charge(find(INTENT, params["payment_intent"])["latest_charge"])
    left = charge["amount"] - charge["amount_refunded"]
    amount = int(params.get("amount", left))
    dispute = newest_of(DISPUTE, charge)
    if dispute and dispute["status"] in (DISPUTED, LOST):
        raise RefusedError(
            "The charge has been charged back.", code="charge_disputed", param="payment_intent"
        )
    if left == 0:
        raise RefusedError("The charge is refunded already.", code="charge_already_refunded", param="charge")
    if amount > left:
        raise RefusedError("The refund is more than is left of the charge.", param="amount")
    refund = keep(shapes.make_refund(charge, params, now=timezone.now(), amount=amount))
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    announce("refund.created", refund)
    announce("charge.refunded", keep(charge))
    return refund


@transaction.atomic
def give_back_from_dashboard(session_id: str, amount: int | None = None) -> Shape:
    """Refund a session's payment as somebody would at Stripe, past the site."""
    charge = charge_of(session_id)
    return give_back({"charge": charge["id"], **({"amount": str(amount)} if amount else {})})


@transaction.atomic
def fail_refund(session_id: str) -> Shape:
    """The newest refund does not arrive and is with us again. Raises RefusedError when there is none."""
    charge = charge_of(session_id)
    standing = [one for one in list_objects(REFUND, charge=charge["id"]) if one["status"] == "succeeded"]
    if not standing:
        raise RefusedError("Nothing was given back.", param="session")
    refund = standing[0]
    refund.update(status="failed", failure_reason="expired_or_canceled_card")
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    keep(charge)
    announce("refund.updated", keep(refund))
    announce("refund.failed", refund)
    return refund


def _open_dispute(session_id: str, *statuses: str) -> tuple[Shape, Shape]:
    charge = charge_of(session_id)
    dispute = newest_of(DISPUTE, charge)
    if dispute is None or dispute["status"] not in statuses:
        raise RefusedError("There is no such dispute.", param="session")
    return charge, dispute


def _move_money(dispute: Shape, amount: int) -> None:
    dispute["balance_transactions"].append(shapes.make_movement(dispute, now=timezone.now(), amount=amount))


def _begin(session_id: str, status: str) -> tuple[Shape, Shape]:
    charge = charge_of(session_id)
    before = newest_of(DISPUTE, charge)
    if before and before["status"] not in (WON, CLOSED):
        raise RefusedError("This payment is disputed already.", param="session")
    dispute = shapes.make_dispute(charge, now=timezone.now(), status=status)
    keep({**charge, "disputed": True})
    return charge, dispute


@transaction.atomic
def inquire(session_id: str) -> Shape:
    """The bank only asks; no money moves."""
    _, dispute = _begin(session_id, INQUIRY)
    announce("charge.dispute.created", keep(dispute))
    return dispute


@transaction.atomic
def withdraw(session_id: str) -> Shape:
    """The bank takes the money back until it is decided, after an inquiry or at once."""
    dispute = newest_of(DISPUTE, charge_of(session_id))
    is_inquiry = dispute is not None and dispute["status"] == INQUIRY
    if dispute is None or not is_inquiry:
        _, dispute = _begin(session_id, DISPUTED)
    dispute.update(status=DISPUTED, is_charge_refundable=False)
    _move_money(dispute, -dispute["amount"])
    announce(f"charge.dispute.{'updated' if is_inquiry else 'created'}", keep(dispute))
    announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


@transaction.atomic
def decide_for_us(session_id: str) -> Shape:
    """The bank drops it, and gives back what it took."""
    _, dispute = _open_dispute(session_id, INQUIRY, DISPUTED)
    was_inquiry = dispute["status"] == INQUIRY
    dispute["status"] = CLOSED if was_inquiry else WON
    if not was_inquiry:
        _move_money(dispute, dispute["amount"])
        announce("charge.dispute.funds_reinstated", keep(dispute))
    announce("charge.dispute.closed", keep(dispute))
    return dispute


@transaction.atomic
def decide_against_us(session_id: str) -> Shape:
    """The bank keeps the money."""
    _, dispute = _open_dispute(session_id, DISPUTED)
    dispute["status"] = LOST
    announce("charge.dispute.closed", keep(dispute))
    return dispute


@transaction.atomic
def warn_of_fraud(session_id: str) -> Shape:
    """The card network warns that the payment may be fraud; no money moves."""
    warning = shapes.make_fraud_warning(charge_of(session_id), now=timezone.now())
    announce("radar.early_fraud_warning.created", warning)
    return warning


# What the buttons of the sandbox's page do on the bank's side.
ACTS: dict[str, Callable[[str], Shape]] = {
    "warn": warn_of_fraud,
    "inquire": inquire,
    "withdraw": withdraw,
    "win": decide_for_us,
    "lose": decide_against_us,
    "refund": give_back_from_dashboard,
    "fail_refund": fail_refund,
}
