"""Deliveries as they come over the wire: bodies, signatures and the post itself."""

import json
import time

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from stripe import WebhookSignature

from billing.mode import webhook_secrets
from billing.sandbox.models import SandboxEvent
from billing.sandbox.shapes import make_event


def make_body(kind: str = "customer.created", thing: dict | None = None, **changes) -> str:
    """The body of an event, genuine but for ``changes``."""
    event = make_event(kind, thing or {"id": "cus_1", "object": "customer"}, now=timezone.now())
    return json.dumps({**event, **changes})


def sign(body: str, *, secret: str = "", age: int = 0) -> str:
    """Stripe's signature of a body, made ``age`` seconds ago."""
    return WebhookSignature.generate_signature_header(
        body, secret or webhook_secrets()[0], int(time.time()) - age
    )


def post(body: str | bytes, signature: str | None = None, **headers) -> int:
    """Deliver a body and return the status; without ``signature`` it is signed as it should be."""
    if signature is None:
        signature = sign(body if isinstance(body, str) else body.decode())
    if signature:
        headers["HTTP_STRIPE_SIGNATURE"] = signature
    address = reverse("billing:stripe_webhook")
    response = Client(raise_request_exception=False).post(
        address, body, content_type="application/json", **headers
    )
    return response.status_code


def event_body(event_id: str) -> str:
    """The body of an event that the sandbox holds."""
    return json.dumps(SandboxEvent.objects.get(pk=event_id).body)
