"""From the wish to rent to an open checkout or an invoice: commit the order, only then call Stripe."""

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from billing import stripe_gateway, vat
from billing.mode import is_live
from billing.models import Order, OrderLine, Product, Term
from billing.services.drafts import (
    DRAFT_LIFE,
    AlreadyRentingError,
    CannotRentError,
    NoCheckoutError,
    PaymentUnderWayError,
    drop_order,
)
from billing.services.fulfilment import choose_period
from billing.services.invoices import call_off_invoice, invoice_pay_address, open_invoice
from billing.services.reconcile import adopt_checkout, lock_order, reconcile_order
from billing.services.rentals import may_renew_on
from billing.services.states import move_order
from billing.stripe_gateway import KeyReusedError, StripeIsAwayError, StripeRefusedError
from elearning.periods import last_day, london_day

if TYPE_CHECKING:
    from accounts.models import User
    from teams.models import CareSetting

log = logging.getLogger("billing")
Status = Order.Status

TRIES = 4


class CheckoutIsOpenError(CannotRentError):
    """Somebody has opened a checkout for the same thing."""


class BillingDetails(NamedTuple):
    """To whom an invoice goes."""

    po_number: str
    billing_name: str
    billing_email: str
    billing_address: str


def begin_checkout(
    *, product: Product, care_setting: "CareSetting", buyer: "User", terms_version: str, now: dt.datetime
) -> str:
    """Return the address of the pay page for renting ``product`` for ``care_setting``.

    Whoever begins while another's checkout or invoice is open gets that one. Accepting ``terms_version`` is
    kept with a new order. Raises CannotRentError with words for the buyer, NoCheckoutError when Stripe is
    away.
    """
    for _ in range(TRIES):
        order = find_live_order(product=product, care_setting=care_setting)
        if order is None:
            order = create_order(
                product=product, care_setting=care_setting, buyer=buyer, terms_version=terms_version, now=now
            )
        address = open_checkout(order=order, now=now)
        if address:
            return address
    raise NoCheckoutError


def begin_invoice(
    *,
    product: Product,
    care_setting: "CareSetting",
    buyer: "User",
    details: BillingDetails,
    terms_version: str,
    now: dt.datetime,
) -> Order:
    """Return the order by invoice for renting ``product`` for ``care_setting``.

    Its invoice is out when Stripe answers; otherwise the clock goes on with it. Whoever asks while another's
    invoice is open gets that one. Raises CannotRentError with words for the buyer, NoCheckoutError when
    Stripe refuses.
    """
    for _ in range(TRIES):
        order = find_live_order(product=product, care_setting=care_setting)
        if order is None:
            order = create_order(
                product=product,
                care_setting=care_setting,
                buyer=buyer,
                terms_version=terms_version,
                now=now,
                details=details,
            )
        if not order.is_by_invoice:
            raise CheckoutIsOpenError(
                "A checkout for this is open already. Go on with that one, or call it off and come back."
            )
        order = open_invoice(order=order, now=now)
        if order.status != Status.CANCELLED:
            return order
    raise NoCheckoutError


def find_live_order(*, product: Product, care_setting: "CareSetting") -> Order | None:
    """Return the setting's own order that may still be paid for this product, or None."""
    lines = OrderLine.objects.live().ordered_by_settings()
    lines = lines.for_rental_of(care_setting=care_setting, product=product)
    line = lines.select_related("order__buyer").first()
    return line.order if line else None


def create_order(
    *,
    product: Product,
    care_setting: "CareSetting",
    buyer: "User",
    terms_version: str,
    now: dt.datetime,
    details: BillingDetails | None = None,
) -> Order:
    """Write an order with the prices of this moment; return the one that somebody was quicker to write.

    With ``details`` it is paid against an invoice.
    """
    refuse_senseless_rental(product=product, care_setting=care_setting, day=london_day(now))
    price = vat.price_today(product.price_minor)
    try:
        with transaction.atomic():
            order = Order.objects.create(
                number=Order.objects.unused_number(),
                care_setting=care_setting,
                buyer=buyer,
                contact_email=buyer.email,
                currency=product.currency,
                **price._asdict(),
                terms_version=terms_version,
                terms_accepted_at=now,
                terms_accepted_by=buyer,
                livemode=is_live(),
                created_at=now,
                **(describe_invoicing(details, now=now) if details else {}),
            )
            OrderLine.objects.create(
                order=order,
                product=product,
                care_setting=care_setting,
                title=product.name,
                months=product.months,
                net_minor=price.net_minor,
                vat_minor=price.vat_minor,
                gross_minor=price.gross_minor,
            )
            log.info("order begun", extra={"order": order.pk, "by": buyer.pk})
            return order
    except IntegrityError:
        quicker = find_live_order(product=product, care_setting=care_setting)
        if quicker is None:
            refuse_senseless_rental(product=product, care_setting=care_setting, day=london_day(now))
            raise
        return quicker


def describe_invoicing(details: BillingDetails, *, now: dt.datetime) -> dict[str, Any]:
    """Return what an order keeps that is paid against an invoice."""
    due_on = london_day(now) + dt.timedelta(days=stripe_gateway.DAYS_UNTIL_DUE)
    return {"method": Order.Method.INVOICE, "due_on": due_on, **details._asdict()}


class Offer(NamedTuple):
    """What renting would give a setting today, or why it cannot."""

    starts_on: dt.date
    last_day: dt.date
    follows_last_day: dt.date | None
    live_order: Order | None
    refusal: str


