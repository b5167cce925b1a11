"""Who pays for many settings: an organisation, its people, and its settings as it knows them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from billing.models.products import Product
from billing.querysets import (
    PayerPersonQuerySet,
    PayerQuerySet,
    PayerSettingQuerySet,
    SettingsListQuerySet,
)
from teams.models import CareSetting, Invitation


class Payer(models.Model):
    """An organisation that rents for several settings: a nursery group, an authority. It sees no people."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("name of the organisation", max_length=120)
    address = models.TextField("address", max_length=400)
    contact_name = models.CharField("who looks after bills", max_length=80)
    contact_email = models.EmailField("where receipts and invoices go")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PayerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """The address of what it ordered."""
        return f"/billing/payers/{self.public_id}/"


class PayerPerson(models.Model):
    """Somebody who orders for a payer: who began it, or a colleague, known by a verified e-mail address."""

    payer = models.ForeignKey(Payer, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="payer_people"
    )
    email = models.EmailField(blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PayerPersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | (Q(user__isnull=True) & ~Q(email="")),
                name="billing_payer_person_is_known",
            ),
            models.UniqueConstraint(
                fields=["payer", "user"],
                condition=Q(user__isnull=False),
                name="billing_payer_person_once",
            ),
            models.UniqueConstraint(
                "payer", Lower("email"), condition=~Q(email=""), name="billing_payer_email_once"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk} of payer {self.payer_id}"


class PayerSetting(models.Model):
    """One setting as a payer knows it: by the name that the payer gave.

    While nobody has claimed it, ``care_setting`` is an empty one that waits for its manager. A manager who
    has a setting already may use the rental there, and ``care_setting`` is that one from then on; the payer
    goes on seeing the name that it typed.
    """

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="settings")
    care_setting = models.ForeignKey(CareSetting, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=CareSetting.Kind)
    manager_email = models.EmailField("manager's e-mail address")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PayerSettingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("payer", Lower("name"), name="billing_payer_setting_named_once"),
        ]

    def __str__(self) -> str:
        return f"setting {self.pk} of payer {self.payer_id}"


class SettingsList(models.Model):
    """What somebody typed who is about to rent for many settings: kept until the order is begun."""

    payer = models.ForeignKey(Payer, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    left_out = models.JSONField(default=list, help_text="Names of settings that rent it and are left out.")
    extended = models.JSONField(default=list, help_text="Names of settings whose rental is to go on.")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SettingsListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payer", "product"], name="billing_settings_list_once"),
        ]

    def __str__(self) -> str:
        return f"list {self.pk} of payer {self.payer_id}"
