"""What a setting rents, and its orders and receipts."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import printouts, services
from billing.models import Document, Order, Refund
from billing.policies import may_run_order_desk, may_see_orders
from elearning import printing
from elearning.periods import london_day
from teams.access import get_membership_or_404
from teams.models import Membership

ONLY_MANAGERS = "Only owners and managers see what a setting rents and pays. Please ask one of them."


def get_buying_membership(request: HttpRequest, slug: str) -> Membership:
    """Return the asker's membership of a setting whose orders they may see; 404 or 403 otherwise."""
    membership = get_membership_or_404(request, slug)
    if not may_see_orders(membership):
        raise PermissionDenied(ONLY_MANAGERS)
    return membership


@require_safe
def rentals(request: HttpRequest, slug: str) -> HttpResponse:
    """What the setting rents, until when, and what it ordered."""
    membership = get_buying_membership(request, slug)
    care_setting = membership.care_setting
    orders = Order.objects.for_care_setting(care_setting).worth_showing().newest_first()
    papers = Prefetch("documents", Document.objects.in_time())
    context = {
        "membership": membership,
        "care_setting": care_setting,
        "rentals": services.rental_summary(care_setting, london_day(timezone.now())),
        "orders": orders.select_related("buyer", "care_setting").prefetch_related("lines", papers),
        "can_make_pdf": printing.is_available(),
        "wants_reminders": services.wants_reminders(request.user, care_setting),
    }
    return render(request, "billing/rentals.html", context)


@require_safe
def order(request: HttpRequest, slug: str, public_id: uuid.UUID) -> HttpResponse:
    """One order: what, for how much, when, by whom; a receipt once it is paid. Made to be printed."""
    membership = get_buying_membership(request, slug)
    found = get_object_or_404(
        Order.objects.for_care_setting(membership.care_setting).select_related("buyer", "care_setting"),
        public_id=public_id,
    )
    context = {
        "membership": membership,
        "order": found,
        "lines": list(found.lines.select_related("product", "term").order_by("pk")),
        "refunds": Refund.objects.of_order(found),
        **papers_context(found),
    }
    return render(request, "billing/order.html", context)


def papers_context(order: Order) -> dict:
    """The papers of an order for its page, and what of the paid sum is VAT."""
    papers = list(Document.objects.of_order(order).with_addresses())
    receipt = next((paper for paper in papers if paper.kind == Document.Kind.RECEIPT), None)
    return {
        "papers": papers,
        "receipt": receipt,
        "paid_vat_minor": receipt.vat_minor if receipt else order.vat_minor,
        "can_make_pdf": printing.is_available(),
    }


@require_safe
def document(request: HttpRequest, slug: str, public_id: uuid.UUID, number: str) -> HttpResponse:
    """A receipt, invoice, credit or debit note as a PDF, made of what was kept when it was issued."""
    if not may_run_order_desk(request.user):
        get_buying_membership(request, slug)
    papers = Document.objects.for_download(slug=slug, public_id=public_id)
    found = get_object_or_404(papers, number=number)
    return printing.answer_with_fresh_paper(
        request, printouts.document_html(found), file_name=f"{found.number}.pdf"
    )
