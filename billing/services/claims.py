"""A manager takes over what somebody else paid for: as a new setting, or for one that they manage already."""

import datetime as dt
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from billing.models import Order, OrderLine, PayerSetting, Rental, Term
from billing.services.reconcile import lock_order
from elearning.periods import next_period
from teams import services as teams

if TYPE_CHECKING:
    from accounts.models import User
    from teams.models import CareSetting, Invitation

log = logging.getLogger("billing")


class CannotClaimError(Exception):
    """What was paid for cannot be taken over so; the text is fit to show."""


class ClaimOverError(CannotClaimError):
    """The link was used, replaced or ran out, or the money was given back."""


def what_waits(payer_setting: PayerSetting) -> list[OrderLine]:
    """Return the lines that a manager takes over with a setting, with their terms."""
    lines = OrderLine.objects.of_payer_setting(payer_setting).opened()
    return list(lines.select_related("term", "product", "order"))


@transaction.atomic
def claim_as_new(
    *, payer_setting: PayerSetting, user: "User", now: dt.datetime, **details: Any
) -> "CareSetting":
    """Open the setting that waited; the manager owns it. ``details`` are what a setting says of itself.

    Its terms stay as they are. Raises ClaimOverError.
    """
    found, letter = _lock(payer_setting)
    try:
        care_setting = teams.open_care_setting(invitation=letter, user=user, now=now, **details)
    except teams.InvitationOver:
        raise ClaimOverError from None
    found.claimed_at = now
    found.save(update_fields=["claimed_at"])
    log.info("setting claimed", extra={"setting": care_setting.pk, "by": user.pk})
    return care_setting


@transaction.atomic
def claim_for(
    *, payer_setting: PayerSetting, care_setting: "CareSetting", user: "User", now: dt.datetime
) -> "CareSetting":
    """Move what was paid for to a setting that ``user`` manages (a policy has said so).

    Where it rents the same on some of the days, the paid months follow its last day instead, so that none is
    lost. Raises ClaimOverError, or CannotClaimError with words for the manager.
    """
    found, letter = _lock(payer_setting)
    try:
        teams.use_owner_letter(invitation=letter, user=user, now=now)
        with transaction.atomic():
            _move(found, care_setting)
    except teams.InvitationOver:
        raise ClaimOverError from None
    except IntegrityError:
        raise CannotClaimError(
            f"{care_setting.name} has an order of its own for this, or a line in the same one. "
            "Open the new setting instead, or write to us."
        ) from None
    found.care_setting, found.claimed_at = care_setting, now
    found.save(update_fields=["care_setting", "claimed_at"])
    log.info("rental moved", extra={"setting": care_setting.pk, "by": user.pk})
    return care_setting


def _lock(payer_setting: PayerSetting) -> tuple[PayerSetting, "Invitation"]:
    """Lock the orders of a setting, then itself, with its letter. Raises ClaimOverError."""
    orders = Order.objects.of_payer_setting(payer_setting).oldest_first()
    for order_id in orders.values_list("pk", flat=True):
        lock_order(order_id)
    found = PayerSetting.objects.select_for_update().get(pk=payer_setting.pk)
    letter = found.invitation
    if letter is None or letter.pk != payer_setting.invitation_id or not what_waits(found):
        raise ClaimOverError
    return found, letter


def _move(payer_setting: PayerSetting, care_setting: "CareSetting") -> None:
    """Give the lines of a setting, and their terms, to another one."""
    lines = OrderLine.objects.of_payer_setting(payer_setting)
    terms = list(
        Term.objects.of_payer_setting(payer_setting).select_related("rental", "order_line").in_time()
    )
    rentals = _lock_rentals(terms, care_setting)
    lines.update(care_setting=care_setting)
    for term in terms:
        rental = rentals[term.rental.product_id]
        others = rental.terms.unrevoked().in_time()
        latest, line = others.last(), term.order_line
        is_taken = others.overlapping(term.starts_on, term.ends_on).exists()
        if latest and line and is_taken and not term.revoked_at:
            term.starts_on, term.ends_on, term.anchor_on = next_period(
                ends_on=latest.ends_on, anchor=latest.anchor, months=line.months
            )
        term.rental = rental
        term.save(update_fields=["rental", "starts_on", "ends_on", "anchor_on"])


def _lock_rentals(terms: Iterable[Term], care_setting: "CareSetting") -> dict[int, Rental]:
    """Lock the rentals that terms leave and those they go to, by id; return the latter by product.

    Those that are missing are made in the order in which ``fulfilment.make_rentals`` makes them.
    """
    wanted = {
        product_id: Rental.objects.get_or_create(care_setting=care_setting, product_id=product_id)[0]
        for product_id in sorted({term.rental.product_id for term in terms})
    }
    ids = {rental.pk for rental in wanted.values()} | {term.rental_id for term in terms}
    locked = {rental.pk: rental for rental in Rental.objects.select_for_update().with_ids(ids).in_id_order()}
    return {product_id: locked[rental.pk] for product_id, rental in wanted.items()}
