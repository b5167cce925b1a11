"""How products, orders, rentals and terms are found."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Lower

from billing.mode import is_live

if TYPE_CHECKING:
    from accounts.models import User
    from billing.models import (  # noqa: F401 - some are only named in quotes below
        Decision,
        Dispute,
        Document,
        DocumentSeries,
        Order,
        OrderLine,
        Payer,
        PayerPerson,
        PayerSetting,
        Product,
        ProductChange,
        Refund,
        Reminder,
        ReminderStop,
        Rental,
        SettingsList,
        StripeEvent,
        SumCheck,
        Term,
    )
    from teams.models import CareSetting, Invitation


def _orders_for(user: "User", prefix: str = "") -> Q:
    """Payers for which a person orders: as who began it, or by an address that they have verified."""
    verified = EmailAddress.objects.filter(user_id=user.pk, verified=True).values(small=Lower("email"))
    return Q(**{f"{prefix}people__user_id": user.pk}) | Q(**{f"{prefix}people__email__in": verified})


class ProductQuerySet(models.QuerySet["Product"]):
    """What is sold."""

    def on_sale(self) -> Self:
        """What can be rented now."""
        return self.filter(is_on_sale=True)

    def with_address(self, slug: str) -> Self:
        """The product at this address."""
        return self.filter(slug=slug)

    def cheapest_first(self) -> Self:
        """In the order of a price list."""
        return self.order_by("price_minor", "pk")


class ProductChangeQuerySet(models.QuerySet["ProductChange"]):
    """What staff changed about products."""

    def of_product(self, product: "Product") -> Self:
        """Changes of one product, newest first."""
        return self.filter(product_id=product.pk).order_by("-changed_at", "-pk")


class OrderQuerySet(models.QuerySet["Order"]):
    """Purchases."""

    def visible_to(self, user: "User") -> Self:
        """Orders of settings where the person works now (a policy says who may look), and of their payers."""
        works_there = Q(
            care_setting__memberships__user_id=user.pk, care_setting__memberships__left_at__isnull=True
        )
        return self.filter(works_there | _orders_for(user, "payer__")).distinct()

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
            | Q(disputes__stripe_dispute_id=text)
        )
        if text.isascii() and text.isdecimal() and len(text) < 10:
            matches |= Q(pk=int(text))
        with contextlib.suppress(ValueError):  # most words are no order number
            matches |= Q(public_id=uuid.UUID(text))
        return self.filter(matches).distinct()

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


class RefundQuerySet(models.QuerySet["Refund"]):
    """Money given back."""

    def of_order(self, order: "Order") -> Self:
        """Refunds of one order, first asked first."""
        return self.filter(order_id=order.pk).order_by("created_at", "pk")

    def counting(self) -> Self:
        """Refunds whose money is given back, on its way, or asked for."""
        return self.filter(state__in=self.model.COUNTING_STATES)

    def of_mode(self, *, is_live: bool) -> Self:
        """Refunds of real money, or those of practice payments."""
        return self.filter(order__livemode=is_live)

    def with_order(self) -> Self:
        """With the order and its customer, in the same statement."""
        return self.select_related("order__care_setting", "order__payer")

    def known_to_stripe(self) -> Self:
        """Without those that never came into being at Stripe."""
        return self.exclude(stripe_refund_id="")

    def begun_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Refunds begun in [since, until), whatever became of them."""
        return self.filter(created_at__gte=since, created_at__lt=until)

    def failed_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Refunds of which it was learned in [since, until) that they did not arrive."""
        return self.filter(state__in=("failed", "cancelled"), changed_at__gte=since, changed_at__lt=until)

    def total_minor(self) -> int:
        """Their sum in minor units."""
        return self.aggregate(total=Sum("amount_minor"))["total"] or 0

    def not_yet_at_stripe(self) -> Self:
        """Refunds asked for here whose answer has not come."""
        return self.filter(state="requested", stripe_refund_id="").order_by("created_at", "pk")


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Banks that ask for money back."""

    def of_order(self, order: "Order") -> Self:
        """Disputes of one order, first opened first."""
        return self.filter(order_id=order.pk).order_by("created_at", "pk")

    def of_mode(self, *, is_live: bool) -> Self:
        """Disputes about real money, or those about practice payments."""
        return self.filter(order__livemode=is_live)

    def with_order(self) -> Self:
        """With the order and its customer, in the same statement."""
        return self.select_related("order__care_setting", "order__payer")

    def withdrawn(self) -> Self:
        """Disputes whose money the bank has now."""
        return self.filter(is_withdrawn=True)

    def total_minor(self) -> int:
        """Their sum in minor units."""
        return self.aggregate(total=Sum("amount_minor"))["total"] or 0

    def withdrawn_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Disputes for which the bank took the money in [since, until)."""
        return self.filter(withdrawn_at__gte=since, withdrawn_at__lt=until)

    def reinstated_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Disputes for which the bank gave the money back in [since, until)."""
        return self.filter(reinstated_at__gte=since, reinstated_at__lt=until)


