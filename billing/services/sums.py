"""Once a night: is what we think was paid, given back and disputed what Stripe thinks?"""

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import IntegrityError, OperationalError, transaction

from billing import emails, stripe_gateway
from billing.mode import is_live
from billing.models import Dispute, Order, SumCheck
from billing.services.money import sent_by_bank
from billing.services.reconcile import OrderIsBusyError, reconcile_order
from billing.stripe_gateway import PaymentSums, StripeRefusedError
from elearning.periods import LONDON, london_day

log = logging.getLogger("billing")

CHECK_DAYS = 35
MARGIN_DAYS = 21  # a payment by bank is begun that long, at most, before its money is certain
FROM_HOUR = 3  # in London
PAID, REFUNDED, DISPUTED = "paid", "given back", "disputed"


class Compared(NamedTuple):
    """One order beside its payment: what each counts, in minor units."""

    order: Order | None
    payment_intent_id: str
    currency: str
    ours: dict[str, int]
    stripes: dict[str, int]

    @property
    def differs(self) -> bool:
        """Whether any sum is not the same."""
        return self.ours != self.stripes


def is_check_due(*, now: dt.datetime) -> bool:
    """Whether tonight's check is still to be made."""
    is_night = now.astimezone(LONDON).hour >= FROM_HOUR
    return is_night and not SumCheck.objects.of_night(london_day(now)).exists()


def check_sums(*, now: dt.datetime, is_nightly: bool = False) -> SumCheck:
    """Compare the orders of the last weeks with Stripe's payments, keep the result and return it.

    An order that differs is asked about once more before it counts. A nightly check mails its differences to
    staff, once, whoever makes it. Raises StripeIsAwayError or StripeRefusedError.
    """
    since = now - dt.timedelta(days=CHECK_DAYS)
    sums = stripe_gateway.list_payment_sums_since(since - dt.timedelta(days=MARGIN_DAYS))
    found = [look_again(one, now=now) if one.differs else one for one in compare_all(sums, since=since)]
    check = SumCheck(
        checked_at=now,
        since=since,
        night_on=london_day(now) if is_nightly else None,
        livemode=is_live(),
        compared=len(found),
        sums=add_up(found),
        differences=[row for one in found if one.differs for row in describe(one)],
    )
    try:
        with transaction.atomic():
            check.save()
            if is_nightly and check.differences:
                emails.tell_staff_of_sums(check)
    except IntegrityError:
        return SumCheck.objects.of_night(london_day(now)).get()
    log.info("sums checked", extra={"check": check.pk, "differences": len(check.differences)})
    return check


def compare_all(sums: dict[str, PaymentSums], *, since: dt.datetime) -> list[Compared]:
    """Put each payment beside its order, and each order paid since ``since`` beside its payment."""
    orders = Order.objects.of_mode(is_live=is_live()).to_compare(sums, since=since)
    found = [compare(order, sums.get(order.stripe_payment_intent_id)) for order in orders]
    known = {one.payment_intent_id for one in found}
    for intent_id, payment in sums.items():
        if intent_id in known or not payment.reference:
            continue  # without a reference it is no payment of ours
        order = Order.objects.with_reference(payment.reference).first()
        found.append(compare(order, payment))
    return [one for one in found if any((*one.ours.values(), *one.stripes.values()))]


def compare(order: Order | None, payment: PaymentSums | None) -> Compared:
    """What an order counts, without what came and went back past Stripe, and what its payment counts."""
    ours = {PAID: 0, REFUNDED: 0, DISPUTED: 0}
    if order and (payment is None or order.stripe_payment_intent_id == payment.payment_intent_id):
        ours = {
            PAID: order.paid_minor - order.off_stripe_minor,
            REFUNDED: order.refunded_minor - (sent_by_bank(order) if order.off_stripe_minor else 0),
            DISPUTED: Dispute.objects.of_order(order).withdrawn().total_minor(),
        }
    stripes = {
        PAID: payment.paid_minor if payment else 0,
        REFUNDED: payment.refunded_minor if payment else 0,
        DISPUTED: payment.disputed_minor if payment else 0,
    }
    currency = payment.currency if payment and payment.currency else order.currency if order else ""
    intent_id = payment.payment_intent_id if payment else order.stripe_payment_intent_id if order else ""
    return Compared(order, intent_id, currency, ours, stripes)


def look_again(one: Compared, *, now: dt.datetime) -> Compared:
    """Ask about an order that differs and compare it once more: news may be on its way just now."""
    order = one.order
    if order:
        try:
            order = reconcile_order(order=order, now=now)
        except (StripeRefusedError, OrderIsBusyError, OperationalError) as error:
            log.warning("order not reconciled", extra={"order": order.pk, "kind": type(error).__name__})
    if not one.payment_intent_id:
        return compare(order, None)
    return compare(order, stripe_gateway.fetch_payment_sums(one.payment_intent_id))


def add_up(found: Iterable[Compared]) -> dict[str, dict[str, list[int]]]:
    """For each currency: paid, given back and disputed, as [ours, Stripe's]."""
    sums: dict[str, dict[str, list[int]]] = {}
    for one in found:
        by_what = sums.setdefault(one.currency.upper(), {what: [0, 0] for what in one.ours})
        for what, pair in by_what.items():
            pair[0] += one.ours[what]
            pair[1] += one.stripes[what]
    return sums


def describe(one: Compared) -> list[dict[str, Any]]:
    """Each sum of an order that differs, fit to keep."""
    return [
        {
            "order": one.order.pk if one.order else None,
            "number": one.order.number if one.order else "",
            "payment": one.payment_intent_id,
            "what": what,
            "currency": one.currency,
            "ours": one.ours[what],
            "stripes": one.stripes[what],
        }
        for what in one.ours
        if one.ours[what] != one.stripes[what]
    ]
