"""Both gates catch what stripe-python would send and Stripe would refuse, and let good requests pass."""

import json
from urllib.parse import urlencode

import pytest
import stripe
from django.utils import timezone
from stripe._encode import _api_encode

from billing import stripe_gateway
from billing.sandbox import shapes
from billing.stripe_gateway import build_checkout_request
from tests.billing.conformity import guard, openapi, twins, wire

CHECKOUT = "/v1/checkout/sessions"
GOOD = {
    "mode": "payment",
    "client_reference_id": "order-1",
    "customer_email": "maya@example.org",
    "line_items": [
        {
            "quantity": 1,
            "price_data": {"currency": "gbp", "unit_amount": 6900, "product_data": {"name": "Section two"}},
        }
    ],
    "allow_promotion_codes": True,
    "adaptive_pricing": {"enabled": False},
    "expires_at": 1_800_000_000,
    "metadata": {"order": "1", "12": "a number for a name"},
    "success_url": "https://faces.example/done",
    "expand": ["payment_intent"],
}
LINE = GOOD["line_items"][0]
GONE_SINCE_THE_DOCUMENT = "removed name"
ENDPOINT = {"url": "https://faces.example/hook", "enabled_events": ["charge.refunded"]}


def without(values: dict, name: str) -> dict:
    return {key: value for key, value in values.items() if key != name}


FAULTS = {
    "unknown name": ("post", CHECKOUT, {**GOOD, "colour": "red"}),
    "name with a slip of the pen": ("post", CHECKOUT, {**GOOD, "sucess_url": "https://faces.example"}),
    "unknown name deep inside": (
        "post",
        CHECKOUT,
        {**GOOD, "line_items": [{**LINE, "price_data": {**LINE["price_data"], "amount": 6900}}]},
    ),
    GONE_SINCE_THE_DOCUMENT: ("post", CHECKOUT, {**GOOD, "payment_method_types": ["card"]}),
    "name of another call": ("post", "/v1/refunds", {"payment_intent": "pi_1", "customer_email": "a@b.org"}),
    "text for a number": ("post", CHECKOUT, {**GOOD, "expires_at": "tomorrow"}),
    "fraction for a number": ("post", "/v1/refunds", {"payment_intent": "pi_1", "amount": 69.5}),
    "text for a flag": ("post", CHECKOUT, {**GOOD, "allow_promotion_codes": "yes"}),
    "number for a flag": ("post", CHECKOUT, {**GOOD, "adaptive_pricing": {"enabled": 0}}),
    "object for a text": ("post", CHECKOUT, {**GOOD, "customer_email": {"address": "maya@example.org"}}),
    "one for many": ("post", CHECKOUT, {**GOOD, "expand": "payment_intent"}),
    "many for one": ("post", CHECKOUT, {**GOOD, "mode": ["payment"]}),
    "nested metadata": ("post", CHECKOUT, {**GOOD, "metadata": {"order": {"id": "1"}}}),
    "word of no list": ("post", CHECKOUT, {**GOOD, "submit_type": "rent"}),
    "word of no open list": ("post", "/v1/refunds", {"payment_intent": "pi_1", "reason": "because"}),
    "event that does not exist": (
        "post",
        "/v1/webhook_endpoints",
        {**ENDPOINT, "enabled_events": ["charge.vanished"]},
    ),
    "missing name": ("post", "/v1/webhook_endpoints", without(ENDPOINT, "url")),
    "missing name deep inside": (
        "post",
        CHECKOUT,
        {**GOOD, "line_items": [{**LINE, "price_data": without(LINE["price_data"], "currency")}]},
    ),
    "unknown filter of a list": ("get", "/v1/refunds", {"paymentintent": "pi_1"}),
    "text for a time in a list": ("get", CHECKOUT, {"created": {"gte": "yesterday"}}),
    "address that does not exist": ("post", "/v1/checkout/session", GOOD),
}


def encode(values: dict) -> str:
    """The form that stripe-python would send."""
    return urlencode(list(_api_encode(values)))


@pytest.mark.parametrize("name", FAULTS)
def test_the_types_catch(name):
    method, path, values = FAULTS[name]
    assert twins.find_faults(method, path, wire.read_form(encode(values)))


@pytest.mark.parametrize("name", [name for name in FAULTS if name != GONE_SINCE_THE_DOCUMENT])
def test_the_document_catches(name):
    method, path, values = FAULTS[name]
    assert openapi.find_faults_of_request(method, path, wire.read_form(encode(values)))


