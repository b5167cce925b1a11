"""How purchases are found."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower

from billing.order_numbers import new_order_number, read_order_number

if TYPE_CHECKING:
    from accounts.models import User
    from billing.models import (  # noqa: F401 - named in quotes
        Order,
        OrderLine,
        Payer,
        PayerSetting,
        Product,
        StripeEvent,
    )
    from teams.models import CareSetting


def orders_for(user: "User", prefix: str = "") -> Q:
    """Payers for which a person orders: as who began it, or by an address that they have verified."""
    verified = EmailAddress.objects.filter(user_id=user.pk, verified=True).values(small=Lower("email"))
    return Q(**{f"{prefix}people__user_id": user.pk}) | Q(**{f"{prefix}people__email__in": verified})


class OrderQuerySet(models.QuerySet["Order"]):
    """Purchases."""

    def visible_to(self, user: "User") -> Self:
        """Orders of settings where the person works now (a policy says who may look), and of their payers."""
        works_there = Q(
            care_setting__memberships__user_id=user.pk, care_setting__memberships__left_at__isnull=True
        )
        return self.filter(works_there | orders_for(user, "payer__")).distinct()

    def for_care_setting(self, care_setting: "CareSetting") -> Self:
        """The orders that one setting placed."""
        return self.filter(care_setting_id=care_setting.pk)

    def for_payer(self, payer: "Payer") -> Self:
        """The orders that one payer placed."""
        return self.filter(payer_id=payer.pk)

    def of_payer_setting(self, payer_setting: "PayerSetting") -> Self:
        """The orders in which a payer ordered for one of its settings."""
        return self.filter(pk__in=payer_setting.lines.values("order_id"))

    def with_line_counts(self) -> Self:
        """With the number of settings that each is for, as ``line_count``, in the same statement."""
        return self.annotate(line_count=Count("lines"))

    def with_customer(self) -> Self:
        """With whoever ordered, in the same statement."""
        return self.select_related("care_setting", "payer")

    def with_people(self) -> Self:
        """With whoever ordered, and the person who did it, in the same statement."""
        return self.with_customer().select_related("buyer")

    def worth_showing(self) -> Self:
        """Without those that were dropped before anything could be paid."""
        return self.exclude(status="cancelled", stripe_checkout_session_id="", stripe_invoice_id="")

    def newest_first(self) -> Self:
        """Newest first."""
        return self.order_by("-created_at", "-pk")

    def oldest_first(self) -> Self:
        """Who waited longest comes first."""
        return self.order_by("created_at", "pk")

    def live(self) -> Self:
        """May still be paid, or are being paid."""
        return self.filter(status__in=self.model.LIVE_STATUSES)

    def waiting_for_stripe(self) -> Self:
        """Orders about which Stripe may have news: those with a checkout or an invoice that is out."""
        asked = self.live().exclude(stripe_checkout_session_id="", stripe_invoice_id="")
        return asked.exclude(status="draft", method="invoice")

    def except_invoices_asked_since(self, moment: dt.datetime) -> Self:
        """Without orders by invoice about which Stripe was asked after ``moment``: they wait for weeks."""
        return self.exclude(method="invoice", reconciled_at__gt=moment)

    def drafts_before(self, moment: dt.datetime) -> Self:
        """Checkouts that never reached Stripe, or whose answer was lost, begun before ``moment``."""
        drafts = self.filter(status="draft", method="checkout", stripe_checkout_session_id="")
        return drafts.filter(created_at__lt=moment)

    def invoices_being_made(self) -> Self:
        """Orders by invoice whose invoice is not out yet, because Stripe was away or an answer was lost."""
        return self.filter(status="draft", method="invoice")

    def by_invoice(self) -> Self:
        """Orders that are paid against an invoice."""
        return self.filter(method="invoice")

    def marked_as_paid(self) -> Self:
        """Unpaid orders by invoice that staff have marked as paid, and Stripe does not know yet."""
        return self.filter(status__in=("open", "expired"), decisions__kind="mark_paid").distinct()

    def with_surplus(self) -> Self:
        """Orders for which more came than was owed."""
        return self.filter(surplus_minor__gt=0)

    def overdue_on(self, day: dt.date) -> Self:
        """Open invoices whose last day for paying is before a London ``day``."""
        return self.filter(status="open", method="invoice", due_on__lt=day)

    def processing_since_before(self, moment: dt.datetime) -> Self:
        """Payments that have been on their way since before ``moment``."""
        return self.filter(status="processing", processing_at__lt=moment)

    def under_review(self) -> Self:
        """Orders that staff must look at."""
        return self.filter(status="review")

    def with_money_on_its_way_back(self) -> Self:
        """Paid orders about which Stripe may have news: disputed ones, and refunds that are not through."""
        moving = Q(status="disputed") | Q(refunds__state__in=("requested", "pending"))
        return self.filter(moving).exclude(stripe_payment_intent_id="").distinct()

    def found_by(self, text: str) -> Self:
        """Orders that a setting's name, an e-mail address, an order number or an id of Stripe's leads to."""
        matches = (
            Q(care_setting__name__icontains=text)
            | Q(care_setting__slug=text)
            | Q(payer__name__icontains=text)
            | Q(lines__payer_setting__name__icontains=text)
            | Q(lines__payer_setting__manager_email__icontains=text)
            | Q(contact_email__icontains=text)
            | Q(buyer__email__icontains=text)
            | Q(stripe_checkout_session_id=text)
            | Q(stripe_payment_intent_id=text)
            | Q(stripe_customer_id=text)
            | Q(stripe_invoice_id=text)
            | Q(po_number__iexact=text)
            | Q(documents__number__iexact=text)
            | Q(billing_email__icontains=text)
            | Q(decisions__bank_reference__iexact=text)
            | Q(refunds__stripe_refund_id=text)
            | Q(refunds__bank_reference__iexact=text)
            | Q(disputes__stripe_dispute_id=text)
        )
        if text.isascii() and text.isdecimal() and len(text) < 10:
            matches |= Q(pk=int(text))
        with contextlib.suppress(ValueError):  # most words are no order number
            matches |= Q(public_id=uuid.UUID(text))
        if number := read_order_number(text):
            matches |= Q(number=number)
        return self.filter(matches).distinct()

    def numbered(self, text: str) -> Self:
        """The order whose number somebody typed, in any case, with or without its dash; else none."""
        number = read_order_number(text)
        return self.filter(number=number) if number else self.none()

    def unused_number(self) -> str:
        """A number for a new order that none has so far; the constraint has the last word."""
        number = new_order_number()
        while self.filter(number=number).exists():
            number = new_order_number()
        return number

    def with_reference(self, reference: str) -> Self:
        """The order that a checkout's client_reference_id names; none for what is no order's id."""
        try:
            return self.filter(public_id=uuid.UUID(reference))
        except ValueError:
            return self.none()

    def of_mode(self, *, is_live: bool) -> Self:
        """Orders for real money, or those for practice."""
        return self.filter(livemode=is_live)

    def paid_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Orders whose payment became certain in [since, until), earliest first."""
        return self.filter(paid_at__gte=since, paid_at__lt=until).order_by("paid_at", "pk")

    def to_compare(self, payment_intent_ids: Iterable[str], *, since: dt.datetime) -> Self:
        """Orders of these payments, and all that were paid since ``since``."""
        return self.filter(
            Q(stripe_payment_intent_id__in=list(payment_intent_ids)) | Q(paid_at__gte=since)
        ).order_by("pk")

    def of_customer(self, customer_id: str) -> Self:
        """The orders of one customer at Stripe; none for an empty id."""
        return self.filter(stripe_customer_id=customer_id).exclude(stripe_customer_id="")

    def of_checkout(self, session_id: str) -> Self:
        """The order of one Checkout Session."""
        return self.filter(stripe_checkout_session_id=session_id)

    def of_payment(self, payment_intent_id: str) -> Self:
        """The order of one PaymentIntent."""
        return self.filter(stripe_payment_intent_id=payment_intent_id)

    def of_invoice(self, invoice_id: str) -> Self:
        """The order of one invoice of Stripe's."""
        return self.filter(stripe_invoice_id=invoice_id)

    def of_invoice_customer(self, customer_id: str) -> Self:
        """The order by invoice for which a customer was made; each has one of its own."""
        return self.filter(method="invoice", stripe_customer_id=customer_id)


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    """Single things bought."""

    def live(self) -> Self:
        """Lines of orders that may still be paid, or are being paid."""
        return self.filter(is_live=True)

    def ordered_by_settings(self) -> Self:
        """Lines that a setting ordered for itself."""
        return self.filter(order__payer__isnull=True)

    def ordered_by_payers(self) -> Self:
        """Lines that somebody ordered who pays for several settings."""
        return self.filter(order__payer__isnull=False).select_related("order__payer")

    def for_rental_of(self, *, care_setting: "CareSetting", product: "Product") -> Self:
        """Lines about one product for one setting."""
        return self.filter(care_setting_id=care_setting.pk, product_id=product.pk)

    def of_product(self, product: "Product") -> Self:
        """Lines about one product, for whichever setting."""
        return self.filter(product_id=product.pk)

    def under_review(self) -> Self:
        """Lines whose order staff must look at."""
        return self.filter(order__status="review")

    def of_order(self, order: "Order") -> Self:
        """The lines of one order, as they were written down, with what a page tells of them."""
        return (
            self.filter(order_id=order.pk)
            .select_related("product", "term", "care_setting", "payer_setting__invitation")
            .order_by("pk")
        )

    def with_settings_and_terms(self) -> Self:
        """As they were written down, with what each is for and has paid for, in the same statement."""
        return self.select_related("care_setting", "payer_setting", "term").order_by("pk")

    def of_payer(self, payer: "Payer") -> Self:
        """Every line that one payer ordered."""
        return self.filter(order__payer_id=payer.pk)

    def about(self, *, care_setting_ids: Iterable[int], product: "Product") -> Self:
        """Lines about one product for any of these settings."""
        return self.filter(care_setting_id__in=list(care_setting_ids), product_id=product.pk)

    def of_payer_setting(self, payer_setting: "PayerSetting") -> Self:
        """What a payer ordered for one of its settings, earliest first."""
        return self.filter(payer_setting_id=payer_setting.pk).order_by("pk")

    def opened(self) -> Self:
        """Lines that have a term which was not taken back."""
        return self.filter(term__isnull=False, term__revoked_at__isnull=True)


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    """Deliveries of Stripe's."""

    def of_order(self, order: "Order") -> Self:
        """Deliveries that rang about one order, in time."""
        return self.filter(order_id=order.pk).order_by("received_at", "pk")

    def processed(self) -> Self:
        """Deliveries that have had their effect."""
        return self.filter(processed_at__isnull=False)
