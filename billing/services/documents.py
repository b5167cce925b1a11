"""Issuing papers: each once, numbered without a gap, in the transaction of what it tells about.

What an accountant expects decides which: a receipt once an order is paid (its VAT invoice, unless an invoice
went before); a credit note once money really went back, by a refund or a lost dispute; and, where that money
comes back to us after all, a debit note, because an issued paper is never withdrawn (VAT Regulations 1995,
regulation 15C). See docs/renting.md.
"""

import datetime as dt
import logging
from typing import Any, NamedTuple

from billing.models import Dispute, Document, Order, Refund
from billing.models.documents import DocumentSeries
from billing.services.snapshots import (
    Buyer,
    Line,
    buyer_of,
    how_paid,
    lines_left,
    lines_of,
    make_snapshot,
    take_from,
)
from elearning.periods import london_day

log = logging.getLogger("billing")
Kind = Document.Kind

PREFIXES = {Kind.INVOICE: "INV", Kind.RECEIPT: "REC", Kind.CREDIT_NOTE: "CN", Kind.DEBIT_NOTE: "DN"}
PRACTICE = "TEST-"  # papers over pretend money have series of their own, so that real ones begin at 1
LOST = "lost"
CALLED_OFF = "The invoice was called off."


class NothingToIssueError(Exception):
    """There is no paper that this one could correct, or nothing is left to credit."""


class MoneyBack(NamedTuple):
    """What went back of an order's money, or is to: its refunds and disputes, first begun first."""

    refunds: list[Refund]
    disputes: list[Dispute]


def money_back_of(order: Order) -> MoneyBack:
    """Return what is noted of a locked order's money that went back."""
    return MoneyBack(list(Refund.objects.of_order(order)), list(Dispute.objects.of_order(order)))


def issue_document(
    *,
    order: Order,
    kind: str,
    now: dt.datetime,
    buyer: Buyer | None = None,
    due_on: dt.date | None = None,
    how_to_pay: str = "",
    refund: Refund | None = None,
    dispute: Dispute | None = None,
    reason: str = "",
) -> Document:
    """Issue a paper about a locked order, or return the one that was issued before; inside the caller's
    transaction.

    An invoice or a receipt is made out to ``buyer`` (else to whom the invoice was, else to the setting). An
    invoice may say until when (a London day) and how it is to be paid. A credit note is about ``refund``,
    ``dispute``, or else about an invoice that was called off, all of it. A debit note takes back the credit
    note about the same. Raises NothingToIssueError where there is nothing to correct.
    """
    if kind in (Kind.CREDIT_NOTE, Kind.DEBIT_NOTE):
        made = find_document(order=order, kind=kind, refund=refund, dispute=dispute)
        return made or _issue_correction(order, kind, now=now, refund=refund, dispute=dispute, reason=reason)
    issued = {paper.kind: paper for paper in Document.objects.of_order(order).basic()}
    if kind in issued:
        return issued[kind]
    invoice = issued.get(Kind.INVOICE)
    buyer = buyer or (Buyer(**invoice.snapshot["buyer"]) if invoice else buyer_of(order))
    if kind == Kind.INVOICE:
        lines = lines_of(order, order.gross_minor - order.discount_minor)
        more: dict[str, Any] = {
            "due_on": due_on.isoformat() if due_on else None,
            "how_to_pay": how_to_pay,
        }
    else:
        lines = lines_of(order, order.paid_minor)
        more = {
            "paid_on": london_day(order.fulfilled_at or now).isoformat(),
            "how_paid": how_paid(order),
            "settles": _name(invoice) if invoice else None,
        }
    return _write(order, kind, lines, now=now, buyer=buyer, more=more)


def find_document(
    *, order: Order, kind: str, refund: Refund | None = None, dispute: Dispute | None = None
) -> Document | None:
    """Return the paper of a kind that was issued about an order (and its refund or dispute), or None."""
    about = {"refund_id": refund.pk if refund else None, "dispute_id": dispute.pk if dispute else None}
    return Document.objects.of_order(order).of_kind(kind).about(**about).first()


