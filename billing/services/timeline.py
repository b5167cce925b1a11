"""All that is known to have happened to one order, in one list."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from wagtail.log_actions import registry

from billing.models import Decision, Dispute, Order, OrderLine, PayerReminder, Refund, Reminder, StripeEvent

if TYPE_CHECKING:
    from accounts.models import User


class Moment(NamedTuple):
    """One thing that happened: when, what, by whom (None: by itself or at Stripe), and why."""

    at: dt.datetime
    what: str
    who: "User | None" = None
    why: str = ""
    amount_minor: int | None = None


def timeline_of(order: Order) -> list[Moment]:
    """Return what happened to an order, earliest first: states, mails, decisions, money, terms, rings."""
    tellers = (_states, _decisions, _money, _terms, _reminders, _payer_reminders, _events)
    return sorted((moment for tell in tellers for moment in tell(order)), key=lambda moment: moment.at)


def _states(order: Order) -> Iterator[Moment]:
    yield Moment(order.created_at, "Order begun", order.buyer)
    for entry in registry.get_logs_for_instance(order).select_related("user"):
        if entry.action == "billing.order.mail":
            yield Moment(entry.timestamp, f"Mail queued: {entry.data['message'].replace('_', ' ')}")
        else:
            status = entry.action.removeprefix("billing.order.")
            words = dict(Order.Status.choices).get(status, status)
            yield Moment(entry.timestamp, f"State: {words}", entry.user)


def _decisions(order: Order) -> Iterator[Moment]:
    for decision in Decision.objects.of_order(order).select_related("decided_by"):
        what = decision.get_kind_display()
        if decision.bank_reference:
            what = f"{what}, the bank calls it {decision.bank_reference}"
        yield Moment(decision.decided_at, what, decision.decided_by, decision.reason)


def _money(order: Order) -> Iterator[Moment]:
    for refund in Refund.objects.of_order(order).select_related("asked_by"):
        what = f"Refund begun, now: {refund.get_state_display().lower()}"
        if refund.is_by_bank:
            what = f"Refund by bank transfer of {refund.sent_on:%-d %B %Y}"
            what += "" if refund.counts else ", which came back"
        yield Moment(refund.created_at, what, refund.asked_by, refund.reason, refund.amount_minor)
    for dispute in Dispute.objects.of_order(order):
        what = f"Dispute opened, now: {dispute.stripe_status}"
        yield Moment(dispute.created_at, what, None, dispute.stripe_reason, dispute.amount_minor)


def _terms(order: Order) -> Iterator[Moment]:
    for line in OrderLine.objects.of_order(order).filter(term__isnull=False):
        term = line.term
        days = f"{term.starts_on:%-d %B %Y} to {term.last_day:%-d %B %Y}"
        what = f"“{line.title}” for {line.setting_name}" if order.is_for_many else f"“{line.title}”"
        yield Moment(term.created_at, f"Term of {what}: {days}")
        if term.suspended_at:
            yield Moment(term.suspended_at, f"Term on hold: {days}")
        if term.revoked_at:
            yield Moment(term.revoked_at, f"Term taken back: {days}")


def _reminders(order: Order) -> Iterator[Moment]:
    for reminder in Reminder.objects.of_order(order).select_related("user"):
        yield Moment(reminder.sent_at, f"Reminder, {reminder.days_before} days before the end", reminder.user)


def _payer_reminders(order: Order) -> Iterator[Moment]:
    told = [(one.sent_at, one.days_before, one.email) for one in PayerReminder.objects.of_order(order)]
    for sent_at, days_before, email in dict.fromkeys(told):  # one mail tells of many terms
        yield Moment(sent_at, f"Reminder to the payer, {days_before} days before the end: {email}")


def _events(order: Order) -> Iterator[Moment]:
    for event in StripeEvent.objects.of_order(order):
        yield Moment(event.received_at, f"Stripe rang: {event.type}")
