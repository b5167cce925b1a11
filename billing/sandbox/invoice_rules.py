"""What Stripe would refuse about invoices: unknown parameters, senseless values, rules between parameters."""

import re

from billing.sandbox.rules import RefusedError
from billing.sandbox.shapes import Shape

KNOWN_FOR_CUSTOMER = frozenset(
    [
        "name",
        "email",
        "phone",
        "description",
        "address[line1]",
        "address[line2]",
        "address[city]",
        "address[postal_code]",
        "address[country]",
        "preferred_locales[]",
        "cash_balance[settings][reconciliation_mode]",
        "expand[]",
    ]
)
KNOWN_FOR_INVOICE = frozenset(
    [
        "customer",
        "collection_method",
        "days_until_due",
        "due_date",
        "currency",
        "auto_advance",
        "pending_invoice_items_behavior",
        "custom_fields[][name]",
        "custom_fields[][value]",
        "description",
        "footer",
        "payment_settings[payment_method_types][]",
        "payment_settings[payment_method_options][customer_balance][funding_type]",
        "payment_settings[payment_method_options][customer_balance][bank_transfer][type]",
        "expand[]",
    ]
)
KNOWN_FOR_FUNDING = frozenset(["funding_type", "currency", "bank_transfer[type]", "expand[]"])
KNOWN_FOR_TRANSFER = frozenset(["amount", "currency", "reference"])
KNOWN_FOR_ITEM = frozenset(["customer", "invoice", "amount", "currency", "description", "expand[]"])
KNOWN_FOR_ACTS = {
    "finalize": frozenset(["auto_advance", "expand[]"]),
    "pay": frozenset(["paid_out_of_band", "expand[]"]),
    "send": frozenset(["expand[]"]),
    "void": frozenset(["expand[]"]),
    "mark_uncollectible": frozenset(["expand[]"]),
}
EXPANDABLE = (
    "customer",
    "customer.cash_balance",
    "payments",
    "payments.data.payment.payment_intent",
)
METHODS = ("card", "bacs_debit", "customer_balance", "link", "pay_by_bank")
MOST_ITEMS = 250
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def refuse_unknown_expansions(names: list[str]) -> None:
    """Raises RefusedError when something is to be expanded that cannot be."""
    for name in names:
        if name.removeprefix("data.") not in EXPANDABLE:
            raise RefusedError(f"This property cannot be expanded ({name}).", param="expand")


def refuse_senseless_customer(params: Shape) -> None:
    """Raises RefusedError for a customer that Stripe would not make."""
    email = params.get("email", "")
    if email and not EMAIL.fullmatch(email):
        raise RefusedError(f"Invalid email address: {email}", param="email", code="email_invalid")
    if len(params.get("name", "")) > 256:
        raise RefusedError("name is too long.", param="name")
    _refuse_metadata(params)


def refuse_senseless_funding(params: Shape) -> None:
    """Raises RefusedError unless pounds are to come by British bank transfer."""
    if params.get("funding_type") != "bank_transfer":
        raise RefusedError("funding_type must be bank_transfer.", param="funding_type")
    kind = params.get("bank_transfer", {}).get("type")
    if (kind, params.get("currency")) != ("gb_bank_transfer", "gbp"):
        raise RefusedError(f"{kind} takes no {params.get('currency')}.", param="bank_transfer[type]")


def refuse_senseless_transfer(params: Shape) -> None:
    """Raises RefusedError unless some pounds come."""
    if params.get("currency") != "gbp":
        raise RefusedError("This account takes gbp.", param="currency")
    if not re.fullmatch(r"[1-9]\d*", params.get("amount", "")):
        raise RefusedError("Invalid positive integer.", param="amount", code="parameter_invalid_integer")


def refuse_senseless_invoice(params: Shape) -> None:
    """Raises RefusedError for an invoice that Stripe would not make."""
    if not params.get("customer"):
        raise RefusedError("customer is missing.", param="customer", code="parameter_missing")
    _refuse_due_day(params)
    if params.get("pending_invoice_items_behavior", "exclude") not in ("exclude", "include"):
        raise RefusedError("Invalid pending_invoice_items_behavior.", param="pending_invoice_items_behavior")
    if not re.fullmatch(r"[a-z]{3}", params.get("currency", "gbp")):
        raise RefusedError("Invalid currency.", param="currency")
    _refuse_fields(params.get("custom_fields", []))
    _refuse_payment_settings(params.get("payment_settings", {}), params.get("currency", "gbp"))
    _refuse_metadata(params)


