"""How papers are found."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from billing.models import Document, DocumentSeries, Order  # noqa: F401 - named in quotes


TAKE_NEXT = """
    INSERT INTO billing_documentseries (name, last_number) VALUES (%s, 1)
    ON CONFLICT (name) DO UPDATE SET last_number = billing_documentseries.last_number + 1
    RETURNING last_number
"""


class DocumentSeriesQuerySet(models.QuerySet["DocumentSeries"]):
    """Counters of papers."""

    def take_next(self, name: str) -> int:
        """Return the next number of a series and keep its row locked until the transaction ends.

        Whoever comes meanwhile waits, and a transaction that is rolled back gives its number back: so the
        series has no gap. A sequence of the database would leave one. Makes the series, counts and reads in
        one statement, which the ORM has no words for.
        """
        with connection.cursor() as cursor:
            cursor.execute(TAKE_NEXT, [name])
            return cursor.fetchone()[0]


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
