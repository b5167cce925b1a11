"""Papers about an order: invoice, receipt, credit note, debit note. Numbered without a gap, never changed."""

from django.db import models
from django.db.models import F, Q

from billing.models.money import Dispute, Refund
from billing.models.orders import Order
from billing.querysets import DocumentQuerySet, DocumentSeriesQuerySet


class DocumentSeries(models.Model):
    """How far the numbers of one series have come. Its row is locked while a paper is issued."""

    name = models.CharField(primary_key=True, max_length=20)
    last_number = models.PositiveIntegerField(default=0)

    objects = DocumentSeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "document series"

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """One paper as it was issued. All it says stands in ``snapshot``, so that later changes never reach it.

    The database refuses to change or delete a row. A credit note is about a refund, a lost dispute, or an
    invoice that was called off; a debit note takes a credit note back, because its money did not go after
    all.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        RECEIPT = "receipt", "Receipt"
        CREDIT_NOTE = "credit_note", "Credit note"
        DEBIT_NOTE = "debit_note", "Debit note"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=11, choices=Kind)
    number = models.CharField(max_length=30, unique=True)
    issued_at = models.DateTimeField()
    livemode = models.BooleanField()
    currency = models.CharField(max_length=3)
    net_minor = models.PositiveIntegerField()
    vat_minor = models.PositiveIntegerField()
    gross_minor = models.PositiveIntegerField()
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by", editable=False
    )
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="documents")
    dispute = models.ForeignKey(Dispute, null=True, on_delete=models.PROTECT, related_name="documents")
    snapshot = models.JSONField(editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                condition=Q(kind__in=["invoice", "receipt"]),
                name="billing_document_once_per_order",
            ),
            models.UniqueConstraint(
                fields=["refund", "kind"],
                condition=Q(refund__isnull=False),
                name="billing_document_once_per_refund",
            ),
            models.UniqueConstraint(
                fields=["dispute", "kind"],
                condition=Q(dispute__isnull=False),
                name="billing_document_once_per_dispute",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(kind="credit_note", refund__isnull=True, dispute__isnull=True),
                name="billing_document_called_off_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["invoice", "receipt"], corrects__isnull=True)
                | Q(kind__in=["credit_note", "debit_note"], corrects__isnull=False),
                name="billing_document_corrects_another",
            ),
            models.CheckConstraint(
                condition=Q(refund__isnull=True, dispute__isnull=True)
                | (
                    Q(kind__in=["credit_note", "debit_note"])
                    & (Q(refund__isnull=True) | Q(dispute__isnull=True))
                ),
                name="billing_document_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("vat_minor")), name="billing_document_adds_up"
            ),
        ]
        indexes = [models.Index(fields=["kind", "issued_at"], name="billing_document_by_kind")]

    def __str__(self) -> str:
        return self.number

    @property
    def path(self) -> str:
        """The address of its PDF for those who ordered, below that of the order."""
        return f"{self.order.path}documents/{self.number}.pdf"

    @property
    def is_correction(self) -> bool:
        """Whether it changes what an earlier paper said."""
        return self.kind in (self.Kind.CREDIT_NOTE, self.Kind.DEBIT_NOTE)
