"""How those who pay for many settings are found."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models

from billing.querysets.orders import orders_for

if TYPE_CHECKING:
    from accounts.models import User
    from billing.models import (  # noqa: F401 - named in quotes
        Order,
        Payer,
        PayerPerson,
        PayerReminder,
        PayerReminderStop,
        PayerSetting,
        Product,
        SettingsList,
        Term,
    )
    from teams.models import Invitation


class PayerQuerySet(models.QuerySet["Payer"]):
    """Organisations that pay for many settings."""

    def visible_to(self, user: "User") -> Self:
        """Payers for which the person orders: as who began it, or by an address that they have verified."""
        return self.filter(orders_for(user)).distinct()

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


class PayerReminderQuerySet(models.QuerySet["PayerReminder"]):
    """Mails to payers before the end of terms."""

    def of_terms(self, terms: "Iterable[Term]") -> Self:
        """Reminders about these terms."""
        return self.filter(term__in=[term.pk for term in terms])

    def of_order(self, order: "Order") -> Self:
        """Reminders about the terms that one order paid for, first sent first."""
        return self.filter(term__order_line__order_id=order.pk).order_by("sent_at", "pk")


class PayerReminderStopQuerySet(models.QuerySet["PayerReminderStop"]):
    """Addresses that want no reminders about a payer's settings."""

    def of_address(self, payer_id: int, email: str) -> Self:
        """Whether one address wants none about one payer's settings."""
        return self.filter(payer_id=payer_id, email__iexact=email)

    def about(self, payer_ids: Iterable[int]) -> Self:
        """Who wants none about the settings of these payers."""
        return self.filter(payer_id__in=list(payer_ids))


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
