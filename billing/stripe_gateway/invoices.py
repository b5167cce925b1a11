"""Invoices at Stripe: made in steps, each under a key that the order gives, so that none is done twice.

An invoice that nobody has finalised is a draft, which nobody sees and nobody can pay. One customer belongs to
one order, so what lies in its balance is about that order.
"""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from billing.stripe_gateway.answers import Answer, Invoice, StripeIsAwayError
from billing.stripe_gateway.calls import (
    ask,
    describe_lines,
    describe_many,
    fetch_money,
    field_of,
    get_client,
    id_of,
)
from elearning.periods import london_day

if TYPE_CHECKING:
    from billing.models import Order

DAYS_UNTIL_DUE = 30
EXPAND_INVOICE = ["payments.data.payment.payment_intent", "customer.cash_balance"]
PAID_WITH = "customer_balance"  # the only way that our invoices offer
BANK_TRANSFER = {"funding_type": "bank_transfer", "bank_transfer": {"type": "gb_bank_transfer"}}


# --- Requests: pure functions of the order ---------------------------------------------------------


def build_customer_request(order: "Order") -> dict[str, Any]:
    """Return the body that makes the customer whom an order's invoice goes to."""
    first, *rest = order.billing_address.splitlines() or [order.customer.name]
    return {
        "name": order.customer.name,
        "email": order.billing_email,
        "address": {"line1": first, **({"line2": ", ".join(rest)} if rest else {})},
        "preferred_locales": ["en-GB"],
        "cash_balance": {"settings": {"reconciliation_mode": "automatic"}},
        "metadata": {"order": str(order.public_id)},
    }


def build_invoice_request(order: "Order", *, number: str) -> dict[str, Any]:
    """Return the body that makes the draft of an order's invoice. Its customer must be known.

    ``number`` is that of our own paper: the only one that people are to name, whatever Stripe numbers.
    """
    fields = {
        "Please quote": number,
        "Purchase order": order.po_number,
        "Attention": order.billing_name,
    }
    return {
        "customer": order.stripe_customer_id,
        "collection_method": "send_invoice",
        "days_until_due": DAYS_UNTIL_DUE,
        "currency": order.currency,
        "auto_advance": False,  # we finalise it ourselves, once all lines are on it
        "pending_invoice_items_behavior": "exclude",
        "custom_fields": [{"name": name, "value": value} for name, value in fields.items() if value],
        "description": f"Order of {london_day(order.created_at):%-d %B %Y}",
        "metadata": {"order": str(order.public_id)},
        "payment_settings": {
            "payment_method_types": [PAID_WITH],
            "payment_method_options": {PAID_WITH: BANK_TRANSFER},
        },
    }


def build_item_requests(order: "Order") -> list[tuple[str, dict[str, Any]]]:
    """Return (key, body) for each line that goes on an order's invoice. The draft must be known."""
    lines = describe_many(order) if order.is_for_many else describe_lines(order)
    return [
        (f"{order.idempotency_key}-line-{number}", _build_item(order, line))
        for number, line in enumerate(lines, start=1)
    ]


def _build_item(order: "Order", line: dict[str, Any]) -> dict[str, Any]:
    price, quantity = line["price_data"], line["quantity"]
    said = price["product_data"]
    times = f"{quantity} × " if quantity > 1 else ""
    return {
        "customer": order.stripe_customer_id,
        "invoice": order.stripe_invoice_id,
        "amount": price["unit_amount"] * quantity,
        "currency": order.currency,
        "description": f"{times}{said['name']}, {said['description']}",
        "metadata": {"order": str(order.public_id)},
    }


# --- Steps. Each raises StripeIsAwayError, StripeRefusedError or KeyReusedError ---------------------


def create_customer(order: "Order") -> str:
    """Make the customer of an order, or get the one that the same call made before; return its id."""
    params: Any = build_customer_request(order)
    options: Any = {"idempotency_key": f"{order.idempotency_key}-customer"}
    return ask(lambda: get_client().v1.customers.create(params, options)).id


