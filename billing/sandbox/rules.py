"""What Stripe would refuse: unknown parameters, senseless values, and rules between parameters."""

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from billing.sandbox.shapes import Shape

SMALLEST_CHARGE_MINOR = 30  # Stripe takes no less than 30p
LARGEST_CHARGE_MINOR = 99_999_999
MOST_LINES = 100
LOCALES = ("auto", "en", "en-GB", "cy")
SUBMIT_TYPES = ("auto", "book", "donate", "pay")
KNOWN_FOR_REFUND = frozenset(["payment_intent", "charge", "amount", "reason"])
KNOWN_FOR_PAYMENT = frozenset(
    [
        *("amount", "currency", "payment_method", "confirm", "description"),
        *("automatic_payment_methods[enabled]", "automatic_payment_methods[allow_redirects]"),
    ]
)
KNOWN_FOR_ENDPOINT = frozenset(["url", "enabled_events[]", "api_version", "description"])
REFUND_REASONS = ("duplicate", "fraudulent", "requested_by_customer")
EXPANDABLE = ("payment_intent", "payment_intent.latest_charge", "line_items")

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
        "billing_address_collection",
        "customer_creation",
        "customer_update[address]",
        "customer_update[name]",
        "tax_id_collection[enabled]",
        "tax_id_collection[required]",
    ]
)
METADATA = re.compile(r"((?:\w+\[)?metadata\]?)\[([^\[\]]+)\]")
MOST_METADATA, LONGEST_METADATA_NAME, LONGEST_METADATA_VALUE = 50, 40, 500
LONGEST_KEY = 255


class RefusedError(Exception):
    """A request that Stripe would refuse."""

    def __init__(
        self,
        message: str,
        *,
        param: str = "",
        code: str = "parameter_invalid",
        status: int = 400,
        kind: str = "invalid_request_error",
    ):
        super().__init__(message)
        self.kind = kind
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
        if plain not in known and not METADATA.fullmatch(name):
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
    if params.get("submit_type", "auto") not in SUBMIT_TYPES:
        raise RefusedError("Invalid submit_type.", param="submit_type")
    _refuse_customer(params)


def _refuse_customer(params: Shape) -> None:
    """Raises RefusedError for what does not go together about a customer that is there already, or is not."""
    if "customer" not in params:
        if "customer_update" in params:
            raise RefusedError("customer_update can only be used with customer.", param="customer_update")
        return
    if "customer_creation" in params:
        raise RefusedError("customer_creation cannot be used with customer.", param="customer_creation")
    asks_for_tax_id = params.get("tax_id_collection", {}).get("enabled") == "true"
    if asks_for_tax_id and params.get("customer_update", {}).get("name") != "auto":
        raise RefusedError(
            "Tax ID collection of an existing customer needs customer_update[name] to be auto.",
            param="customer_update",
        )


def refuse_senseless_request(text: str, key: str) -> None:
    """Raises RefusedError for what Stripe never takes: empty values, large metadata, long keys."""
    if len(key) > LONGEST_KEY:
        raise RefusedError("The idempotency key is too long.", code="idempotency_key_too_long")
    counted: dict[str, int] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        found = METADATA.fullmatch(name)
        if found:
            place = found[1] if found[1].count("[") == found[1].count("]") else f"{found[1]}]"
            counted[place] = counted.get(place, 0) + 1
            if len(found[2]) > LONGEST_METADATA_NAME or len(value) > LONGEST_METADATA_VALUE:
                raise RefusedError("A name or a value of metadata is too long.", param=place)
            if counted[place] > MOST_METADATA:
                raise RefusedError("metadata has at most 50 names.", param=place)
        elif not value:
            raise RefusedError("An empty value cannot be set.", param=name, code="parameter_invalid_empty")


def _refuse_lines(lines: Any) -> None:
    if not isinstance(lines, list) or not lines:
        raise RefusedError("line_items is missing.", param="line_items", code="parameter_missing")
    if len(lines) > MOST_LINES:
        raise RefusedError("A checkout has at most 100 lines.", param="line_items")
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
    total = sum(int(line["price_data"]["unit_amount"]) * int(line["quantity"]) for line in lines)
    if total > LARGEST_CHARGE_MINOR:
        raise RefusedError("The total is too large.", param="line_items", code="amount_too_large")
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


# --- Lists ----------------------------------------------------------------------------------------

KNOWN_FOR_LISTS = frozenset(
    [
        *("limit", "starting_after", "ending_before"),
        *("created", "created[gt]", "created[gte]", "created[lt]", "created[lte]"),
    ]
)
KNOWN_FOR_LIST = {
    "sessions": frozenset(["payment_intent", "status", "expand[]"]),
    "refunds": frozenset(["payment_intent", "charge"]),
    "charges": frozenset(["payment_intent", "customer", "transfer_group"]),
    "disputes": frozenset(["payment_intent", "charge"]),
    "coupons": frozenset[str](),
    "promotion_codes": frozenset(["active", "code"]),
    "webhook_endpoints": frozenset[str](),
    "events": frozenset(["delivery_success", "type", "types[]"]),
    "invoices": frozenset(["customer", "status", "expand[]"]),
    "invoice_payments": frozenset(["invoice", "status", "payment[type]", "payment[payment_intent]"]),
}
EXPANDING = frozenset(["sessions", "invoices", "customers"])  # where one of them may be asked for with more
LARGEST_PAGE = 100


def refuse_senseless_page(params: Shape) -> None:
    """Raises RefusedError for a page of a list that cannot be."""
    limit = params.get("limit", "10")
    if not limit.isdigit() or not 1 <= int(limit) <= LARGEST_PAGE:
        raise RefusedError("A page has 1 to 100 entries.", param="limit", code="parameter_invalid_integer")
    if "starting_after" in params and "ending_before" in params:
        raise RefusedError("Name one of starting_after, ending_before.", param="ending_before")
    times = params.get("created", {})
    times = times.values() if isinstance(times, dict) else [times]
    if not all(text.isdigit() for text in times):
        raise RefusedError("created must be a time stamp.", param="created", code="parameter_invalid_integer")
