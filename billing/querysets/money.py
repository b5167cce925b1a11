"""How it is found what became of the money, and who decided."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Sum

if TYPE_CHECKING:
    from billing.models import Decision, Dispute, Order, Refund, SumCheck  # noqa: F401 - named in quotes


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

    def made(self) -> Self:
        """Without those that never came into being at Stripe, nor were sent by our bank."""
        return self.exclude(stripe_refund_id="", bank_reference="")

    def by_bank(self) -> Self:
        """Refunds that our own bank sent, past Stripe."""
        return self.exclude(bank_reference="")

    def by_stripe(self) -> Self:
        """Refunds that went, or are to go, through Stripe."""
        return self.filter(bank_reference="")

    def with_bank_reference(self, reference: str) -> Self:
        """The one that the bank names so, whatever its capitals."""
        return self.filter(bank_reference__iexact=reference)

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
        return self.by_stripe().filter(state="requested", stripe_refund_id="").order_by("created_at", "pk")


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


class SumCheckQuerySet(models.QuerySet["SumCheck"]):
    """Comparisons with Stripe."""

    def of_night(self, day: dt.date) -> Self:
        """The nightly check of one London day."""
        return self.filter(night_on=day)

    def newest_first(self) -> Self:
        """Newest first."""
        return self.order_by("-checked_at", "-pk")