def find_bank_account(order: "Order") -> str:
    """Return the account that the order's customer pays to, in words for a paper: it is theirs alone."""
    params: Any = {"funding_type": "bank_transfer", "currency": order.currency}
    params["bank_transfer"] = {"type": "gb_bank_transfer"}
    options: Any = {"idempotency_key": f"{order.idempotency_key}-account"}
    customers = get_client().v1.customers
    told = ask(lambda: customers.funding_instructions.create(order.stripe_customer_id, params, options))
    try:
        addresses = told.bank_transfer.financial_addresses
        account: Any = next(one.sort_code for one in addresses if one.type == "sort_code")
        sort_code = "-".join(re.findall("..", account.sort_code))
        return (
            f"By bank transfer to {account.account_holder_name}\n"
            f"Sort code {sort_code}, account number {account.account_number}"
        )
    except (AttributeError, StopIteration):
        raise StripeIsAwayError("unreadable answer") from None


def create_invoice(order: "Order", *, number: str) -> Invoice:
    """Make the draft of an order's invoice, or get the one that the same call made before."""
    params: Any = {**build_invoice_request(order, number=number), "expand": EXPAND_INVOICE}
    options: Any = {"idempotency_key": f"{order.idempotency_key}-invoice"}
    return _read_invoice(ask(lambda: get_client().v1.invoices.create(params, options)))


def add_lines(order: "Order") -> Invoice:
    """Put every line of an order on its draft, each once; return the draft as it is now."""
    for key, body in build_item_requests(order):
        _add_line(key, body)
    return fetch_invoice(order.stripe_invoice_id)


def _add_line(key: str, body: Any) -> None:
    options: Any = {"idempotency_key": key}
    ask(lambda: get_client().v1.invoice_items.create(body, options))


def finalize_invoice(order: "Order") -> Invoice:
    """Make the draft an invoice that can be paid and no longer be changed."""
    return _act(order, "finalize_invoice")


def send_invoice(order: "Order") -> Invoice:
    """Have Stripe send the invoice, with the bank account to pay to, to the billing address."""
    return _act(order, "send_invoice")


def void_invoice(order: "Order") -> Invoice:
    """Void an open invoice for good, so that nobody can pay it."""
    return _act(order, "void_invoice")


def mark_invoice_paid(order: "Order") -> Invoice:
    """Have Stripe count an open invoice as paid, because the money came past it."""
    return _act(order, "pay", paid_out_of_band=True)


def _act(order: "Order", name: str, **more: Any) -> Invoice:
    act = getattr(get_client().v1.invoices, name)
    params = {**more, "expand": EXPAND_INVOICE}
    options = {"idempotency_key": f"{order.idempotency_key}-{name}"}
    return _read_invoice(ask(lambda: act(order.stripe_invoice_id, params, options)))


def delete_draft(order: "Order") -> None:
    """Delete a draft that will not be needed."""
    ask(lambda: get_client().v1.invoices.delete(order.stripe_invoice_id))


# --- Questions. Each raises StripeIsAwayError or StripeRefusedError ---------------------------------


def fetch_invoice(invoice_id: str) -> Invoice:
    """Ask how an invoice stands now."""
    invoices = get_client().v1.invoices
    return _read_invoice(ask(lambda: invoices.retrieve(invoice_id, {"expand": EXPAND_INVOICE})))


def fetch_invoice_answer(invoice_id: str) -> Answer:
    """Ask all that there is to know about an order by invoice."""
    invoice = fetch_invoice(invoice_id)
    if not (invoice.is_paid and invoice.payment_intent_id):
        return Answer(invoice)
    return Answer(invoice, *fetch_money(invoice.payment_intent_id))


def find_invoice_of_order(order: "Order") -> str:
    """Return the id of the invoice that was made for an order and whose answer was lost; "" for none."""
    params: Any = {"customer": order.stripe_customer_id, "limit": 100}
    found = ask(lambda: list(get_client().v1.invoices.list(params).auto_paging_iter()))
    ids = [one.id for one in found if field_of(one.metadata, "order", "") == str(order.public_id)]
    return ids[0] if ids else ""