class DecisionQuerySet(models.QuerySet["Decision"]):
    """What staff decided."""

    def of_order(self, order: "Order") -> Self:
        """Decisions about one order, first made first."""
        return self.filter(order_id=order.pk).order_by("decided_at", "pk")

    def of_kind(self, kind: str) -> Self:
        """Decisions of one kind."""
        return self.filter(kind=kind)


class DocumentSeriesQuerySet(models.QuerySet["DocumentSeries"]):
    """Counters of papers."""

    def take_next(self, name: str) -> int:
        """Return the next number of a series and keep its row locked until the transaction ends.

        Whoever comes meanwhile waits, and a transaction that is rolled back gives its number back: so the
        series has no gap. A sequence of the database would leave one.
        """
        self.get_or_create(name=name)
        self.filter(name=name).update(last_number=F("last_number") + 1)
        return self.get(name=name).last_number


class DocumentQuerySet(models.QuerySet["Document"]):
    """Papers about orders."""

    def of_order(self, order: "Order") -> Self:
        """Papers of one order, first issued first."""
        return self.filter(order_id=order.pk).in_time()

    def of_kind(self, kind: str) -> Self:
        """Papers of one kind."""
        return self.filter(kind=kind)

    def for_download(self, *, slug: str, public_id: uuid.UUID) -> Self:
        """Papers of one order, named as in its address: by the setting that placed it, and the order."""
        return self.filter(order__care_setting__slug=slug, order__public_id=public_id)

    def for_download_by_payer(self, *, payer_id: uuid.UUID, public_id: uuid.UUID) -> Self:
        """Papers of one order, named as in its address: by the payer that placed it, and the order."""
        return self.filter(order__payer__public_id=payer_id, order__public_id=public_id)

    def with_addresses(self) -> Self:
        """Each with what its address is made of, in the same query."""
        return self.select_related("order__care_setting", "order__payer")

    def with_vat_between(self, since: dt.datetime, until: dt.datetime, *, is_live: bool) -> Self:
        """Papers of [since, until) that count for VAT: a receipt after an invoice says the same once more."""
        invoiced = self.model.objects.filter(order=OuterRef("order"), kind="invoice")
        papers = self.filter(issued_at__gte=since, issued_at__lt=until, livemode=is_live, vat_minor__gt=0)
        return papers.exclude(Q(kind="receipt") & Exists(invoiced)).order_by("issued_at", "pk")

    def basic(self) -> Self:
        """The papers that others correct: an invoice, or else a receipt."""
        return self.filter(kind__in=("invoice", "receipt")).order_by("kind")

    def corrections(self) -> Self:
        """Credit notes, and debit notes that take one back."""
        return self.filter(kind__in=("credit_note", "debit_note"))

    def about(self, *, refund_id: int | None, dispute_id: int | None) -> Self:
        """Papers about one refund, one dispute, or neither."""
        return self.filter(refund_id=refund_id, dispute_id=dispute_id)

    def in_time(self) -> Self:
        """First issued first; papers of one moment in the order in which they were made."""
        return self.order_by("issued_at", "pk")


class RentalQuerySet(models.QuerySet["Rental"]):
    """What settings rent over the years."""

    def for_care_setting(self, care_setting: "CareSetting") -> Self:
        """What one setting rents or rented."""
        return self.filter(care_setting_id=care_setting.pk)

    def in_id_order(self, ids: Iterable[int]) -> Self:
        """These rentals, in the order in which they are locked."""
        return self.filter(pk__in=list(ids)).order_by("pk")


