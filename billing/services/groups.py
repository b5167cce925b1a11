"""Renting for many settings in one order: the list that is typed, and from it to pay page or invoice."""

import datetime as dt
import logging
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from billing.mode import is_live
from billing.models import Order, OrderLine, Payer, PayerSetting, Product, SettingsList
from billing.services.checkout import BillingDetails, CannotRentError, describe_invoicing, open_checkout
from billing.services.group_offers import GroupOffer, OfferedLine, make_group_offer
from billing.services.invoices import open_invoice
from billing.settings_lists import Reading, read_list
from elearning.periods import london_day
from teams import services as teams

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("billing")

LIST_LIFE = dt.timedelta(days=30)


class ListChangedError(CannotRentError):
    """What was accepted is not what would be ordered now."""


# --- The list ---------------------------------------------------------------------------------------


def find_list(*, payer: Payer, product: Product) -> SettingsList:
    """Return what was typed so far; an unsaved empty list when nothing was."""
    found = SettingsList.objects.of(payer, product).first()
    return found or SettingsList(payer=payer, product=product)


def save_list(*, payer: Payer, product: Product, text: str, actor: "User", now: dt.datetime) -> Reading:
    """Keep what was typed, good or not, and return what it says. Choices about lines that are gone go."""
    reading = read_list(text)
    kept = find_list(payer=payer, product=product)
    keys = {row.key for row in reading.rows}
    SettingsList.objects.update_or_create(
        payer=payer,
        product=product,
        defaults={
            "text": text,
            "extended": [key for key in kept.extended if key in keys],
            "left_out": [key for key in kept.left_out if key in keys],
            "changed_at": now,
            "changed_by": actor,
        },
    )
    return reading


def save_choices(*, settings_list: SettingsList, choices: dict[str, str], now: dt.datetime) -> None:
    """Keep what was chosen for settings that rent this: by name key "extend", "leave_out" or nothing."""
    settings_list.extended = [key for key, choice in choices.items() if choice == "extend"]
    settings_list.left_out = [key for key, choice in choices.items() if choice == "leave_out"]
    settings_list.changed_at = now
    settings_list.save(update_fields=["extended", "left_out", "changed_at"])


def forget_old_lists(*, now: dt.datetime) -> int:
    """Delete lists that nobody went on with for 30 days: they hold addresses of people who know nothing."""
    deleted, _ = SettingsList.objects.untouched_since(now - LIST_LIFE).delete()
    return deleted


# --- From the list to the pay page, or to the invoice -----------------------------------------------


def begin_group_checkout(
    *, settings_list: SettingsList, buyer: "User", terms_version: str, total_minor: int, now: dt.datetime
) -> tuple[Order, str]:
    """Order what a list says and return the order with the address of its pay page.

    ``total_minor`` is the sum that the buyer saw; another sum now raises ListChangedError. Raises
    CannotRentError with words for the buyer, NoCheckoutError when Stripe is away: the order waits then.
    """
    order = create_group_order(
        settings_list=settings_list,
        buyer=buyer,
        terms_version=terms_version,
        total_minor=total_minor,
        now=now,
    )
    return order, open_checkout(order=order, now=now)


def begin_group_invoice(
    *,
    settings_list: SettingsList,
    buyer: "User",
    details: BillingDetails,
    terms_version: str,
    total_minor: int,
    now: dt.datetime,
) -> Order:
    """Order what a list says against one invoice, which goes to ``details``; return the order.

    While Stripe is away the order is kept, and the clock goes on with its invoice. Raises CannotRentError
    with words for the buyer, NoCheckoutError when Stripe refuses: then the order is called off.
    """
    order = create_group_order(
        settings_list=settings_list,
        buyer=buyer,
        terms_version=terms_version,
        total_minor=total_minor,
        now=now,
        details=details,
    )
    return open_invoice(order=order, now=now)


