"""Where Stripe is told to ring: made once, by the owner's command."""

from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from stripe import _api_version

from billing.stripe_gateway.calls import ask, get_client
from billing.stripe_gateway.deliveries import DOORBELLS

API_VERSION = _api_version._ApiVersion.CURRENT


class Endpoint(NamedTuple):
    """An address that Stripe rings at. ``secret`` is told only once, when it is made."""

    endpoint_id: str
    url: str
    secret: str


def webhook_address() -> str:
    """The address of our webhook, from outside."""
    return f"{settings.BASE_URL}{reverse('billing:stripe_webhook')}"


def list_webhook_endpoints() -> list[Endpoint]:
    """Every enabled endpoint at our address. Raises StripeIsAwayError or StripeRefusedError."""
    endpoints = get_client().v1.webhook_endpoints
    found = ask(lambda: list(endpoints.list({"limit": 100}).auto_paging_iter()))
    ours = [one for one in found if one.url == webhook_address() and one.status == "enabled"]
    return [Endpoint(one.id, one.url, "") for one in ours]


def create_webhook_endpoint() -> Endpoint:
    """Have Stripe ring at our address for what can change an order, in the version that our library reads.

    Raises StripeIsAwayError or StripeRefusedError.
    """
    params: Any = {
        "url": webhook_address(),
        "enabled_events": DOORBELLS,
        "api_version": API_VERSION,
        "description": "Orders: the event is only a doorbell.",
    }
    made = ask(lambda: get_client().v1.webhook_endpoints.create(params))
    return Endpoint(made.id, made.url, made.secret or "")
