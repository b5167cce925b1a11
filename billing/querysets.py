"""How products, rentals and terms are found."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User
    from teams.models import CareSetting


class ProductQuerySet(models.QuerySet["Product"]):
    def on_sale(self) -> Self:
        """What can be rented now."""
        return self.filter(is_on_sale=True)

    def cheapest_first(self) -> Self:
        """In the order of a price list."""
        return self.order_by("price_minor", "pk")


class RentalQuerySet(models.QuerySet["Rental"]):
    def for_care_setting(self, care_setting: "CareSetting") -> Self:
        """What one setting rents or rented."""
        return self.filter(care_setting_id=care_setting.pk)


class TermQuerySet(models.QuerySet["Term"]):
    def unrevoked(self) -> Self:
        """Terms that were not taken back."""
        return self.filter(revoked_at__isnull=True)

    def live_on(self, day: dt.date) -> Self:
        """Terms that give access on a London ``day``."""
        return self.unrevoked().filter(starts_on__lte=day, ends_on__gt=day)

    def for_member(self, user: "User") -> Self:
        """Terms of settings in which the person works now."""
        return self.filter(
            rental__care_setting__memberships__user_id=user.pk,
            rental__care_setting__memberships__left_at__isnull=True,
        )
