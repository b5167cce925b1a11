"""Invoices of the sandbox: what the site has made of them. What payers do is in ``transfers``."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from billing.sandbox import invoice_rules, invoice_shapes
from billing.sandbox.deliveries import announce
from billing.sandbox.models import SandboxObject
from billing.sandbox.rules import RefusedError
from billing.sandbox.shapes import Shape
from billing.sandbox.store import CUSTOMER, INTENT, INVOICE, PAYMENT, find, keep, list_objects


def create_customer(params: Shape, *, now: dt.datetime) -> Shape:
    """Make a customer, whose balance is empty."""
    invoice_rules.refuse_senseless_customer(params)
    return keep(invoice_shapes.make_customer(params, now=now))


def create_invoice(params: Shape, *, now: dt.datetime) -> Shape:
    """Make a draft without lines."""
    invoice_rules.refuse_senseless_invoice(params)
    customer = find(CUSTOMER, params["customer"])
    invoice = keep(invoice_shapes.make_invoice(params, customer, now=now))
    announce("invoice.created", invoice)
    return invoice


@transaction.atomic
def add_item(params: Shape, *, now: dt.datetime) -> Shape:
    """Put one thing on a draft."""
    invoice = find(INVOICE, params.get("invoice", "none"), lock=True)
    invoice_rules.refuse_senseless_item(params, invoice)
    item = invoice_shapes.make_item(params, now=now)
    invoice["lines"]["data"].append(invoice_shapes.make_line(item))
    total = invoice["total"] + item["amount"]
    for name in ("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax"):
        invoice[name] = total
    invoice.update(amount_due=total, amount_remaining=total)
    keep(invoice)
    return item  # its line keeps all that is asked for later


@transaction.atomic
def finalize(invoice_id: str) -> Shape:
    """Make a draft an invoice with a number and a payment that waits."""
    invoice = find(INVOICE, invoice_id, lock=True)
    invoice_rules.refuse_unless(invoice, "draft")
    if invoice["total"] < 1:
        raise RefusedError("There is nothing on this invoice.", param="invoice", code="invoice_no_lines")
    customer = find(CUSTOMER, invoice["customer"], lock=True)
    now = timezone.now()
    page = page_address(invoice_id)
    invoice.update(
        status="open",
        number=f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04}",
        effective_at=int(now.timestamp()),
        ending_balance=0,
        hosted_invoice_url=page,
        invoice_pdf=page,
    )
    invoice["status_transitions"]["finalized_at"] = int(now.timestamp())
    customer["next_invoice_sequence"] += 1
    keep(customer)
    intent = keep(invoice_shapes.make_intent(invoice, now=now))
    keep(invoice_shapes.make_payment(invoice, intent, now=now))
    announce("invoice.finalized", keep(invoice))
    return invoice


@transaction.atomic
def send(invoice_id: str) -> Shape:
    """Send an open invoice by mail, which the sandbox only says."""
    invoice = find(INVOICE, invoice_id, lock=True)
    invoice_rules.refuse_unless(invoice, "open", "uncollectible")
    if not invoice["customer_email"]:
        raise RefusedError("The customer has no email address.", param="customer", code="missing_email")
    announce("invoice.sent", invoice)
    return invoice


@transaction.atomic
def void(invoice_id: str) -> Shape:
    """Void an invoice that is not paid, for good."""
    invoice = find(INVOICE, invoice_id, lock=True)
    invoice_rules.refuse_unless(invoice, "open", "uncollectible")
    return close(invoice, status="void", moment="voided_at", reason="void_invoice", news="invoice.voided")


@transaction.atomic
def pay_out_of_band(invoice_id: str) -> Shape:
    """Count an invoice as paid, because the money came past Stripe."""
    invoice = find(INVOICE, invoice_id, lock=True)
    invoice_rules.refuse_unless(invoice, "open", "uncollectible")
    rest = invoice["amount_remaining"]
    invoice.update(
        amount_paid=invoice["amount_due"], amount_paid_off_stripe=rest, amount_remaining=0, attempted=True
    )
    return close(invoice, status="paid", moment="paid_at", reason="failed_invoice", news="invoice.paid")


@transaction.atomic
def mark_uncollectible(invoice_id: str) -> Shape:
    """Give an open invoice up; it can still be paid."""
    invoice = find(INVOICE, invoice_id, lock=True)
    invoice_rules.refuse_unless(invoice, "open")
    invoice["status"] = "uncollectible"
    invoice["status_transitions"]["marked_uncollectible_at"] = _stamp()
    announce("invoice.marked_uncollectible", keep(invoice))
    return invoice


def close(invoice: Shape, *, status: str, moment: str, reason: str, news: str) -> Shape:
    """Bring a locked invoice to its end; the payment that waited is called off."""
    for payment in list_objects(PAYMENT, invoice=invoice["id"], status="open"):
        intent = find(INTENT, payment["payment"]["payment_intent"], lock=True)
        _unapply(invoice, intent)
        intent.update(status="canceled", canceled_at=_stamp(), cancellation_reason=reason, next_action=None)
        keep(intent)
        payment["status"] = "canceled"
        payment["status_transitions"]["canceled_at"] = _stamp()
        keep(payment)
    invoice["status"] = status
    invoice["status_transitions"][moment] = _stamp()
    announce(news, keep(invoice))
    return invoice


def _unapply(invoice: Shape, intent: Shape) -> None:
    """Put what came for a payment that is called off back into the customer's balance.

    Stripe calls this movement ``unapplied_from_payment``.
    """
    waiting = (intent["next_action"] or {}).get("display_bank_transfer_instructions")
    came = intent["amount"] - waiting["amount_remaining"] if waiting else 0
    if came:
        customer = find(CUSTOMER, invoice["customer"], lock=True)
        cash = customer["cash_balance"]
        before = (cash["available"] or {}).get(invoice["currency"], 0)
        cash["available"] = {invoice["currency"]: before + came}
        announce("cash_balance.funds_available", keep(customer)["cash_balance"])


@transaction.atomic
def delete_draft(invoice_id: str) -> Shape:
    """Delete a draft."""
    invoice_rules.refuse_unless(find(INVOICE, invoice_id, lock=True), "draft")
    SandboxObject.objects.filter(pk=invoice_id).delete()
    return {"id": invoice_id, "object": "invoice", "deleted": True}


def _stamp() -> int:
    return int(timezone.now().timestamp())


def page_address(invoice_id: str) -> str:
    """Where an invoice is shown and paid: at whatever address the site answers now."""
    return f"{settings.BASE_URL}{reverse('billing_sandbox:invoice', args=[invoice_id])}"


# --- Showing ------------------------------------------------------------------------------------------


def show_customer(customer: Shape, expand: list[str]) -> Shape:
    """Return a customer as Stripe would answer."""
    hidden = [name for name in invoice_shapes.HIDDEN_IN_CUSTOMER if name not in expand]
    return {name: value for name, value in customer.items() if name not in hidden}


def show_invoice(invoice: Shape, expand: list[str]) -> Shape:
    """Return an invoice as Stripe would answer, with what was asked for in place of its id."""
    names = {name.removeprefix("data.") for name in expand}
    shown = dict(invoice)
    if shown["hosted_invoice_url"]:
        shown["hosted_invoice_url"] = page_address(invoice["id"])
    if any(name.startswith("customer") for name in names):
        customer = find(CUSTOMER, invoice["customer"])
        inner = [name.removeprefix("customer.") for name in names if name.startswith("customer.")]
        shown["customer"] = show_customer(customer, inner)
    if any(name.startswith("payments") for name in names):
        is_deep = "payments.data.payment.payment_intent" in names
        shown["payments"] = {
            "object": "list",
            "data": [
                show_payment(one, is_deep=is_deep) for one in list_objects(PAYMENT, invoice=invoice["id"])
            ],
            "has_more": False,
            "url": "/v1/invoice_payments",
        }
    return shown


def show_payment(payment: Shape, *, is_deep: bool) -> Shape:
    """Return how an invoice and its payment belong together; ``is_deep`` shows the payment itself."""
    if not is_deep:
        return payment
    intent = find(INTENT, payment["payment"]["payment_intent"])
    return {**payment, "payment": {**payment["payment"], "payment_intent": intent}}