class TermQuerySet(models.QuerySet["Term"]):
    """Paid or granted stretches of rentals."""

    def unrevoked(self) -> Self:
        """Terms that were not taken back."""
        return self.filter(revoked_at__isnull=True)

    def in_force(self) -> Self:
        """Unrevoked terms that are not on hold."""
        return self.unrevoked().filter(suspended_at__isnull=True)

    def overlapping(self, starts_on: dt.date, ends_on: dt.date) -> Self:
        """Terms that share a day with [starts_on, ends_on)."""
        return self.filter(starts_on__lt=ends_on, ends_on__gt=starts_on)

    def of_order(self, order: "Order") -> Self:
        """Terms that one order paid for."""
        return self.filter(order_line__order_id=order.pk)

    def of_payer_setting(self, payer_setting: "PayerSetting") -> Self:
        """Terms that a payer paid for, for one of its settings."""
        return self.filter(order_line__payer_setting_id=payer_setting.pk)

    def provisional(self) -> Self:
        """Terms that staff opened until an invoice is paid."""
        return self.filter(is_provisional=True)

    def pretended(self) -> Self:
        """Terms that were paid for without real money."""
        return self.filter(is_pretend=True)

    def counting(self) -> Self:
        """Unrevoked terms that count here: on a live site, pretend money opens nothing."""
        terms = self.unrevoked()
        return terms.filter(is_pretend=False) if is_live() else terms

    def live_on(self, day: dt.date) -> Self:
        """Terms that run on a London ``day``: what was paid for, without grace and not on hold."""
        return self.counting().in_force().filter(starts_on__lte=day, ends_on__gt=day)

    def opening_on(self, day: dt.date) -> Self:
        """Terms that open lessons on a London ``day``: those that run, and those within the days of grace.

        For BILLING_GRACE_DAYS after its last day a term still opens everything, to everyone, so that a team
        finishes what it has begun; managers see a banner meanwhile. A revoked term has no grace, and a
        term on hold opens nothing.
        """
        grace = dt.timedelta(days=settings.BILLING_GRACE_DAYS)
        return self.counting().in_force().filter(starts_on__lte=day, ends_on__gt=day - grace)

    def of_care_setting(self, care_setting: "CareSetting") -> Self:
        """Terms of everything that one setting rents or rented."""
        return self.filter(rental__care_setting_id=care_setting.pk)

    def for_rental_of(self, *, care_setting: "CareSetting", product: "Product") -> Self:
        """Terms of one product for one setting."""
        return self.filter(rental__care_setting_id=care_setting.pk, rental__product_id=product.pk)

    def about(self, *, care_setting_ids: Iterable[int], product: "Product") -> Self:
        """Terms of one product for any of these settings."""
        return self.filter(
            rental__care_setting_id__in=list(care_setting_ids), rental__product_id=product.pk
        ).select_related("rental")

    def of_others_paid_since(self, moment: dt.datetime, *, order: "Order") -> Self:
        """Terms that another order paid for after ``moment``."""
        return self.filter(Q(created_at__gte=moment), order_line__isnull=False).exclude(
            order_line__order_id=order.pk
        )

    def starting_after(self, day: dt.date) -> Self:
        """Terms that lie ahead."""
        return self.filter(starts_on__gt=day)

    def ending_within(self, days: int, *, after: dt.date) -> Self:
        """Terms that run on the London day ``after`` and have their last day at most ``days`` later."""
        latest = after + dt.timedelta(days=days + 1)
        return self.filter(starts_on__lte=after, ends_on__gt=after, ends_on__lte=latest)

    def not_renewed(self) -> Self:
        """Terms that no other follows, and for whose renewal no payment, invoice or decision is under way."""
        later = self.model.objects.counting().filter(
            rental=OuterRef("rental"), starts_on__gt=OuterRef("starts_on")
        )
        lines = apps.get_model("billing", "OrderLine").objects
        paying = lines.filter(
            care_setting=OuterRef("rental__care_setting"),
            product=OuterRef("rental__product"),
        ).filter(
            Q(order__status__in=("processing", "review")) | Q(order__status="open", order__method="invoice")
        )
        return self.filter(~Exists(later), ~Exists(paying))

    def by_rental(self) -> Self:
        """Rental after rental, each one's earliest first."""
        return self.order_by("rental_id", "starts_on", "pk")

    def granted(self) -> Self:
        """Terms that staff gave without payment."""
        return self.filter(granted_by__isnull=False, order_line__isnull=True)

    def given_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Terms written in [since, until)."""
        return self.filter(created_at__gte=since, created_at__lt=until)

    def taken_back_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Granted terms that staff took back in [since, until)."""
        return self.filter(taken_back__taken_back_at__gte=since, taken_back__taken_back_at__lt=until)

    def starting_between(self, first_day: dt.date, until_day: dt.date) -> Self:
        """Terms whose first day is in [first_day, until_day), in time."""
        return self.filter(starts_on__gte=first_day, starts_on__lt=until_day).order_by("starts_on", "pk")

    def ending_between(self, first_day: dt.date, until_day: dt.date) -> Self:
        """Terms whose last day is in [first_day, until_day), in time."""
        return self.filter(ends_on__gt=first_day, ends_on__lte=until_day).order_by("ends_on", "pk")

    def with_all_about_it(self) -> Self:
        """With setting, product, and who gave it and took it back, in the same statement."""
        return self.select_related(
            "rental__care_setting", "rental__product", "granted_by", "taken_back__taken_back_by"
        )

    def newest_first(self) -> Self:
        """What was given last comes first."""
        return self.order_by("-created_at", "-pk")

    def in_time(self) -> Self:
        """Earliest first."""
        return self.order_by("starts_on", "pk")


