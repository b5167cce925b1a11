"""What only the provider's staff may decide, each with a reason that is kept."""

import datetime as dt
import logging
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from wagtail.log_actions import log as audit

from billing import emails
from billing.mode import is_live
from billing.models import Decision, Document, Order, Product, Rental, Term
from billing.services.claim_letters import begin_settings_of
from billing.services.documents import issue_document
from billing.services.fulfilment import CannotFulfilError, choose_period, write_terms
from billing.services.money import apply_noted_money
from billing.services.reconcile import OrderIsBusyError, lock_order, reconcile_order
from billing.services.states import move_order
from billing.stripe_gateway import StripeIsAwayError, StripeRefusedError
from elearning.periods import london_day

if TYPE_CHECKING:
    from accounts.models import User
    from teams.models import CareSetting

log = logging.getLogger("billing")


class CannotDecideError(Exception):
    """A decision is refused; the text is fit to show to staff."""


def open_reviewed_order(*, order: Order, kind: str, reason: str, actor: "User", now: dt.datetime) -> Order:
    """Open what an order under review paid for; return the order as it is afterwards.

    ``kind`` is "fulfil" (the usual days) or "extend" (after whatever is rented already). Raises
    CannotDecideError with words for staff.
    """
    with transaction.atomic():
        locked = lock_order(order.pk)
        if locked.status != Order.Status.REVIEW:
            raise CannotDecideError("Somebody has decided this already.")
        if locked.kept_minor <= 0 and locked.discount_minor < locked.gross_minor:
            raise CannotDecideError("No money of this order is with us, so there is nothing to open.")
        try:
            write_terms(locked, now=now, is_extension=kind == Decision.Kind.EXTEND)
        except CannotFulfilError as refusal:
            raise CannotDecideError(f"{refusal} Choose “extend” to add the time after it.") from None
        move_order(locked, Order.Status.FULFILLED, now=now, actor=actor, review_reason="")
        Decision.objects.create(order=locked, kind=kind, reason=reason, decided_by=actor, decided_at=now)
        receipt = issue_document(order=locked, kind=Document.Kind.RECEIPT, now=now)
        emails.send_receipt(locked, receipt)
        begin_settings_of(locked, now=now)
        apply_noted_money(locked, now=now)
    return ask_again(order=locked, now=now)


def ask_again(*, order: Order, now: dt.datetime) -> Order:
    """Reconcile an order where Stripe answers; where it does not, the clock will."""
    try:
        return reconcile_order(order=order, now=now)
    except (StripeIsAwayError, StripeRefusedError, OrderIsBusyError):
        log.warning("order not reconciled", extra={"order": order.pk})
        return order


def reconcile_by_hand(*, order: Order, actor: "User", now: dt.datetime) -> Order:
    """Ask Stripe about an order because somebody pressed the button; keep who and when.

    Raises StripeIsAwayError, StripeRefusedError or OrderIsBusyError.
    """
    after = reconcile_order(order=order, now=now)
    Decision.objects.create(order=order, kind=Decision.Kind.RECONCILE, decided_by=actor, decided_at=now)
    return after


@transaction.atomic
def grant_rental(
    *,
    care_setting: "CareSetting",
    product: Product,
    months: int,
    reason: str,
    actor: "User",
    now: dt.datetime,
) -> Term:
    """Give a setting ``months`` of a product without payment, after whatever it rents already.

    Raises CannotDecideError when somebody else gave the same days at the same moment.
    """
    rental, _ = Rental.objects.get_or_create(care_setting=care_setting, product=product)
    rental = Rental.objects.select_for_update().get(pk=rental.pk)
    if is_live():
        rental.terms.unrevoked().pretended().update(revoked_at=now)
    latest = rental.terms.unrevoked().in_time().last()
    starts_on, ends_on, anchor_on = choose_period(latest, day=london_day(now), months=months)
    try:
        with transaction.atomic():
            term = Term.objects.create(
                rental=rental,
                starts_on=starts_on,
                ends_on=ends_on,
                anchor_on=anchor_on,
                granted_by=actor,
                grant_reason=reason,
                created_at=now,
            )
    except IntegrityError:
        raise CannotDecideError("These days are rented already.") from None
    audit(term, "billing.term.granted", user=actor, data={"months": months})
    log.info("rental granted", extra={"term": term.pk, "by": actor.pk})
    return term
