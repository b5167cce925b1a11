"""What only the provider's staff may decide about an invoice, each with a reason that is kept."""

import datetime as dt
import logging
from typing import TYPE_CHECKING

from django.db import transaction

from billing import emails, stripe_gateway
from billing.models import Decision, Order, Term
from billing.services.claim_letters import begin_settings_of
from billing.services.decisions import CannotDecideError, ask_again
from billing.services.drafts import NoCheckoutError
from billing.services.fulfilment import CannotFulfilError, write_provisional_terms
from billing.services.invoice_news import is_long_overdue
from billing.services.invoices import call_off_invoice
from billing.services.reconcile import lock_order
from billing.stripe_gateway import KeyReusedError, StripeIsAwayError, StripeRefusedError
from elearning.periods import london_day

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("billing")
Status = Order.Status

# What was given up can still be paid.
PAYABLE = (Status.OPEN, Status.EXPIRED)


def mark_invoice_paid(
    *, order: Order, bank_reference: str, reason: str, actor: "User", now: dt.datetime
) -> Order:
    """Count an invoice as paid, because the money came to our own bank account; return the order.

    Who, why and the bank's reference are written down before Stripe is told. Where it does not answer, the
    clock goes on. Raises CannotDecideError with words for staff.
    """
    with transaction.atomic():
        locked = lock_order(order.pk)
        refuse_unless_payable(locked, PAYABLE)
        if not Decision.objects.of_order(locked).of_kind(Decision.Kind.MARK_PAID).exists():
            Decision.objects.create(
                order=locked,
                kind=Decision.Kind.MARK_PAID,
                reason=reason,
                bank_reference=bank_reference,
                decided_by=actor,
                decided_at=now,
            )
            log.info("invoice marked as paid", extra={"order": locked.pk, "by": actor.pk})
    return tell_stripe_it_is_paid(order=locked, now=now)


def tell_stripe_it_is_paid(*, order: Order, now: dt.datetime) -> Order:
    """Have Stripe count an invoice as paid that staff have marked so; return the order afterwards."""
    try:
        stripe_gateway.mark_invoice_paid(order)
    except StripeIsAwayError:
        return order
    except (StripeRefusedError, KeyReusedError):
        log.warning("invoice not marked as paid", extra={"order": order.pk})
    return ask_again(order=order, now=now)


def finish_marks(*, now: dt.datetime) -> None:
    """Tell Stripe of invoices that were marked as paid while it was away. Raises nothing."""
    for order in Order.objects.marked_as_paid():
        tell_stripe_it_is_paid(order=order, now=now)


@transaction.atomic
def open_meanwhile(*, order: Order, reason: str, actor: "User", now: dt.datetime) -> list[Term]:
    """Open what an unpaid invoice is for, every line of it, until it is paid or its time is over; return the
    terms.

    Managers of a payer's settings get their links now. When it is paid they become the paid terms, on the
    same days. Raises CannotDecideError with words for staff.
    """
    locked = lock_order(order.pk)
    refuse_unless_payable(locked, (Status.OPEN,))
    if is_long_overdue(locked, london_day(now)):
        raise CannotDecideError("This invoice is 30 days overdue, so it would close again at once.")
    if Term.objects.of_order(locked).unrevoked().exists():
        raise CannotDecideError("It is open already, until this invoice is paid.")
    try:
        terms = write_provisional_terms(locked, reason=reason, actor=actor, now=now)
    except CannotFulfilError as refusal:
        raise CannotDecideError(str(refusal)) from None
    Decision.objects.create(
        order=locked, kind=Decision.Kind.MEANWHILE, reason=reason, decided_by=actor, decided_at=now
    )
    emails.tell_buyer_of_access(locked, change="meanwhile")
    begin_settings_of(locked, now=now)
    log.info("opened until it is paid", extra={"order": locked.pk, "by": actor.pk})
    return terms


def void_invoice(*, order: Order, reason: str, actor: "User", now: dt.datetime) -> Order:
    """Void an unpaid invoice for good, at Stripe first; return the order as it is afterwards.

    Raises CannotDecideError with words for staff.
    """
    refuse_unless_payable(order, (Status.DRAFT, Status.OPEN))
    try:
        after = call_off_invoice(order=order, actor=actor, now=now)
    except NoCheckoutError:
        raise CannotDecideError("Stripe does not answer just now, so the invoice still stands.") from None
    if after.status != Status.CANCELLED:
        raise CannotDecideError(
            f"The invoice could not be voided: the order is “{after.get_status_display()}”."
        )
    Decision.objects.create(
        order=order, kind=Decision.Kind.VOID, reason=reason, decided_by=actor, decided_at=now
    )
    return after


def refuse_unless_payable(order: Order, statuses: tuple[str, ...]) -> None:
    """Raises CannotDecideError unless an order is by invoice and in one of these states."""
    if not order.is_by_invoice:
        raise CannotDecideError("This order has no invoice: it is paid by card or Direct Debit.")
    if order.status not in statuses:
        raise CannotDecideError(f"This order is “{order.get_status_display()}”, so there is nothing to do.")
