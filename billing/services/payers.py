"""Organisations that pay for many settings, and who orders for them."""

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from django.db import IntegrityError, transaction
from wagtail.log_actions import log as audit

from billing import emails
from billing.models import Order, OrderLine, Payer, PayerPerson, PayerSetting

if TYPE_CHECKING:
    from accounts.models import User

MOST_PEOPLE = 20


class CannotAddPersonError(Exception):
    """A colleague is not added; the text is fit to show."""


@transaction.atomic
def create_payer(
    *, name: str, address: str, contact_name: str, contact_email: str, actor: "User", now: dt.datetime
) -> Payer:
    """Write down an organisation that pays; ``actor`` orders for it from now on."""
    payer = Payer.objects.create(
        name=name, address=address, contact_name=contact_name, contact_email=contact_email, created_at=now
    )
    PayerPerson.objects.create(payer=payer, user=actor, created_at=now)
    audit(payer, "billing.payer.created", user=actor)
    return payer


@transaction.atomic
def edit_payer(
    *, payer: Payer, name: str, address: str, contact_name: str, contact_email: str, actor: "User"
) -> Payer:
    """Change what a payer says of itself; orders that were begun keep their own."""
    payer.name, payer.address = name, address
    payer.contact_name, payer.contact_email = contact_name, contact_email
    payer.save(update_fields=["name", "address", "contact_name", "contact_email"])
    audit(payer, "billing.payer.edited", user=actor)
    return payer


@transaction.atomic
def add_person(*, payer: Payer, email: str, actor: "User", now: dt.datetime) -> PayerPerson:
    """Let a colleague order for a payer, and write to them; whoever verified the address is meant.

    Whether somebody has an account with it is not looked at and not told. Raises CannotAddPersonError.
    """
    Payer.objects.select_for_update().get(pk=payer.pk)
    people = PayerPerson.objects.of_payer(payer)
    if people.count() >= MOST_PEOPLE:
        raise CannotAddPersonError(f"{MOST_PEOPLE} people order for you already. Take one off first.")
    try:
        with transaction.atomic():
            person = PayerPerson.objects.create(
                payer=payer, email=email.strip().lower(), added_by=actor, created_at=now
            )
    except IntegrityError:
        raise CannotAddPersonError("This address is in the list already.") from None
    emails.tell_payer_person(person)
    audit(payer, "billing.payer.person_added", user=actor)
    return person


@transaction.atomic
def remove_person(*, person: PayerPerson, actor: "User") -> None:
    """Take a colleague who was added by their address off a payer, from the next request on."""
    PayerPerson.objects.colleagues().filter(pk=person.pk).delete()
    audit(person.payer, "billing.payer.person_removed", user=actor)


class SettingOverview(NamedTuple):
    """One setting as its payer may see it: what was paid for it, and whether it has begun. No people."""

    setting: PayerSetting
    lines: list[OrderLine]

    @property
    def started_on(self) -> dt.datetime | None:
        """When its manager took it over; None while nobody has."""
        return self.setting.claimed_at


class PayerOverview(NamedTuple):
    """All that a payer may see: its orders and its settings."""

    orders: list[Order]
    settings: list[SettingOverview]

    @property
    def started(self) -> int:
        """How many of the settings have begun."""
        return sum(one.started_on is not None for one in self.settings)


def overview_of(payer: Payer) -> PayerOverview:
    """Return what a payer ordered and which of its settings have begun: three statements for 2 as for 200."""
    lines: dict[int, list[OrderLine]] = {}
    for line in OrderLine.objects.of_payer(payer).opened().select_related("term", "product").order_by("pk"):
        lines.setdefault(line.payer_setting_id or 0, []).append(line)
    settings = PayerSetting.objects.of_payer(payer).select_related("invitation").by_name()
    return PayerOverview(
        orders=list(Order.objects.for_payer(payer).worth_showing().with_line_counts().newest_first()),
        settings=[SettingOverview(one, lines[one.pk]) for one in settings if one.pk in lines],
    )
