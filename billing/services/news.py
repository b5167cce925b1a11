"""News from Stripe that changes no order by itself but that staff must hear of, once."""

import datetime as dt

from django.db import transaction

from billing import emails
from billing.models import Order, StripeEvent
from billing.stripe_gateway import Delivery

FRAUD_WARNING = "radar.early_fraud_warning.created"
CUSTOMER_DELETED = "customer.deleted"
TELLERS = {
    FRAUD_WARNING: emails.tell_staff_of_fraud_warning,
    CUSTOMER_DELETED: emails.tell_staff_of_deleted_customer,
}


@transaction.atomic
def note_processed(*, delivery: Delivery, order: Order | None, now: dt.datetime) -> None:
    """Mark an event as done, and tell staff what it says in the same transaction, so that it goes once."""
    waiting = StripeEvent.objects.filter(pk=delivery.event_id, processed_at__isnull=True)
    is_first = waiting.update(processed_at=now, order=order) > 0
    if is_first and order and delivery.type in TELLERS:
        TELLERS[delivery.type](order)


def note_undelivered(*, delivery: Delivery, order: Order, now: dt.datetime) -> None:
    """Tell staff of news that did not reach us by itself; when it comes after all, it is old."""
    if delivery.type not in TELLERS:
        return
    StripeEvent.objects.get_or_create(
        id=delivery.event_id,
        defaults={"type": delivery.type, "livemode": delivery.livemode, "received_at": now},
    )
    note_processed(delivery=delivery, order=order, now=now)