def create_group_order(
    *,
    settings_list: SettingsList,
    buyer: "User",
    terms_version: str,
    total_minor: int,
    now: dt.datetime,
    details: BillingDetails | None = None,
) -> Order:
    """Write an order with a line for each setting of a list. Raises CannotRentError.

    With ``details`` it is paid against an invoice. The list stays until the order is paid, so that nothing is
    lost when it is called off.
    """
    try:
        with transaction.atomic():
            locked = SettingsList.objects.select_for_update().filter(pk=settings_list.pk).first()
            if locked is None:
                raise ListChangedError("This list has been ordered already. Your orders show it.")
            offer = _refuse_changed(locked, buyer=buyer, total_minor=total_minor, day=london_day(now))
            order = _write_order(
                locked, offer, buyer=buyer, terms_version=terms_version, now=now, details=details
            )
            log.info(
                "group order begun", extra={"order": order.pk, "by": buyer.pk, "lines": len(offer.ordered)}
            )
            return order
    except IntegrityError:
        raise ListChangedError(
            "Somebody began to rent for one of these settings just now. Please look at the list again."
        ) from None


def _refuse_changed(
    settings_list: SettingsList, *, buyer: "User", total_minor: int, day: dt.date
) -> GroupOffer:
    """Return the offer of a locked list. Raises ListChangedError when it is not what the buyer saw."""
    reading = read_list(settings_list.text)
    offer = make_group_offer(settings_list=settings_list, rows=reading.rows, buyer=buyer, day=day)
    if not reading.is_good or offer.undecided or offer.total_minor != total_minor:
        raise ListChangedError("The list or its price has changed since you looked. Please check it again.")
    if not offer.ordered:
        raise CannotRentError("Nothing is left to order in this list.")
    return offer


def _write_order(
    settings_list: SettingsList,
    offer: GroupOffer,
    *,
    buyer: "User",
    terms_version: str,
    now: dt.datetime,
    details: BillingDetails | None,
) -> Order:
    payer, product = settings_list.payer, settings_list.product
    price, count = offer.price, len(offer.ordered)
    order = Order.objects.create(
        number=Order.objects.unused_number(),
        payer=payer,
        buyer=buyer,
        contact_email=payer.contact_email,
        currency=offer.currency,
        net_minor=price.net_minor * count,
        vat_minor=price.vat_minor * count,
        gross_minor=price.gross_minor * count,
        vat_mode=price.vat_mode,
        vat_rate_bp=price.vat_rate_bp,
        terms_version=terms_version,
        terms_accepted_at=now,
        terms_accepted_by=buyer,
        livemode=is_live(),
        created_at=now,
        **(describe_invoicing(details, now=now) if details else {}),
    )
    lines = []
    for line in offer.ordered:
        payer_setting = _know_setting(payer, line, now=now)
        lines.append(
            OrderLine(
                order=order,
                product=product,
                care_setting=payer_setting.care_setting,
                payer_setting=payer_setting,
                title=product.name,
                months=product.months,
                net_minor=price.net_minor,
                vat_minor=price.vat_minor,
                gross_minor=price.gross_minor,
            )
        )
    OrderLine.objects.bulk_create(lines)
    return order


def _know_setting(payer: Payer, line: OfferedLine, *, now: dt.datetime) -> PayerSetting:
    """Return the payer's row for a line's setting; a new name becomes an empty setting that waits."""
    row, known = line.row, line.payer_setting
    if known:
        if not known.claimed_at and known.manager_email != row.email:
            known.manager_email = row.email
            known.save(update_fields=["manager_email"])
        return known
    return PayerSetting.objects.create(
        payer=payer,
        care_setting=line.care_setting or teams.reserve_care_setting(name=row.name, kind=row.kind, now=now),
        name=row.name,
        kind=row.kind,
        manager_email=row.email,
        claimed_at=now if line.care_setting else None,
        created_at=now,
    )