def make_offer(*, product: Product, care_setting: "CareSetting", day: dt.date) -> Offer:
    """Return what renting ``product`` on the London ``day`` would give a setting. Writes nothing."""
    terms = Term.objects.counting().for_rental_of(care_setting=care_setting, product=product)
    latest = terms.in_time().last()
    starts_on, ends_on, _ = choose_period(latest, day=day, months=product.months)
    refusal = ""
    try:
        refuse_senseless_rental(product=product, care_setting=care_setting, day=day)
    except CannotRentError as refused:
        refusal = str(refused)
    return Offer(
        starts_on=starts_on,
        last_day=last_day(ends_on),
        follows_last_day=latest.last_day if latest and starts_on == latest.ends_on else None,
        live_order=find_live_order(product=product, care_setting=care_setting),
        refusal=refusal,
    )


def refuse_senseless_rental(*, product: Product, care_setting: "CareSetting", day: dt.date) -> None:
    """Raises CannotRentError when the setting has paid already, or rents this and may not yet renew."""
    lines = OrderLine.objects.for_rental_of(care_setting=care_setting, product=product)
    if lines.under_review().exists():
        raise PaymentUnderWayError(
            "Our staff are looking at a payment for this. Please don't pay again; we will write to you."
        )
    line = lines.live().ordered_by_payers().first()
    if line:
        lapses = "it lapses within a day, and you can rent it here"
        if line.order.is_by_invoice:
            lapses = f"by {line.order.due_on:%-d %B %Y}, the last day of its invoice, please ask them"
        raise PaymentUnderWayError(
            f"{line.order.customer.name} is renting this for you, in an order for several settings. "
            f"You need not pay. If that order is not paid, {lapses}."
        )
    terms = Term.objects.counting().for_rental_of(care_setting=care_setting, product=product)
    latest = terms.in_time().last()
    if latest and not may_renew_on(day, ends_on=latest.ends_on, starts_on=latest.starts_on):
        raise AlreadyRentingError(
            f"{care_setting.name} rents this already; the last day is {latest.last_day:%-d %B %Y}. "
            "You can renew from 60 days before that."
        )


def open_checkout(*, order: Order, now: dt.datetime) -> str:
    """Return the address where a live order can be paid, or an empty string when it no longer can.

    For an order by invoice that is our own page about it. Raises PaymentUnderWayError when it has been paid,
    NoCheckoutError when Stripe is away.
    """
    if order.is_by_invoice:
        order = open_invoice(order=order, now=now)
        return reverse("billing:invoice", args=[order.public_id]) if order.is_live else ""
    try:
        if order.stripe_checkout_session_id:
            return _address_of_open(order, now=now)
        if now - order.created_at > DRAFT_LIFE:
            drop_order(order=order, now=now)
            return ""
        return _address_of_new(order, now=now)
    except StripeIsAwayError:
        raise NoCheckoutError from None


def find_pay_address(*, order: Order, now: dt.datetime) -> str:
    """Return Stripe's page where a live order can be paid, "" when it no longer can.

    Raises as ``open_checkout`` does.
    """
    if order.is_by_invoice:
        return invoice_pay_address(order=order, now=now)
    return open_checkout(order=order, now=now)


def _address_of_open(order: Order, *, now: dt.datetime) -> str:
    try:
        checkout = stripe_gateway.fetch_checkout(order.stripe_checkout_session_id)
    except StripeRefusedError:
        # Begun with other keys, so nobody can pay it here any more.
        drop_order(order=order, now=now)
        return ""
    if checkout.is_open:
        _mark_open(order, now=now)
        return checkout.url
    order = reconcile_order(order=order, now=now)
    if order.was_paid or order.status in (Status.PROCESSING, Status.REVIEW):
        raise PaymentUnderWayError(
            "This has been paid, or the payment is on its way. There is nothing more to pay."
        )
    return ""


def _address_of_new(order: Order, *, now: dt.datetime) -> str:
    try:
        checkout = stripe_gateway.create_checkout(order)
    except KeyReusedError:
        # The request was built differently by an older version of the site: a new key for a new request.
        Order.objects.filter(pk=order.pk, attempt=order.attempt).update(attempt=F("attempt") + 1)
        return ""
    except StripeRefusedError:
        drop_order(order=order, now=now)
        raise NoCheckoutError from None
    adopt_checkout(order, checkout.session_id)
    _mark_open(order, now=now)
    return checkout.url


def _mark_open(order: Order, *, now: dt.datetime) -> None:
    """Note that a draft has a checkout, here or where an earlier try broke off before it could."""
    if order.status != Status.DRAFT:
        return
    with transaction.atomic():
        locked = lock_order(order.pk)
        if locked.status == Status.DRAFT:
            move_order(locked, Status.OPEN, now=now, actor=locked.buyer)


def call_off(*, order: Order, actor: "User", now: dt.datetime) -> Order:
    """Close an unpaid order for good, at Stripe first, so that nobody can pay it later; return it as it is.

    An order that turns out to be paid is reconciled instead. Raises NoCheckoutError when Stripe is away.
    """
    if order.is_by_invoice:
        return call_off_invoice(order=order, actor=actor, now=now)
    try:
        if order.status == Status.DRAFT and not order.stripe_checkout_session_id:
            # The answer to an earlier call may have been lost: get that checkout, so that it can be closed.
            open_checkout(order=order, now=now)
            order = Order.objects.get(pk=order.pk)
        if order.status not in (Status.DRAFT, Status.OPEN):
            return order
        if not order.stripe_checkout_session_id:
            raise NoCheckoutError
        try:
            stripe_gateway.expire_checkout(order.stripe_checkout_session_id)
        except StripeRefusedError:
            return reconcile_order(order=order, now=now)
    except StripeIsAwayError:
        raise NoCheckoutError from None
    return drop_order(order=order, now=now, actor=actor)
