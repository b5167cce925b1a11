"""Where Stripe rings."""

import datetime as dt
import hashlib
import logging

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing import services
from billing.models import StripeEvent
from billing.stripe_gateway import (
    BadDeliveryError,
    Delivery,
    StripeIsAwayError,
    StripeRefusedError,
    read_delivery,
)

log = logging.getLogger("billing.webhook")

BODY_CAP = 256 * 1024
RETRY_SECONDS = "30"


@csrf_exempt
@login_not_required
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Take a delivery of Stripe's: 400 forged or no event, 413 too large, 503 try again later, else 200.

    The event only says that there is news; ``services.reconcile_order`` asks Stripe what it is. The event
    counts as processed once that has succeeded, so a delivery that failed half-way has its effect when it
    comes again.
    """
    now = timezone.now()
    if _length(request) > BODY_CAP:
        return HttpResponse(status=413)
    try:
        delivery = read_delivery(request.body, request.headers.get("Stripe-Signature", ""), now=now)
    except BadDeliveryError as bad:
        log.warning("delivery refused", extra={"why": str(bad)})
        return HttpResponse(status=400)
    try:
        process(delivery, body=request.body, now=now)
    except (StripeIsAwayError, services.OrderIsBusyError, OperationalError) as error:
        log.warning("delivery postponed", extra={"event": delivery.event_id, "kind": type(error).__name__})
        return HttpResponse(status=503, headers={"Retry-After": RETRY_SECONDS})
    return HttpResponse(status=200)


def _length(request: HttpRequest) -> int:
    length = request.headers.get("content-length") or "0"
    return int(length) if length.isdecimal() else 0


def process(delivery: Delivery, *, body: bytes, now: dt.datetime) -> None:
    """Let an event have its effect once; what is not about an order of ours is only noted."""
    event, is_new = StripeEvent.objects.get_or_create(
        id=delivery.event_id,
        defaults={
            "type": delivery.type,
            "livemode": delivery.livemode,
            "received_at": now,
            "body_sha256": hashlib.sha256(body).hexdigest(),
        },
    )
    if not is_new and event.processed_at:
        return
    order = None
    try:
        order = services.find_order(delivery)
        if order:
            services.reconcile_order(order=order, now=now, is_fresh=True)
    except StripeRefusedError as refused:
        log.error("event about nothing", extra={"event": event.pk, "code": refused.code})
    services.note_processed(delivery=delivery, order=order, now=now)
