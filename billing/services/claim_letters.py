"""Letters with which the manager of a setting takes over what somebody else paid for."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log as audit

from billing import emails
from billing.models import Order, OrderLine, PayerSetting, SettingsList
from teams import services as teams

if TYPE_CHECKING:
    from accounts.models import User


class CannotSendLetterError(Exception):
    """A letter is not sent; the text is fit to show."""


def begin_settings_of(order: Order, *, now: dt.datetime) -> None:
    """Write to the managers of the settings of an order that opened, and that have not begun.

    Once it is paid, also drop the list it came from: one that staff opened before may still be called off.
    Runs inside the caller's transaction. A manager whose letter still works gets no second one, unless the
    payer now gives another address.
    """
    if not order.is_for_many:
        return
    if order.was_paid:
        SettingsList.objects.ordered_with(order).delete()
    for one in PayerSetting.objects.of_order(order).unclaimed().select_related("invitation", "care_setting"):
        letter = one.invitation
        if letter is None or not letter.is_open_at(now) or letter.email != one.manager_email:
            _send(one, actor=order.buyer, now=now)


@transaction.atomic
def send_letter(
    *, payer_setting: PayerSetting, email: str, actor: "User | None", now: dt.datetime
) -> PayerSetting:
    """Send the manager of a setting a new link, to ``email``; earlier links stop working.

    ``actor`` is None when a manager whose link ran out asks for it. Raises CannotSendLetterError.
    """
    found = PayerSetting.objects.select_for_update().get(pk=payer_setting.pk)
    if found.claimed_at:
        raise CannotSendLetterError("This setting has begun already.")
    if not OrderLine.objects.of_payer_setting(found).opened().exists():
        raise CannotSendLetterError("Nothing is paid for this setting now.")
    found.manager_email = email.strip().lower()
    _send(found, actor=actor, now=now)
    audit(found.payer, "billing.payer.letter_sent", user=actor, data={"setting": found.pk})
    return found


def _send(payer_setting: PayerSetting, *, actor: "User | None", now: dt.datetime) -> None:
    payer_setting.invitation = teams.invite_owner(
        care_setting=payer_setting.care_setting,
        email=payer_setting.manager_email,
        invited_by=actor,
        now=now,
    )
    payer_setting.save(update_fields=["invitation", "manager_email"])
    emails.send_claim_letter(payer_setting)