def correct_documents(order: Order, back: MoneyBack, *, now: dt.datetime) -> list[Document]:
    """Issue the credit and debit notes that money which went ``back`` asks for; return those made.

    Worked out from how things stand, never from the order in which news came. Money that never had a paper
    (a second payment that was given back unopened) needs none. Runs inside the caller's transaction.
    """
    if not any(back) or not Document.objects.of_order(order).basic().exists():
        return []
    refunds = [(one, one.state == Refund.State.SUCCEEDED) for one in back.refunds]
    disputes = [(one, one.stripe_status == LOST) for one in back.disputes]
    about: list[tuple[dict[str, Any], bool]] = [({"refund": one}, is_gone) for one, is_gone in refunds]
    about += [({"dispute": one}, is_gone) for one, is_gone in disputes]
    # Money that came back first: what a failed refund took can then be credited to another one.
    about.sort(key=lambda pair: pair[1])
    return [paper for what, is_gone in about if (paper := _correct(order, what, is_gone=is_gone, now=now))]


def _correct(order: Order, what: Any, *, is_gone: bool, now: dt.datetime) -> Document | None:
    credited = find_document(order=order, kind=Kind.CREDIT_NOTE, **what)
    if is_gone == (credited is not None):
        return None
    kind = Kind.CREDIT_NOTE if is_gone else Kind.DEBIT_NOTE
    if find_document(order=order, kind=kind, **what):
        return None
    try:
        return issue_document(order=order, kind=kind, now=now, **what)
    except NothingToIssueError:
        log.error("nothing left to credit", extra={"order": order.pk})
        return None


def _issue_correction(
    order: Order,
    kind: str,
    *,
    now: dt.datetime,
    refund: Refund | None,
    dispute: Dispute | None,
    reason: str,
) -> Document:
    corrections = list(Document.objects.of_order(order).corrections())
    if kind == Kind.DEBIT_NOTE:
        corrected = find_document(order=order, kind=Kind.CREDIT_NOTE, refund=refund, dispute=dispute)
        lines = corrected.snapshot["lines"] if corrected else []
        reason = reason or why_debited(dispute)
    else:
        corrected = Document.objects.of_order(order).basic().first()
        left = lines_left(corrected, corrections) if corrected else []
        lines = take_from(left, _amount(left, refund or dispute))
        reason = reason or why_credited(refund, dispute)
    if corrected is None or not lines:
        raise NothingToIssueError
    buyer = Buyer(**corrected.snapshot["buyer"])
    more = {"corrects": _name(corrected), "reason": reason}
    return _write(
        order,
        kind,
        lines,
        now=now,
        buyer=buyer,
        more=more,
        corrects=corrected,
        refund=refund,
        dispute=dispute,
    )


def _amount(left: list[Line], about: Refund | Dispute | None) -> int:
    """What to credit: the money that went, but never more than papers have left; all where none went."""
    whole = sum(line["gross_minor"] for line in left)
    return min(about.amount_minor, whole) if about else whole


def why_credited(refund: Refund | None, dispute: Dispute | None) -> str:
    """Why a credit note is issued, in words fit for the buyer: staff's own reasons stay with the order."""
    if refund:
        return "Money given back."
    return "The payer’s bank took the payment back." if dispute else CALLED_OFF


def why_debited(dispute: Dispute | None) -> str:
    """Why a credit note is taken back."""
    if dispute:
        return "The bank decided again, and the payment stays with us."
    return "The refund did not arrive and came back to us."


def _name(document: Document) -> dict[str, str]:
    """How one paper names another: number, date, kind."""
    return {
        "number": document.number,
        "issued_on": document.snapshot["issued_on"],
        "kind": str(document.get_kind_display()),
    }


def _write(
    order: Order,
    kind: str,
    lines: list[Line],
    *,
    now: dt.datetime,
    buyer: Buyer,
    more: dict[str, Any],
    **related: Any,
) -> Document:
    """Take the next number and write the paper. The number's lock is the last one that is taken."""
    snapshot = make_snapshot(order, lines, buyer=buyer, now=now, **more)
    series = PREFIXES[Kind(kind)] if order.livemode else f"{PRACTICE}{PREFIXES[Kind(kind)]}"
    number = f"{series}-{DocumentSeries.objects.take_next(series):05d}"
    document = Document.objects.create(
        order=order,
        kind=kind,
        number=number,
        issued_at=now,
        livemode=order.livemode,
        currency=order.currency,
        net_minor=snapshot["net_minor"],
        vat_minor=snapshot["vat_minor"],
        gross_minor=snapshot["gross_minor"],
        snapshot=snapshot,
        **related,
    )
    log.info("paper issued", extra={"order": order.pk, "document": document.pk, "number": number})
    return document
