"""How papers with many lines are laid out: few pages, and no sum away from what it sums."""

import io

import page as pdf_checker
import pytest
from pypdf import PdfReader

from billing.models import Document
from billing.printouts import document_html
from elearning import printing

needs_pango = pytest.mark.skipif(not printing.is_available(), reason="Pango is not on this machine")
pytestmark = [pytest.mark.django_db, needs_pango]


def draw(invoice: Document, *, lines: int, vat: bool = False) -> bytes:
    """The invoice as if it had so many lines."""
    said = invoice.snapshot
    (line,) = said["lines"]
    if vat:
        said |= {"vat_mode": "inclusive", "vat_rate_bp": 2000}
        said["seller"]["vat_number"] = "GB 123 4567 89"
    said["lines"] = [{**line, "setting": f"Nursery {number}"} for number in range(lines)]
    said |= {name: lines * said[name] for name in ("price_minor", "net_minor", "vat_minor", "gross_minor")}
    return printing.render_pdf(document_html(invoice))


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture
def invoice(bill_many):
    return bill_many("Oak").documents.get()


@pytest.mark.parametrize("vat", [False, True])
def test_an_invoice_with_twelve_lines_is_one_page(invoice, vat):
    (text,) = pages_of(draw(invoice, lines=12, vat=vat))
    assert "Page 1 of 1" in text


@pytest.mark.parametrize("lines", [13, 14, 15, 16, 40])
def test_the_sum_stands_below_two_lines_at_least_and_each_page_has_the_headings(invoice, lines):
    pages = pages_of(draw(invoice, lines=lines, vat=True))
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Without VAT" in text
        assert text.count("for Nursery") >= 2
    assert f"£{lines * 69:,}.00" in pages[-1]
    assert sum(text.count("for Nursery") for text in pages) == lines


def test_a_paper_of_many_pages_is_accessible(invoice):
    report = pdf_checker.validate_pdf_bytes(draw(invoice, lines=40, vat=True), profile="ua1")
    assert [failure.message for failure in report.failures] == []