def _refuse_due_day(params: Shape) -> None:
    method = params.get("collection_method", "charge_automatically")
    given = [name for name in ("days_until_due", "due_date") if name in params]
    if method not in ("charge_automatically", "send_invoice"):
        raise RefusedError("Invalid collection_method.", param="collection_method")
    if method == "charge_automatically" and given:
        raise RefusedError(f"You may only pass {given[0]} with send_invoice.", param=given[0])
    if method == "send_invoice" and len(given) != 1:
        raise RefusedError("With send_invoice, pass one of days_until_due, due_date.", param="days_until_due")
    if not all(params[name].isdigit() for name in given):
        raise RefusedError("Invalid integer.", param=given[0], code="parameter_invalid_integer")


def _refuse_fields(fields: list[Shape]) -> None:
    if len(fields) > 4:
        raise RefusedError("At most 4 custom fields.", param="custom_fields")
    for number, field in enumerate(fields):
        if not 1 <= len(field.get("name", "")) <= 40:
            raise RefusedError(
                "The name of a field has 1 to 40 letters.", param=f"custom_fields[{number}][name]"
            )
        if not 1 <= len(field.get("value", "")) <= 140:
            raise RefusedError(
                "The value of a field has 1 to 140 letters.", param=f"custom_fields[{number}][value]"
            )


def _refuse_payment_settings(settings: Shape, currency: str) -> None:
    place = "payment_settings[payment_method_options][customer_balance]"
    methods = settings.get("payment_method_types", [])
    unknown = [name for name in methods if name not in METHODS]
    if unknown:
        raise RefusedError(f"Invalid method {unknown[0]}.", param="payment_settings[payment_method_types]")
    options = settings.get("payment_method_options", {}).get("customer_balance")
    if "customer_balance" in methods and not options:
        raise RefusedError("customer_balance needs to know how it is funded.", param=place)
    if options and options.get("funding_type") != "bank_transfer":
        raise RefusedError("funding_type must be bank_transfer.", param=f"{place}[funding_type]")
    kind = (options or {}).get("bank_transfer", {}).get("type")
    if options and not kind:
        raise RefusedError("bank_transfer needs a type.", param=f"{place}[bank_transfer][type]")
    if options and (kind, currency) != ("gb_bank_transfer", "gbp"):
        raise RefusedError(f"{kind} takes no {currency}.", param=f"{place}[bank_transfer][type]")


def _refuse_metadata(params: Shape) -> None:
    metadata = params.get("metadata", {})
    if len(metadata) > 50 or any(len(value) > 500 for value in metadata.values()):
        raise RefusedError("metadata is too large.", param="metadata")


def refuse_senseless_item(params: Shape, invoice: Shape) -> None:
    """Raises RefusedError for a line that Stripe would not put on ``invoice``."""
    if not re.fullmatch(r"-?\d+", params.get("amount", "")):
        raise RefusedError("Invalid integer.", param="amount", code="parameter_invalid_integer")
    if params.get("customer") != invoice["customer"]:
        raise RefusedError("The invoice belongs to another customer.", param="customer")
    if params.get("currency") != invoice["currency"]:
        raise RefusedError("The currency is not the invoice's.", param="currency")
    if invoice["status"] != "draft":
        raise RefusedError("Only a draft takes another line.", param="invoice", code="invoice_not_editable")
    if len(invoice["lines"]["data"]) >= MOST_ITEMS:
        raise RefusedError("An invoice has at most 250 lines.", param="invoice")
    _refuse_metadata(params)


def refuse_unless(invoice: Shape, *statuses: str) -> None:
    """Raises RefusedError unless an invoice is in one of these states."""
    if invoice["status"] not in statuses:
        wanted = " or ".join(statuses)
        raise RefusedError(
            f"This invoice is {invoice['status']}, not {wanted}.",
            param="invoice",
            code="invoice_not_editable",
        )
