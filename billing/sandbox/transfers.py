"""What a payer and time do to an invoice of the sandbox: bank transfers of any sum, and days that pass."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from billing.sandbox import invoice_rules, invoice_shapes, invoices, shapes
from billing.sandbox.deliveries import announce
from billing.sandbox.rules import RefusedError
from billing.sandbox.shapes import Shape
from billing.sandbox.store import CUSTOMER, INTENT, INVOICE, PAYMENT, find, keep, list_objects

DAYS_LATE = 31


@transaction.atomic
def transfer(invoice_id: str, amount: int) -> Shape:
    """Money comes to the account of the invoice's customer, ``amount`` in minor units.

    It goes towards the invoice while that can be paid; what is over lies in the customer's balance.
    """
    invoice = find(INVOICE, invoice_id, lock=True)
    if invoice["status"] == "draft" or amount < 1:
        raise RefusedError("Nobody knows this account yet.", param="invoice")
    customer = find(CUSTOMER, invoice["customer"], lock=True)
    available = amount + balance_of(customer, invoice["currency"])
    waiting = list_objects(PAYMENT, invoice=invoice_id, status="open")
    if waiting:
        available = _fund(invoice, waiting[0], available)
    _lay_by(customer, invoice["currency"], available)
    return invoice


@transaction.atomic
def fund(customer_id: str, params: Shape) -> Shape:
    """Do what Stripe's test helper does: money comes to a customer's account. Return the movement.

    It goes towards the customer's invoice that can be paid, if there is one. Raises RefusedError.
    """
    invoice_rules.refuse_senseless_transfer(params)
    customer, amount, currency = find(CUSTOMER, customer_id), int(params["amount"]), params["currency"]
    held = balance_of(customer, currency) + amount
    known = [one for one in list_objects(INVOICE, customer=customer_id) if one["status"] != "draft"]
    payable = [one for one in known if one["status"] in ("open", "uncollectible")]
    if known:
        transfer((payable or known)[0]["id"], amount)
    else:
        _lay_by(customer, currency, held)
    return invoice_shapes.make_movement(params, ending_balance=held, customer=customer_id, now=timezone.now())


def _lay_by(customer: Shape, currency: str, available: int) -> None:
    """Keep what no payment takes in the customer's balance."""
    customer["cash_balance"]["available"] = {currency: available}
    keep(customer)
    if available:
        announce("cash_balance.funds_available", customer["cash_balance"])


def balance_of(customer: Shape, currency: str) -> int:
    """What lies in a customer's balance, in minor units."""
    return (customer["cash_balance"]["available"] or {}).get(currency, 0)


def missing_of(invoice: Shape) -> int:
    """What of an invoice has not come yet, in minor units."""
    for payment in list_objects(PAYMENT, invoice=invoice["id"], status="open"):
        intent = find(INTENT, payment["payment"]["payment_intent"])
        if intent["next_action"]:
            return intent["next_action"]["display_bank_transfer_instructions"]["amount_remaining"]
    return invoice["amount_remaining"]


def _fund(invoice: Shape, payment: Shape, available: int) -> int:
    """Use what is available for the payment that waits; return what is left."""
    intent = find(INTENT, payment["payment"]["payment_intent"], lock=True)
    missing = missing_of(invoice)
    if available < missing:
        intent.update(
            status="requires_action",
            next_action=invoice_shapes.make_instructions(invoice, remaining=missing - available),
        )
        announce("payment_intent.partially_funded", keep(intent))
        return 0
    _settle(invoice, payment, intent)
    return available - missing


def _settle(invoice: Shape, payment: Shape, intent: Shape) -> None:
    """The whole sum is there: the payment succeeds and the invoice is paid."""
    now = timezone.now()
    stamp = int(now.timestamp())
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        next_action=None,
        payment_method=shapes.make_id("pm"),
    )
    charge = keep(shapes.make_charge(intent, now=now, status="succeeded"))
    intent["latest_charge"] = charge["id"]
    keep(intent)
    payment.update(status="paid", amount_paid=intent["amount"])
    payment["status_transitions"]["paid_at"] = stamp
    keep(payment)
    invoice.update(
        status="paid", amount_paid=invoice["amount_due"], amount_remaining=0, attempted=True, attempt_count=1
    )
    invoice["status_transitions"]["paid_at"] = stamp
    announce("invoice.paid", keep(invoice))


def transfer_all(invoice_id: str) -> Shape:
    """The right sum comes."""
    return transfer(invoice_id, missing_of(find(INVOICE, invoice_id)))


def transfer_short(invoice_id: str) -> Shape:
    """Half of what is missing comes."""
    return transfer(invoice_id, max(missing_of(find(INVOICE, invoice_id)) // 2, 1))


def transfer_more(invoice_id: str) -> Shape:
    """Ten pounds more than is missing come."""
    return transfer(invoice_id, missing_of(find(INVOICE, invoice_id)) + 1000)


def transfer_again(invoice_id: str) -> Shape:
    """The whole sum comes once more, or although the invoice is void."""
    return transfer(invoice_id, find(INVOICE, invoice_id)["amount_due"])


@transaction.atomic
def pass_days(invoice_id: str, days: int) -> Shape:
    """The last day for paying was ``days`` days ago. Raises RefusedError unless the invoice is open."""
    invoice = find(INVOICE, invoice_id, lock=True)
    if invoice["status"] != "open":
        raise RefusedError("Only an open invoice can be overdue.", param="invoice")
    invoice["due_date"] = int((timezone.now() - dt.timedelta(days=days)).timestamp())
    announce("invoice.overdue", keep(invoice))
    return invoice


def become_overdue(invoice_id: str) -> Shape:
    """The last day for paying was yesterday."""
    return pass_days(invoice_id, 1)


def become_long_overdue(invoice_id: str) -> Shape:
    """The last day for paying was a month ago."""
    return pass_days(invoice_id, DAYS_LATE)


# What the buttons of the sandbox's invoice page do.
ACTS: dict[str, Callable[[str], Shape]] = {
    "pay": transfer_all,
    "short": transfer_short,
    "over": transfer_more,
    "again": transfer_again,
    "overdue": become_overdue,
    "long_overdue": become_long_overdue,
    "void": invoices.void,
    "uncollectible": invoices.mark_uncollectible,
}
