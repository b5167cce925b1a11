"""Who bought what, for which setting, and what Stripe said about it."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from billing.models.payers import Payer, PayerSetting
from billing.models.products import Product
from billing.order_numbers import WRITTEN_LENGTH, new_order_number
from billing.querysets import OrderLineQuerySet, OrderQuerySet, StripeEventQuerySet
from teams.models import CareSetting


class VatMode(models.TextChoices):
    """How prices relate to VAT; with NONE no document mentions it."""

    NONE = "none", "No VAT"
    INCLUSIVE = "inclusive", "Prices include VAT"
    EXCLUSIVE = "exclusive", "VAT is added"


def unique_when_set(field: str) -> models.UniqueConstraint:
    """One Stripe object belongs to one order."""
    return models.UniqueConstraint(fields=[field], condition=~Q(**{field: ""}), name=f"billing_order_{field}")


class Order(models.Model):
    """One purchase, by one setting for itself or by a payer for many.

    Its prices are a snapshot: a later change of a product's price never touches it.

    Never holds card data, client secrets or what Stripe sent: ids, amounts, states, times and who clicked.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Being prepared"
        OPEN = "open", "Waiting for payment"
        PROCESSING = "processing", "Payment on its way"
        FULFILLED = "fulfilled", "Paid"
        EXPIRED = "expired", "Lapsed without payment"
        CANCELLED = "cancelled", "Called off"
        FAILED = "failed", "Payment failed"
        REVIEW = "review", "Being looked at by our staff"
        PARTLY_REFUNDED = "partly_refunded", "Partly refunded"
        REFUNDED = "refunded", "Refunded"
        DISPUTED = "disputed", "Payment disputed"
        CHARGED_BACK = "charged_back", "Payment taken back"

    class Method(models.TextChoices):
        CHECKOUT = "checkout", "Card or Direct Debit"
        INVOICE = "invoice", "Invoice"

    # While an order is in one of these, nobody else can begin another for the same setting and product.
    LIVE_STATUSES = (Status.DRAFT, Status.OPEN, Status.PROCESSING)

    # What was paid for, whatever became of the money afterwards.
    PAID_STATUSES = (
        Status.FULFILLED,
        Status.PARTLY_REFUNDED,
        Status.REFUNDED,
        Status.DISPUTED,
        Status.CHARGED_BACK,
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(
        max_length=WRITTEN_LENGTH, unique=True, default=new_order_number, editable=False
    )
    care_setting = models.ForeignKey(
        CareSetting, null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    payer = models.ForeignKey(Payer, null=True, blank=True, on_delete=models.PROTECT, related_name="orders")
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="orders"
    )
    contact_email = models.EmailField("where the receipt goes", blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    review_reason = models.CharField(max_length=200, blank=True)
    method = models.CharField(max_length=10, choices=Method, default=Method.CHECKOUT)

    # Only with an invoice: to whom it goes, and by when it is to be paid.
    po_number = models.CharField("purchase order number", max_length=60, blank=True)
    billing_name = models.CharField(max_length=120, blank=True)
    billing_email = models.EmailField(blank=True)
    billing_address = models.TextField(max_length=400, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text="The last day for paying, in London.")
    overdue_at = models.DateTimeField(
        null=True, editable=False, help_text="When people were told that the day for paying is past."
    )

    version = models.PositiveIntegerField(
        default=0, help_text="Counts applied answers of Stripe, so that an older answer never wins."
    )
    attempt = models.PositiveSmallIntegerField(default=1, help_text="Part of the idempotency key.")

    currency = models.CharField(max_length=3)
    net_minor = models.PositiveIntegerField()
    vat_minor = models.PositiveIntegerField(default=0)
    gross_minor = models.PositiveIntegerField()
    vat_mode = models.CharField(max_length=10, choices=VatMode, default=VatMode.NONE)
    vat_rate_bp = models.PositiveSmallIntegerField(
        default=0, help_text="In basis points: 2,000 are 20 per cent."
    )
    discount_minor = models.PositiveIntegerField(default=0)
    paid_minor = models.PositiveIntegerField(default=0)
    refunded_minor = models.PositiveIntegerField(default=0)
    received_minor = models.PositiveIntegerField(
        default=0, help_text="What came for an invoice that is not paid in full."
    )
    surplus_minor = models.PositiveIntegerField(
        default=0, help_text="What came beyond an invoice: it lies in the customer's balance at Stripe."
    )
    off_stripe_minor = models.PositiveIntegerField(
        default=0, help_text="What of the paid sum came past Stripe, to the provider's own bank account."
    )
    paid_with = models.CharField(max_length=40, blank=True, help_text="Stripe's word: card, bacs_debit …")

    terms_version = models.CharField(max_length=20)
    terms_accepted_at = models.DateTimeField()
    terms_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    livemode = models.BooleanField()
    stripe_checkout_session_id = models.CharField(max_length=255, blank=True)
    stripe_payment_intent_id = models.CharField(max_length=255, blank=True)
    stripe_invoice_id = models.CharField(max_length=255, blank=True)
    stripe_customer_id = models.CharField(max_length=255, blank=True)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    processing_at = models.DateTimeField(null=True, editable=False)
    paid_at = models.DateTimeField(
        null=True, editable=False, help_text="When we first learned that its money is certain."
    )
    fulfilled_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    reconciled_at = models.DateTimeField(null=True, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        permissions = [("run_order_desk", "Can find orders, give money back and grant rentals")]
        constraints = [
            models.CheckConstraint(
                condition=Q(care_setting__isnull=False, payer__isnull=True)
                | Q(care_setting__isnull=True, payer__isnull=False),
                name="billing_order_has_one_customer",
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("vat_minor")), name="billing_order_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__lte=F("paid_minor")), name="billing_order_refunded_at_most_paid"
            ),
            models.CheckConstraint(
                condition=~Q(vat_mode=VatMode.NONE) | Q(vat_minor=0), name="billing_order_no_vat_without_mode"
            ),
            models.CheckConstraint(
                condition=~Q(method="invoice") | (~Q(billing_email="") & Q(due_on__isnull=False)),
                name="billing_order_invoice_has_a_receiver",
            ),
            models.CheckConstraint(
                condition=Q(vat_mode=VatMode.NONE, vat_rate_bp=0)
                | (~Q(vat_mode=VatMode.NONE) & Q(vat_rate_bp__gte=1)),
                name="billing_order_vat_has_a_rate",
            ),
            unique_when_set("stripe_checkout_session_id"),
            unique_when_set("stripe_payment_intent_id"),
            unique_when_set("stripe_invoice_id"),
        ]
        indexes = [
            models.Index(fields=["status", "created_at"], name="billing_order_by_status"),
            models.Index(fields=["care_setting", "-created_at"], name="billing_order_by_setting"),
            models.Index(fields=["payer", "-created_at"], name="billing_order_by_payer"),
        ]

    def __str__(self) -> str:
        return f"order {self.pk}"

    @property
    def customer(self) -> CareSetting | Payer:
        """Who ordered: a setting for itself, or a payer for many. Both have a name and an address."""
        return self.payer or self.care_setting  # type: ignore[return-value] # the database holds it

    @property
    def is_for_many(self) -> bool:
        """Whether a payer ordered it."""
        return self.payer_id is not None

    @property
    def orders_path(self) -> str:
        """The address of the list that it stands in."""
        return self.payer.path if self.payer else f"{self.care_setting.home_path}rentals/"

    @property
    def path(self) -> str:
        """The address of the order for those who ordered it."""
        return f"{self.orders_path}{'orders/' if self.payer_id else ''}{self.public_id}/"

    @property
    def is_live(self) -> bool:
        """Whether it may still be paid, or is being paid."""
        return self.status in self.LIVE_STATUSES

    @property
    def was_paid(self) -> bool:
        """Whether it was paid and its terms were written, whatever became of the money afterwards."""
        return self.status in self.PAID_STATUSES

    @property
    def is_by_invoice(self) -> bool:
        """Whether it is paid against an invoice, and not on a pay page."""
        return self.method == self.Method.INVOICE

    @property
    def paper_key(self) -> str:
        """What opens the invoice's paper without an account. Nobody can make it without SECRET_KEY."""
        return salted_hmac("billing.invoice", str(self.public_id), algorithm="sha256").hexdigest()[:32]

    @property
    def remaining_minor(self) -> int:
        """What of an unpaid order is still to come, in minor units."""
        return max(self.gross_minor - self.received_minor, 0)

    def is_overdue_on(self, day: dt.date) -> bool:
        """Whether, on a London ``day``, the last day for paying its invoice is past."""
        return self.due_on is not None and day > self.due_on

    @property
    def kept_minor(self) -> int:
        """What was paid and not given back, in minor units."""
        return self.paid_minor - self.refunded_minor

    @property
    def idempotency_key(self) -> str:
        """Stripe does the same request with the same key only once."""
        return f"order-{self.public_id}-{self.attempt}"


class OrderLine(models.Model):
    """One product for one setting within an order; once paid it has exactly one term."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="order_lines")
    care_setting = models.ForeignKey(CareSetting, on_delete=models.PROTECT, related_name="order_lines")
    payer_setting = models.ForeignKey(
        PayerSetting, null=True, blank=True, on_delete=models.PROTECT, related_name="lines"
    )
    title = models.CharField(max_length=120)
    months = models.PositiveSmallIntegerField()
    net_minor = models.PositiveIntegerField()
    vat_minor = models.PositiveIntegerField(default=0)
    gross_minor = models.PositiveIntegerField()
    is_live = models.BooleanField(
        default=True, editable=False, help_text="Follows the order's state, in the same transaction."
    )

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["care_setting", "product"],
                condition=Q(is_live=True),
                name="billing_order_line_one_live",
            ),
            models.UniqueConstraint(
                fields=["order", "care_setting", "product"], name="billing_order_line_once_per_order"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("vat_minor")), name="billing_order_line_adds_up"
            ),
            models.CheckConstraint(condition=Q(months__gte=1), name="billing_order_line_lasts"),
        ]

    def __str__(self) -> str:
        return f"order line {self.pk}"

    @property
    def setting_name(self) -> str:
        """What the customer calls the setting: a payer never learns another name than it gave."""
        return self.payer_setting.name if self.payer_setting else self.care_setting.name


class StripeEvent(models.Model):
    """A delivery of Stripe's that was understood. Only a hash of its body is kept."""

    id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(max_length=100)
    livemode = models.BooleanField()
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    order = models.ForeignKey(Order, null=True, on_delete=models.SET_NULL, related_name="+")
    body_sha256 = models.CharField(max_length=64)

    objects = StripeEventQuerySet.as_manager()

    def __str__(self) -> str:
        return self.id
