"""What became of the money of a paid order: given back, or taken back by a bank; and who decided what."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from billing.models.orders import Order
from billing.querysets import DecisionQuerySet, DisputeQuerySet, RefundQuerySet


class Refund(models.Model):
    """One refund: asked for here by staff, or made at Stripe and found there, or sent by our own bank.

    A refund that is asked for here is written before Stripe is called, and counts from then on. Money that
    came past Stripe goes back past it: staff write down what the bank has sent, and it is given back then;
    should the transfer come back, they write that down too, and the refund has failed.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", "Asked for"
        PENDING = "pending", "On its way"
        SUCCEEDED = "succeeded", "Given back"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Called off"

    COUNTING_STATES = (State.REQUESTED, State.PENDING, State.SUCCEEDED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    stripe_refund_id = models.CharField(max_length=255, blank=True)
    amount_minor = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    reason = models.CharField(max_length=300)
    bank_reference = models.CharField(
        max_length=120, blank=True, help_text="How the provider's bank names a transfer; else it is Stripe's."
    )
    sent_on = models.DateField(null=True, blank=True, help_text="The London day of that transfer.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=1), name="billing_refund_has_an_amount"),
            models.CheckConstraint(condition=~Q(reason=""), name="billing_refund_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(stripe_refund_id="") | Q(asked_by__isnull=False),
                name="billing_refund_is_asked_or_found",
            ),
            models.UniqueConstraint(
                fields=["stripe_refund_id"], condition=~Q(stripe_refund_id=""), name="billing_refund_once"
            ),
            models.CheckConstraint(
                condition=Q(bank_reference="", sent_on__isnull=True)
                | (~Q(bank_reference="") & Q(sent_on__isnull=False, stripe_refund_id="")),
                name="billing_refund_goes_one_way",
            ),
            # One that came back is often sent again under the same reference.
            models.UniqueConstraint(
                "order",
                Lower("bank_reference"),
                condition=~Q(bank_reference="") & Q(state__in=("requested", "pending", "succeeded")),
                name="billing_refund_transfer_once",
            ),
        ]

    def __str__(self) -> str:
        return f"refund {self.pk}"

    @property
    def idempotency_key(self) -> str:
        """Stripe gives the money of one refund back only once."""
        return f"refund-{self.public_id}"

    @property
    def is_by_bank(self) -> bool:
        """Whether our own bank sent it, past Stripe."""
        return self.bank_reference != ""

    @property
    def counts(self) -> bool:
        """Whether its money is given back, or on its way."""
        return self.state in self.COUNTING_STATES


class Dispute(models.Model):
    """A payer's bank that asks for the money back, as Stripe last described it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="disputes")
    stripe_dispute_id = models.CharField(max_length=255, unique=True)
    amount_minor = models.PositiveIntegerField()
    stripe_status = models.CharField(max_length=40)
    stripe_reason = models.CharField(max_length=60, blank=True)
    is_withdrawn = models.BooleanField(default=False, help_text="Whether the bank has the money now.")
    answer_by = models.DateTimeField(null=True, help_text="Until when Stripe takes our answer.")
    withdrawn_at = models.DateTimeField(null=True, help_text="When the bank took the money.")
    reinstated_at = models.DateTimeField(null=True, help_text="When the bank gave it back.")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DisputeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"dispute {self.pk}"


class Decision(models.Model):
    """What a person of the provider's staff decided about an order, and why. Never changed afterwards."""

    class Kind(models.TextChoices):
        REFUND = "refund", "Gave money back"
        EXTEND = "extend", "Added the paid time after what is rented already"
        FULFIL = "fulfil", "Opened what was paid for"
        RECONCILE = "reconcile", "Asked Stripe"
        MARK_PAID = "mark_paid", "Marked the invoice as paid past Stripe"
        MEANWHILE = "meanwhile", "Opened it until the invoice is paid"
        VOID = "void", "Voided the invoice"
        SENT_BACK = "sent_back", "Recorded a refund by bank transfer"
        CAME_BACK = "came_back", "Recorded that a refund by bank transfer came back"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=300, blank=True)
    bank_reference = models.CharField(
        max_length=120, blank=True, help_text="How the provider's bank names money that came past Stripe."
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reconcile") | ~Q(reason=""), name="billing_decision_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("mark_paid", "sent_back", "came_back")) | ~Q(bank_reference=""),
                name="billing_decision_names_the_money",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"