@pytest.mark.parametrize(
    ("method", "path", "values"),
    [
        ("post", CHECKOUT, GOOD),
        ("post", "/v1/webhook_endpoints", {**ENDPOINT, "api_version": shapes.API_VERSION}),
        ("post", "/v1/refunds", {"payment_intent": "pi_1", "amount": 100, "reason": "duplicate"}),
        ("post", f"{CHECKOUT}/cs_test_1/expire", {"expand": ["payment_intent"]}),
        ("get", f"{CHECKOUT}/cs_test_1", {}),
        ("get", CHECKOUT, {"created": {"gte": 1_800_000_000}, "limit": 100}),
        ("get", "/v1/events", {"types": ["charge.refunded"], "delivery_success": False}),
        ("post", "/v1/customers", {"metadata": ""}),
    ],
)
def test_what_is_good_passes_both(method, path, values):
    form = encode(values)
    url = f"https://api.stripe.com{path}" + (f"?{form}" if method == "get" else "")
    assert guard.find_faults_of_request(method, url, form) == []


@pytest.mark.django_db
def test_what_opens_a_checkout_passes_both(order):
    form = encode(build_checkout_request(order))
    assert guard.find_faults_of_request("post", f"https://api.stripe.com{CHECKOUT}", form) == []


@pytest.mark.parametrize("form", ["mode", "mode=payment&mode=setup", "a[b]=1&&"])
def test_what_is_no_form_is_a_fault(form):
    assert guard.find_faults_of_request("post", f"https://api.stripe.com{CHECKOUT}", form)


def test_a_form_is_read_with_its_lists_and_names():
    text = "a[0][b]=1&a[1][b]=2&c[d]=3&e=&f[12]=x"
    assert wire.read_form(text) == {"a": [{"b": "1"}, {"b": "2"}], "c": {"d": "3"}, "e": "", "f": {"12": "x"}}


@pytest.fixture
def planted(conformity):
    """A gate that has caught something on purpose; the fixture that looks after each test forgets it."""
    yield conformity
    assert conformity.faults
    conformity.faults.clear()


@pytest.mark.django_db
def test_a_request_with_a_fault_never_reaches_the_sandbox(planted):
    with pytest.raises(guard.NonconformingError, match="colour"):
        stripe_gateway.get_client().v1.refunds.create({"payment_intent": "pi_1", "colour": "red"})


@pytest.mark.nonsense
@pytest.mark.django_db
def test_nonsense_that_the_sandbox_would_take_is_a_fault_of_the_sandbox(planted):
    """The sandbox does not look at every value, so the gates must."""
    values = {**GOOD, "adaptive_pricing": {"enabled": "perhaps"}, "cancel_url": "https://faces.example/back"}
    values["expires_at"] = int(timezone.now().timestamp()) + 3600
    with pytest.raises(guard.NonconformingError, match="should have been refused"):
        stripe_gateway.get_client().v1.checkout.sessions.create(values)


@pytest.mark.parametrize(
    "changes",
    [{"colour": "red"}, {"metadata": []}, {"amount": "6900"}, {"charge": 7}, {"object": "refunds"}],
)
def test_an_answer_that_stripe_would_not_give_is_caught(changes):
    intent = {"id": "pi_1", "currency": "gbp", "metadata": {}, "payment_method": "pm_1"}
    charge = shapes.make_charge(
        {**intent, "amount": 6900, "payment_method_types": ["card"]}, now=timezone.now(), status="succeeded"
    )
    refund = shapes.make_refund(charge, {}, now=timezone.now(), amount=100)
    url = "https://api.stripe.com/v1/refunds/re_1"
    assert guard.find_faults_of_answer("get", url, (json.dumps(refund), 200, {})) == []
    assert guard.find_faults_of_answer("get", url, (json.dumps({**refund, **changes}), 200, {})) != []


def test_an_answer_without_what_stripe_always_gives_is_caught():
    refund = {"id": "re_1", "object": "refund", "amount": 100}
    assert openapi.find_faults_of_answer("get", "/v1/refunds/re_1", 200, refund)


def test_the_gates_are_for_the_version_that_the_library_speaks():
    assert stripe.VERSION.startswith("16.1.")
    assert openapi._document()["operations"]
