"""The one room that talks to Stripe, or to the sandbox where there is no key.

It turns orders into requests and answers into plain values. Nothing here opens a transaction or writes a row.
"""

from billing.stripe_gateway.answers import (
    Answer,
    BadDeliveryError,
    Checkout,
    Delivery,
    DisputeAnswer,
    KeyReusedError,
    RefundAnswer,
    StripeIsAwayError,
    StripeRefusedError,
)
from billing.stripe_gateway.calls import (
    EXPAND,
    build_checkout_request,
    create_checkout,
    create_refund,
    expire_checkout,
    fetch_answer,
    fetch_checkout,
    find_checkout_of_payment,
    find_payment_of_charge,
    get_client,
    list_checkouts_since,
    list_payments_with_money_back_since,
)
from billing.stripe_gateway.deliveries import DOORBELLS, list_undelivered_since, read_delivery
from billing.stripe_gateway.endpoints import (
    Endpoint,
    create_webhook_endpoint,
    list_webhook_endpoints,
    webhook_address,
)
from billing.stripe_gateway.sums import PaymentSums, fetch_payment_sums, list_payment_sums_since

__all__ = [
    "DOORBELLS",
    "EXPAND",
    "Answer",
    "BadDeliveryError",
    "Checkout",
    "Delivery",
    "DisputeAnswer",
    "Endpoint",
    "KeyReusedError",
    "PaymentSums",
    "RefundAnswer",
    "StripeIsAwayError",
    "StripeRefusedError",
    "build_checkout_request",
    "create_checkout",
    "create_refund",
    "create_webhook_endpoint",
    "expire_checkout",
    "fetch_answer",
    "fetch_checkout",
    "fetch_payment_sums",
    "find_checkout_of_payment",
    "find_payment_of_charge",
    "get_client",
    "list_checkouts_since",
    "list_payment_sums_since",
    "list_payments_with_money_back_since",
    "list_undelivered_since",
    "list_webhook_endpoints",
    "read_delivery",
    "webhook_address",
]