class PayerQuerySet(models.QuerySet["Payer"]):
    """Organisations that pay for many settings."""

    def visible_to(self, user: "User") -> Self:
        """Payers for which the person orders: as who began it, or by an address that they have verified."""
        return self.filter(_orders_for(user)).distinct()

    def by_name(self) -> Self:
        """In the order people look for them."""
        return self.order_by("name", "pk")


class PayerPersonQuerySet(models.QuerySet["PayerPerson"]):
    """Who orders for payers."""

    def of_payer(self, payer: "Payer") -> Self:
        """Who orders for one payer; who began it comes first."""
        return self.filter(payer_id=payer.pk).select_related("user").order_by("pk")

    def with_email(self, email: str) -> Self:
        """Whoever was added by this address, whatever its capitals."""
        return self.filter(email__iexact=email)

    def colleagues(self) -> Self:
        """Those who were added by their address, and can be taken off again."""
        return self.filter(user__isnull=True)


class PayerSettingQuerySet(models.QuerySet["PayerSetting"]):
    """Settings as payers know them."""

    def of_payer(self, payer: "Payer") -> Self:
        """The settings of one payer."""
        return self.filter(payer_id=payer.pk)

    def unclaimed(self) -> Self:
        """Those whose manager has not come yet."""
        return self.filter(claimed_at__isnull=True)

    def of_order(self, order: "Order") -> Self:
        """The settings for which one order is."""
        return self.filter(lines__order_id=order.pk).order_by("pk")

    def of_invitation(self, invitation: "Invitation") -> Self:
        """The one whose manager got this letter."""
        return self.filter(invitation_id=invitation.pk).select_related("payer", "care_setting", "invitation")

    def paid_for(self) -> Self:
        """Those for which something was paid that still stands."""
        return self.filter(lines__term__isnull=False, lines__term__revoked_at__isnull=True).distinct()

    def by_name(self) -> Self:
        """In the order people look for them."""
        return self.order_by("name", "pk")


class SettingsListQuerySet(models.QuerySet["SettingsList"]):
    """What is being typed."""

    def of(self, payer: "Payer", product: "Product") -> Self:
        """The list of one payer for one product."""
        return self.filter(payer_id=payer.pk, product_id=product.pk)

    def ordered_with(self, order: "Order") -> Self:
        """The list from which an order was made, unless somebody has typed another since."""
        return self.filter(
            payer_id=order.payer_id,
            product_id__in=order.lines.values("product_id"),
            changed_at__lte=order.created_at,
        )

    def untouched_since(self, moment: dt.datetime) -> Self:
        """Lists that nobody went on with."""
        return self.filter(changed_at__lt=moment)


class SumCheckQuerySet(models.QuerySet["SumCheck"]):
    """Comparisons with Stripe."""

    def of_night(self, day: dt.date) -> Self:
        """The nightly check of one London day."""
        return self.filter(night_on=day)

    def newest_first(self) -> Self:
        """Newest first."""
        return self.order_by("-checked_at", "-pk")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Mails before the end of a term."""

    def of_terms(self, terms: "Iterable[Term]") -> Self:
        """Reminders about these terms."""
        return self.filter(term__in=[term.pk for term in terms])

    def of_order(self, order: "Order") -> Self:
        """Reminders about the terms that one order paid for, first sent first."""
        return self.filter(term__order_line__order_id=order.pk).order_by("sent_at", "pk")


class ReminderStopQuerySet(models.QuerySet["ReminderStop"]):
    """Who wants no reminders."""

    def of_person(self, user_id: int, *, care_setting_id: int) -> Self:
        """Whether one person wants none about one setting."""
        return self.filter(user_id=user_id, care_setting_id=care_setting_id)

    def about(self, care_setting_ids: Iterable[int]) -> Self:
        """Who wants none about these settings."""
        return self.filter(care_setting_id__in=list(care_setting_ids))
