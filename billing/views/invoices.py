"""Renting against an invoice: to whom it goes, the page about it, and the paper for who has no account."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from billing import printouts, services
from billing.forms import InvoiceForm
from billing.models import Document, Order, Product, Term
from billing.terms import TERMS_VERSION
from billing.views.rent import READY, RETRY_SECONDS, get_order, get_renting_membership, order_context
from elearning import printing
from elearning.periods import london_day
from teams.models import Membership

NOT_MADE = "We could not make the invoice, and nothing was ordered. Please try again, or pay by card."


@require_http_methods(["GET", "HEAD", "POST"])
def rent_by_invoice(request: HttpRequest, product_slug: str) -> HttpResponse:
    """GET: to whom the invoice goes; POST: accept the terms and have it made."""
    product = get_object_or_404(Product.objects.on_sale(), slug=product_slug)
    slug = request.POST.get("setting") or request.GET.get("setting") or ""
    if not slug:
        return redirect("billing:rent", product.slug)
    membership = get_renting_membership(request, slug)
    if request.method != "POST":
        form = InvoiceForm(initial=suggest_details(request, membership))
        return show_details(request, product, membership, form)
    form = InvoiceForm(request.POST)
    if not form.is_valid():
        return show_details(request, product, membership, form, status=422)
    return go_to_invoice(request, product, membership, form)


def suggest_details(request: HttpRequest, membership: Membership) -> dict[str, object]:
    """To whom the setting's last invoice went; else what we know of the asker and the setting."""
    last = Order.objects.for_care_setting(membership.care_setting).by_invoice().newest_first().first()
    if last:
        names = ("billing_name", "billing_email", "billing_address")
        return {name: getattr(last, name) for name in names} | {"has_no_po": not last.po_number}
    return {"billing_email": request.user.email, "billing_address": membership.care_setting.address}


def show_details(
    request: HttpRequest,
    product: Product,
    membership: Membership,
    form: InvoiceForm,
    *,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    """Show what would be rented, and ask to whom the invoice goes."""
    care_setting = membership.care_setting
    offer = services.make_offer(product=product, care_setting=care_setting, day=london_day(timezone.now()))
    if offer.live_order or offer.refusal:
        return redirect(
            f"{reverse('billing:rent', args=[product.slug])}?{urlencode({'setting': care_setting.slug})}"
        )
    context = {
        "product": product,
        "membership": membership,
        "care_setting": care_setting,
        "offer": offer,
        "form": form,
        "trouble": trouble,
        "days_until_due": services.DAYS_UNTIL_DUE,
    }
    return render(request, "billing/rent_invoice.html", context, status=status)


def go_to_invoice(
    request: HttpRequest, product: Product, membership: Membership, form: InvoiceForm
) -> HttpResponse:
    """Have the invoice made and show its page, or say why not."""
    now = timezone.now()
    try:
        order = services.begin_invoice(
            product=product,
            care_setting=membership.care_setting,
            buyer=request.user,
            details=services.BillingDetails(**form.billing_details),
            terms_version=TERMS_VERSION,
            now=now,
        )
    except services.CannotRentError as refusal:
        return show_details(request, product, membership, form, status=409, trouble=str(refusal))
    except services.NoCheckoutError:
        response = show_details(request, product, membership, form, status=503, trouble=NOT_MADE)
        response["Retry-After"] = RETRY_SECONDS
        return response
    if order.created_at != now:
        messages.info(request, "An invoice for this was open already. Here it is; no other was made.")
    return redirect("billing:invoice", order.public_id)


@require_safe
def invoice(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Your invoice: the paper, how to pay it, and what happens next."""
    order = get_order(request, public_id)
    if not order.is_by_invoice:
        raise Http404("No such invoice.")
    if order.was_paid:
        return redirect("billing:ready", public_id) if order.status in READY else redirect(order.path)
    context = order_context(
        request,
        order,
        document=Document.objects.of_order(order).of_kind(Document.Kind.INVOICE).first(),
        paper_url=reverse("billing:invoice_paper", args=[order.public_id, order.paper_key]),
        is_open_meanwhile=Term.objects.of_order(order).provisional().unrevoked().exists(),
        is_overdue=order.is_overdue_on(london_day(timezone.now())),
    )
    return render(request, "billing/invoice.html", context)


@login_not_required
@require_safe
def paper(request: HttpRequest, public_id: uuid.UUID, key: str) -> HttpResponse:
    """The invoice as a PDF for whoever has the address that we sent: who pays need not have an account."""
    order = get_object_or_404(Order.objects.by_invoice(), public_id=public_id)
    if not constant_time_compare(key, order.paper_key):
        raise Http404("No such invoice.")
    papers = Document.objects.of_order(order).of_kind(Document.Kind.INVOICE)
    found = get_object_or_404(papers)
    return printing.answer_with_fresh_paper(
        request, printouts.document_html(found), file_name=f"{found.number}.pdf"
    )
