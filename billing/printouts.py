"""What a printed invoice, receipt, credit note or debit note says: its snapshot, and nothing else."""

import datetime as dt
from typing import Any

from django.template.loader import render_to_string

from billing import vat
from billing.models import Document

Kind = Document.Kind
SUMS = {
    Kind.INVOICE: "To pay",
    Kind.RECEIPT: "Paid",
    Kind.CREDIT_NOTE: "Credited",
    Kind.DEBIT_NOTE: "Debited",
}


def document_html(document: Document) -> str:
    """Return the paper as HTML. The same row gives the same paper for ever, whatever is renamed meanwhile."""
    return render_to_string("print/billing/document.html", document_context(document))


def document_context(document: Document) -> dict[str, Any]:
    """What the paper shows, with days as days and VAT only where the order knows of it."""
    said = document.snapshot
    has_vat = said["vat_mode"] != vat.NONE
    lines = [_line(line) for line in said["lines"]]
    return {
        "document": document,
        "kind": document.get_kind_display(),
        "said": said,
        "lines": lines,
        "has_vat": has_vat,
        "rate": vat.rate_in_words(said["vat_rate_bp"]) if has_vat else "",
        "settings_named": len({line["setting"] for line in lines} | {said["buyer"]["name"]}) > 1,
        "reduction_minor": said["price_minor"] - said["gross_minor"],
        "increase_minor": said["gross_minor"] - said["price_minor"],
        "sum_in_words": SUMS[Kind(document.kind)],
        "is_vat_invoice": has_vat and document.kind == Kind.RECEIPT and not said["settles"],
        "issued_on": _day(said["issued_on"]),
        "ordered_on": _day(said["ordered_on"]),
        "paid_on": _day(said.get("paid_on")),
        "due_on": _day(said.get("due_on")),
        "settles": _named(said.get("settles")),
        "corrects": _named(said.get("corrects")),
        "is_practice": not document.livemode,
    }


def _line(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "starts_on": _day(line["starts_on"]), "last_day": _day(line["last_day"])}


def _named(paper: dict[str, str] | None) -> dict[str, Any] | None:
    return {**paper, "issued_on": _day(paper["issued_on"])} if paper else None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
