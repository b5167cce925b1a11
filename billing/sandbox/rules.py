"""What Stripe would refuse: unknown parameters, senseless values, and rules between parameters."""

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from billing.sandbox.shapes import Shape

SMALLEST_CHARGE_MINOR = 30  # Stripe takes no less than 30p
LOCALES = ("auto", "en", "en-GB", "cy")
KNOWN_FOR_REFUND = frozenset(["payment_intent", "charge", "amount", "reason", "expand[]"])
KNOWN_FOR_ENDPOINT = frozenset(["url", "enabled_events[]", "api_version", "description"])
REFUND_REASONS = ("duplicate", "fraudulent", "requested_by_customer")
EXPANDABLE = ("payment_intent", "payment_intent.latest_charge", "line_items", "invoice", "customer")

# Every parameter of POST /v1/checkout/sessions that the sandbox understands; [] stands for any index.
KNOWN_FOR_CREATE = frozenset(
    [
        "mode",
        "client_reference_id",
        "customer_email",
        "customer",
        "allow_promotion_codes",
        "submit_type",
        "locale",
        "expires_at",
        "success_url",
        "cancel_url",
        "expand[]",
        "currency",
        "adaptive_pricing[enabled]",
        "discounts[][coupon]",
        "discounts[][promotion_code]",
        "line_items[][quantity]",
        "line_items[][price]",
        "line_items[][price_data][currency]",
        "line_items[][price_data][unit_amount]",
        "line_items[][price_data][product_data][name]",
        "line_items[][price_data][product_data][description]",
        "payment_intent_data[description]",
    ]
)
FREE_KEYS = re.compile(r"(payment_intent_data\[)?metadata\]?\[[^\[\]]{1,40}\]")


class RefusedError(Exception):
    """A request that Stripe would refuse."""

    def __init__(self, message: str, *, param: str = "", code: str = "parameter_invalid", status: int = 400):
        super().__init__(message)
        self.param = param
        self.code = code
        self.status = status


def read_form(text: str) -> Shape:
    """Return the nested values of a form body: ``a[0][b]=c`` gives ``{"a": [{"b": "c"}]}``."""
    found: Shape = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        keys = re.findall(r"[^\[\]]+", name)
        place = found
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return _lists(found)


def _lists(value: Any) -> Any:
    """Turn every mapping whose keys are 0, 1, 2 … into a list."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(one) for key, one in value.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def refuse_unknown_names(text: str, known: frozenset[str] = KNOWN_FOR_CREATE) -> None:
    """Raises RefusedError when a form body names a parameter that the sandbox does not know."""
    for name, _ in parse_qsl(text, keep_blank_values=True):
        plain = re.sub(r"\[\d+\]", "[]", name)
        if plain == "payment_method_types[]":
            raise RefusedError("payment_method_types was removed.", param=name, code="parameter_unknown")
        if plain not in known and not FREE_KEYS.fullmatch(name):
            raise RefusedError(f"Received unknown parameter: {name}", param=name, code="parameter_unknown")


def refuse_senseless_session(params: Shape, *, now: dt.datetime) -> None:
    """Raises RefusedError for what Stripe would not open a checkout for."""
    if params.get("mode") != "payment":
        raise RefusedError("The sandbox knows the mode payment only.", param="mode")
    _refuse_lines(params.get("line_items"))
    _refuse_addresses(params)
    _refuse_expiry(params, now=now)
    if params.get("locale", "auto") not in LOCALES:
        raise RefusedError("Invalid locale.", param="locale")
    if "discounts" in params and params.get("allow_promotion_codes") == "true":
        raise RefusedError("You may not use discounts and allow_promotion_codes together.", param="discounts")
    if "customer" in params and "customer_email" in params:
        raise RefusedError("You may only specify one of customer, customer_email.", param="customer_email")
    if "customer_email" in params and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", params["customer_email"]):
        raise RefusedError("Invalid email address.", param="customer_email", code="email_invalid")
    if len(params.get("client_reference_id", "")) > 200:
        raise RefusedError("client_reference_id is too long.", param="client_reference_id")
    metadata = params.get("metadata", {})
    if len(metadata) > 50 or any(len(value) > 500 for value in metadata.values()):
        raise RefusedError("metadata is too large.", param="metadata")


def _refuse_lines(lines: Any) -> None:
    if not isinstance(lines, list) or not lines:
        raise RefusedError("line_items is missing.", param="line_items", code="parameter_missing")
    for number, line in enumerate(lines):
        place = f"line_items[{number}]"
        price = line.get("price_data")
        if "price" in line and price:
            raise RefusedError("You may only specify one of price, price_data.", param=place)
        if not price:
            raise RefusedError("No such price.", param=f"{place}[price]", code="resource_missing")
        if not line.get("quantity", "").isdigit() or int(line["quantity"]) < 1:
            raise RefusedError("quantity must be 1 or more.", param=f"{place}[quantity]")
        if not price.get("unit_amount", "").isdigit() or int(price["unit_amount"]) < SMALLEST_CHARGE_MINOR:
            raise RefusedError("unit_amount is too small.", param=f"{place}[price_data][unit_amount]")
        if not price.get("product_data", {}).get("name"):
            raise RefusedError("product_data needs a name.", param=f"{place}[price_data][product_data][name]")
    currencies = {line["price_data"].get("currency") for line in lines}
    if len(currencies) != 1 or not re.fullmatch(r"[a-z]{3}", str(next(iter(currencies)))):
        raise RefusedError("All lines need the same currency.", param="line_items")


def _refuse_addresses(params: Shape) -> None:
    for name in ("success_url", "cancel_url"):
        parts = urlsplit(params.get(name, ""))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise RefusedError(f"Not a valid URL: {name}", param=name, code="url_invalid")


def _refuse_expiry(params: Shape, *, now: dt.datetime) -> None:
    expires_at = params.get("expires_at", "")
    if not expires_at.isdigit():
        raise RefusedError("expires_at must be a time stamp.", param="expires_at")
    ahead = int(expires_at) - now.timestamp()
    if not 30 * 60 <= ahead <= 24 * 3600:
        raise RefusedError("expires_at must be between 30 minutes and 24 hours from now.", param="expires_at")


def refuse_senseless_refund(params: Shape) -> None:
    """Raises RefusedError for what Stripe would not give back, whatever the payment."""
    if ("payment_intent" in params) == ("charge" in params):
        raise RefusedError("Name one of payment_intent, charge.", param="payment_intent")
    amount = params.get("amount", "1")
    if not amount.isdigit() or int(amount) < 1:
        raise RefusedError("Invalid positive integer.", param="amount", code="parameter_invalid_integer")
    if params.get("reason", REFUND_REASONS[0]) not in REFUND_REASONS:
        raise RefusedError("Invalid reason.", param="reason")


def refuse_unknown_expansions(names: list[str]) -> None:
    """Raises RefusedError when something is to be expanded that cannot be."""
    for name in names:
        if name.removeprefix("data.") not in EXPANDABLE:
            raise RefusedError(f"This property cannot be expanded ({name}).", param="expand")
