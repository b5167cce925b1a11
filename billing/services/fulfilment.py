"""What a paid order gives: terms, on the right days, never twice."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings

from billing.mode import is_live
from billing.models import Order, OrderLine, Rental, Term
from billing.services.lines import lines_in_hand, term_of
from elearning.periods import add_months, london_day, next_period

if TYPE_CHECKING:
    from accounts.models import User


class CannotFulfilError(Exception):
    """Money came, but giving a term for it needs a person's decision."""


def write_terms(order: Order, *, now: dt.datetime, is_extension: bool = False) -> list[Term]:
    """Write one term for each line of a locked order. Runs inside the caller's transaction.

    Raises CannotFulfilError, having written no term, when another order was paid for the same thing meanwhile
    or a term already lies ahead; with ``is_extension``, which staff decide, the new term follows those.
    A line whose term was taken back gets that one again, on new days; one that staff opened until it is paid
    keeps its days.
    """
    lines = lines_in_hand(order)
    earlier = [term for line in lines if (term := term_of(line))]
    opened = [term for term in earlier if term.is_provisional and not term.revoked_at]
    kept = {term.order_line_id for term in opened}
    new = [line for line in lines if line.pk not in kept]
    terms = opened + plan_terms(order, new, now=now, is_extension=is_extension)
    for term in terms:
        term.is_provisional, term.granted_by, term.grant_reason = False, None, ""
    _save_terms(lines, terms)
    return terms


def write_provisional_terms(order: Order, *, reason: str, actor: "User", now: dt.datetime) -> list[Term]:
    """Write the terms that a locked, unpaid order would get, open until it is paid or its time is over.

    Runs inside the caller's transaction. Raises CannotFulfilError as ``write_terms`` does.
    """
    lines = lines_in_hand(order)
    terms = plan_terms(order, lines, now=now)
    for term in terms:
        term.is_provisional, term.granted_by, term.grant_reason = True, actor, reason
    _save_terms(lines, terms)
    return terms


def _save_terms(lines: list[OrderLine], terms: list[Term]) -> None:
    """Write terms, each over the one that its line has already, in as many statements for many as for one."""
    by_id = {line.pk: line for line in lines}
    earlier = {line.pk: term.pk for line in lines if (term := term_of(line))}
    for term in terms:
        term.pk = earlier.get(term.order_line_id or 0)
    Term.objects.bulk_create([term for term in terms if term.pk is None])
    again = [term for term in terms if term.order_line_id in earlier]
    if again:
        Term.objects.bulk_update(again, [field.name for field in Term._meta.concrete_fields[1:]])
    for term in terms:
        by_id[term.order_line_id or 0].term = term


def lock_rentals(order: Order) -> dict[tuple[int, int], Rental]:
    """Lock the rentals that a locked order is about, by id; return them by setting's and product's id."""
    rentals = Rental.objects.select_for_update().of_order(order).in_id_order()
    return {(rental.care_setting_id, rental.product_id): rental for rental in rentals}


def make_rentals(lines: Iterable[OrderLine]) -> None:
    """Make the rentals that lines are about where there are none yet.

    Always in the same order, so that two orders which wait for each other's never wait in a circle.
    """
    wanted = sorted({(line.care_setting_id, line.product_id) for line in lines})
    Rental.objects.bulk_create(
        [Rental(care_setting_id=setting_id, product_id=product_id) for setting_id, product_id in wanted],
        ignore_conflicts=True,
    )


def plan_terms(
    order: Order, lines: list[OrderLine], *, now: dt.datetime, is_extension: bool = False
) -> list[Term]:
    """Lock the rentals of a locked order; return the unsaved terms that ``lines``, some or all of its own,
    pay for when they are paid ``now``.

    Raises CannotFulfilError as ``write_terms`` does.
    """
    make_rentals(lines)
    rentals = lock_rentals(order)
    taken = terms_of(rentals.values(), now=now)
    planned = []
    for line in lines:
        rental = rentals[line.care_setting_id, line.product_id]
        if not is_extension:
            refuse_second_payment(line, taken[rental.pk], order=order, day=london_day(now))
        planned.append(plan_term(line, rental, taken[rental.pk], order=order, now=now))
    return planned


def terms_of(rentals: Iterable[Rental], *, now: dt.datetime) -> dict[int, list[Term]]:
    """Return the unrevoked terms of locked rentals, earliest first, by the rental's id.

    On a live site pretend money makes room for real money: its terms are taken back.
    """
    taken: dict[int, list[Term]] = defaultdict(list)
    pretended = []
    for term in Term.objects.of_rentals(rentals).unrevoked().in_time():
        if term.is_pretend and is_live():
            pretended.append(term.pk)
        else:
            taken[term.rental_id].append(term)
    if pretended:
        Term.objects.filter(pk__in=pretended).update(revoked_at=now)
    return taken


def refuse_second_payment(line: OrderLine, taken: list[Term], *, order: Order, day: dt.date) -> None:
    """Raises CannotFulfilError when another order was paid since this one was begun, or a term lies ahead."""
    others = [term for term in taken if term.order_line_id and term.order_line_id != line.pk]
    if any(term.created_at >= order.created_at for term in others):
        raise CannotFulfilError(f"Another order was paid for the same thing meanwhile{_for_whom(line)}.")
    if any(term.starts_on > day for term in taken):
        raise CannotFulfilError(f"A paid year already lies ahead{_for_whom(line)}.")


def plan_term(line: OrderLine, rental: Rental, taken: list[Term], *, order: Order, now: dt.datetime) -> Term:
    """Return the unsaved term that a line pays for, when it is paid ``now``, which is a day in London.

    ``taken`` are the rental's terms, earliest first. Pure.
    """
    latest = taken[-1] if taken else None
    starts_on, ends_on, anchor_on = choose_period(latest, day=london_day(now), months=line.months)
    return Term(
        rental=rental,
        order_line_id=line.pk,
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