def find_invoice_of_payment(payment_intent_id: str) -> str:
    """Return the id of the invoice that a payment belongs to; "" when it belongs to none."""
    params: Any = {"payment": {"type": "payment_intent", "payment_intent": payment_intent_id}, "limit": 1}
    found = ask(lambda: get_client().v1.invoice_payments.list(params))
    return id_of(found.data[0].invoice) if found.data else ""


def list_invoices_since(moment: dt.datetime) -> list[tuple[str, str]]:
    """(id, reference) of every invoice made since ``moment``, newest first, for the daily sweep."""
    params: Any = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    found = ask(lambda: list(get_client().v1.invoices.list(params).auto_paging_iter()))
    return [(one.id, field_of(one.metadata, "order", "")) for one in found]


# --- Reading ----------------------------------------------------------------------------------------


def _read_invoice(invoice: Any) -> Invoice:
    payment = _choose_payment(invoice)
    intent = field_of(field_of(payment, "payment", None), "payment_intent", None)
    try:
        in_balance = _in_balance(invoice)
        is_open = invoice.status == "open"
        came = invoice.total - _still_to_come(invoice, intent) + in_balance
        return Invoice(
            invoice_id=invoice.id,
            url=field_of(invoice, "hosted_invoice_url", ""),
            status=field_of(invoice, "status", "draft"),
            livemode=invoice.livemode,
            reference=field_of(field_of(invoice, "metadata", None), "order", ""),
            currency=invoice.currency,
            subtotal_minor=invoice.subtotal,
            total_minor=invoice.total,
            discount_minor=_sum_of(invoice, "total_discount_amounts"),
            tax_minor=_sum_of(invoice, "total_taxes"),
            received_minor=min(max(came, 0), invoice.total) if is_open else 0,
            surplus_minor=0 if is_open else in_balance + invoice.amount_overpaid,
            off_stripe_minor=_past_stripe(invoice, payment),
            due_on=_london_day_of(field_of(invoice, "due_date", None)),
            customer_id=id_of(invoice.customer),
            payment_intent_id=id_of(intent),
            paid_with=PAID_WITH if invoice.status == "paid" and intent else "",
        )
    except AttributeError:
        raise StripeIsAwayError("unreadable answer") from None


def _past_stripe(invoice: Any, payment: Any) -> int:
    """Return what of a paid invoice came past Stripe: all of it, where no payment of Stripe's paid it."""
    if invoice.status == "paid" and payment is None:
        return invoice.total
    return field_of(invoice, "amount_paid_off_stripe", 0)


def _london_day_of(stamp: int | None) -> dt.date | None:
    return london_day(dt.datetime.fromtimestamp(stamp, dt.UTC)) if stamp else None


def _choose_payment(invoice: Any) -> Any:
    """Return the payment that paid an invoice; while it is not paid, the one that waits; else None."""
    payments = field_of(field_of(invoice, "payments", None), "data", [])
    wanted = "paid" if invoice.status == "paid" else "open"
    return next((one for one in payments if one.status == wanted), None)


def _still_to_come(invoice: Any, intent: Any) -> int:
    """Return what of an invoice is missing, whether Stripe notes a part on it or on its payment."""
    action = None if isinstance(intent, str) else field_of(intent, "next_action", None)
    instructions = field_of(action, "display_bank_transfer_instructions", None)
    return min(invoice.amount_remaining, field_of(instructions, "amount_remaining", invoice.amount_remaining))


def _in_balance(invoice: Any) -> int:
    """Return what lies in the customer's balance in the invoice's currency."""
    balance = field_of(field_of(invoice, "customer", None), "cash_balance", None)
    return field_of(field_of(balance, "available", None), invoice.currency, 0)


def _sum_of(invoice: Any, name: str) -> int:
    return sum(one.amount for one in field_of(invoice, name, []))
