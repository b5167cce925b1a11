"""How the sandbox tells the site what happened: signed as Stripe signs, to the real view, no socket."""

import io
import json
import logging
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from stripe import WebhookSignature

from billing.mode import webhook_secrets
from billing.sandbox import faults
from billing.sandbox.models import SandboxEvent
from billing.sandbox.shapes import HIDDEN_IN_SESSION, Shape, make_event

log = logging.getLogger("billing.sandbox")


def announce(kind: str, thing: Shape) -> str:
    """Note that something happened, deliver the news after the commit, and return the event's id."""
    now = timezone.now()
    shown = {name: value for name, value in thing.items() if name not in HIDDEN_IN_SESSION}
    body = make_event(kind, shown, now=now)
    SandboxEvent.objects.create(id=body["id"], type=kind, body=body, created_at=now)
    if not faults.hold_delivery(body["id"]):
        transaction.on_commit(lambda: deliver(body["id"]))
    return body["id"]


def deliver(event_id: str) -> int:
    """Deliver one event now; return the status that the site answered."""
    event = SandboxEvent.objects.get(pk=event_id)
    payload = json.dumps(event.body)
    status = post(payload, WebhookSignature.generate_signature_header(payload, webhook_secrets()[0]))
    news: dict = {"attempts": F("attempts") + 1}
    if 200 <= status < 300:
        news["delivered_at"] = timezone.now()
    else:
        log.warning("delivery refused", extra={"event": event_id, "status": status})
    SandboxEvent.objects.filter(pk=event_id).update(**news)
    return status


def post(payload: str, signature: str) -> int:
    """Send a body to the webhook's address through every middleware; return the status."""
    base = urlsplit(settings.BASE_URL)
    body = payload.encode()
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": reverse("billing:stripe_webhook"),
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "CONTENT_TYPE": "application/json; charset=utf-8",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": base.netloc,
            "HTTP_STRIPE_SIGNATURE": signature,
            "HTTP_USER_AGENT": "Sandbox/1.0",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": base.hostname or "localhost",
            "SERVER_PORT": str(base.port or 80),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": base.scheme,
        }
    )
    return _handler().get_response(request).status_code


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler
