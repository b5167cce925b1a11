"""Whether the sums here are Stripe's: one row for each time that it was checked."""

from django.db import models
from django.utils import timezone

from billing.querysets import SumCheckQuerySet


class SumCheck(models.Model):
    """One comparison of our orders with Stripe's payments. Amounts are in minor units.

    ``sums`` holds for each currency what was paid, given back and disputed, ours and Stripe's;
    ``differences`` each order that differs, as {"order", "number", "payment", "what", "currency", "ours",
    "stripes"}; checks from before orders had numbers are without "number".
    """

    checked_at = models.DateTimeField(default=timezone.now, editable=False)
    since = models.DateTimeField(help_text="Payments from this moment on were compared.")
    night_on = models.DateField(
        null=True, unique=True, help_text="The London day of a nightly check; empty: asked for by hand."
    )
    livemode = models.BooleanField()
    compared = models.PositiveIntegerField(help_text="How many orders were compared.")
    sums = models.JSONField(default=dict)
    differences = models.JSONField(default=list)

    objects = SumCheckQuerySet.as_manager()

    def __str__(self) -> str:
        return f"sum check {self.pk}"

    @property
    def sum_rows(self) -> list[dict]:
        """The sums as rows: currency, what, ours, Stripe's, and ours less Stripe's."""
        return [
            {"currency": currency, "what": what, "ours": ours, "stripes": stripes, "more": ours - stripes}
            for currency, by_what in sorted(self.sums.items())
            for what, (ours, stripes) in by_what.items()
        ]
