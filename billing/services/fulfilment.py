"""What a paid order gives: terms, on the right days, never twice."""

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings

from billing.mode import is_live
from billing.models import Order, OrderLine, Rental, Term
from elearning.periods import add_months, london_day, next_period

if TYPE_CHECKING:
    from accounts.models import User


class CannotFulfilError(Exception):
    """Money came, but giving a term for it needs a person's decision."""


def write_terms(order: Order, *, now: dt.datetime, is_extension: bool = False) -> list[Term]:
    """Write one term for each line of a locked order. Runs inside the caller's transaction.

    Raises CannotFulfilError, having written nothing, when another order was paid for the same thing meanwhile
    or a term already lies ahead; with ``is_extension``, which staff decide, the new term follows those.
    A line whose term was taken back gets that one again, on new days; one that staff opened until it is paid
    keeps its days.
    """
    lines = list(order.lines.select_related("payer_setting").order_by("care_setting_id", "product_id"))
    rentals = {line.pk: lock_rental(line) for line in lines}
    opened = {term.order_line_id: term for term in Term.objects.of_order(order).provisional().unrevoked()}
    planned = [
        opened.get(line.pk)
        or plan_term(line, rentals[line.pk], order=order, now=now, is_extension=is_extension)
        for line in lines
    ]
    earlier = dict(Term.objects.of_order(order).values_list("order_line_id", "pk"))
    for term in planned:
        term.pk = earlier.get(term.order_line_id or 0)
        term.is_provisional, term.granted_by, term.grant_reason = False, None, ""
        term.save()
    return planned


def write_provisional_terms(order: Order, *, reason: str, actor: "User", now: dt.datetime) -> list[Term]:
    """Write the terms that a locked, unpaid order would get, open until it is paid or its time is over.

    Runs inside the caller's transaction. Raises CannotFulfilError as ``write_terms`` does.
    """
    lines = list(order.lines.order_by("care_setting_id", "product_id"))
    rentals = {line.pk: lock_rental(line) for line in lines}
    planned = [plan_term(line, rentals[line.pk], order=order, now=now) for line in lines]
    earlier = dict(Term.objects.of_order(order).values_list("order_line_id", "pk"))
    for term in planned:
        term.pk = earlier.get(term.order_line_id or 0)
        term.is_provisional, term.granted_by, term.grant_reason = True, actor, reason
        term.save()
    return planned


def lock_rental(line: OrderLine) -> Rental:
    """Return the rental that a line is about, made if need be, with its row locked."""
    rental, _ = Rental.objects.get_or_create(care_setting_id=line.care_setting_id, product_id=line.product_id)
    return Rental.objects.select_for_update().get(pk=rental.pk)


def plan_term(
    line: OrderLine, rental: Rental, *, order: Order, now: dt.datetime, is_extension: bool = False
) -> Term:
    """Return the unsaved term that a line pays for, when it is paid ``now``, which is a day in London."""
    day = london_day(now)
    if is_live():
        rental.terms.unrevoked().pretended().update(revoked_at=now)
    terms = list(rental.terms.unrevoked().in_time())
    if (
        not is_extension
        and rental.terms.unrevoked().of_others_paid_since(order.created_at, order=order).exists()
    ):
        raise CannotFulfilError(f"Another order was paid for the same thing meanwhile{_for_whom(line)}.")
    if not is_extension and any(term.starts_on > day for term in terms):
        raise CannotFulfilError(f"A paid year already lies ahead{_for_whom(line)}.")
    starts_on, ends_on, anchor_on = choose_period(terms[-1] if terms else None, day=day, months=line.months)
    return Term(
        rental=rental,
        order_line=line,
        starts_on=starts_on,
        ends_on=ends_on,
        anchor_on=anchor_on,
        is_pretend=not order.livemode,
        created_at=now,
    )


def _for_whom(line: OrderLine) -> str:
    """Which of many settings a refusal is about; nothing where an order is for one."""
    return f": {line.payer_setting.name[:60]}" if line.payer_setting else ""


def choose_period(latest: Term | None, *, day: dt.date, months: int) -> tuple[dt.date, dt.date, dt.date]:
    """Return (starts_on, ends_on, anchor_on) of a term paid for on the London ``day``.

    While the latest term runs, or is in grace, the new one follows it without a gap; afterwards it starts
    today.
    """
    if latest and day < latest.ends_on + dt.timedelta(days=settings.BILLING_GRACE_DAYS):
        return next_period(ends_on=latest.ends_on, anchor=latest.anchor, months=months)
    return day, add_months(day, months), day
