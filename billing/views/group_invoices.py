"""Paying for many settings against one invoice: to whom it goes, beside what it is for."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing import services
from billing.forms import GroupInvoiceForm
from billing.models import Order, Payer, SettingsList
from billing.terms import TERMS_VERSION
from billing.views.groups import get_payer, get_product, offer_of
from billing.views.invoices import NOT_MADE
from billing.views.rent import RETRY_SECONDS


@require_http_methods(["GET", "HEAD", "POST"])
def group_invoice(request: HttpRequest, payer_id: uuid.UUID, product_slug: str) -> HttpResponse:
    """GET: each line with its price, and to whom the invoice goes; POST: accept the terms, have it made."""
    payer, product = get_payer(request, payer_id), get_product(product_slug)
    found = services.find_list(payer=payer, product=product)
    offer = offer_of(request, found)
    if offer is None or offer.undecided or not offer.ordered:
        return redirect("billing:check_list", payer.public_id, product.slug)
    if request.method != "POST":
        initial = suggest_details(payer) | {"total_minor": offer.total_minor}
        return show_details(request, found, offer, GroupInvoiceForm(payer=payer, initial=initial))
    form = GroupInvoiceForm(request.POST, payer=payer)
    if not form.is_valid():
        return show_details(request, found, offer, form, status=422)
    return order_by_invoice(request, found, offer, form)


def suggest_details(payer: Payer) -> dict[str, object]:
    """To whom the payer's last invoice went; else what it says of itself."""
    last = Order.objects.for_payer(payer).by_invoice().newest_first().first()
    if last:
        names = ("billing_name", "billing_email", "billing_address")
        return {name: getattr(last, name) for name in names} | {"has_no_po": not last.po_number}
    return {
        "billing_name": payer.contact_name,
        "billing_email": payer.contact_email,
        "billing_address": payer.address,
    }


def show_details(
    request: HttpRequest,
    found: SettingsList,
    offer: services.GroupOffer,
    form: GroupInvoiceForm,
    *,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    """Show what would be rented for whom, and ask to whom the invoice goes."""
    context = {
        "payer": found.payer,
        "product": found.product,
        "offer": offer,
        "form": form,
        "trouble": trouble,
        "days_until_due": services.DAYS_UNTIL_DUE,
    }
    return render(request, "billing/group_invoice.html", context, status=status)


def order_by_invoice(
    request: HttpRequest, found: SettingsList, offer: services.GroupOffer, form: GroupInvoiceForm
) -> HttpResponse:
    """Have the invoice made and show its page, or say why not."""
    try:
        order = services.begin_group_invoice(
            settings_list=found,
            buyer=request.user,
            details=services.BillingDetails(**form.billing_details),
            terms_version=TERMS_VERSION,
            total_minor=form.cleaned_data["total_minor"],
            now=timezone.now(),
        )
    except services.CannotRentError as refusal:
        # What is shown now is what can be accepted now: another sum is for the buyer to look at.
        again = GroupInvoiceForm(
            payer=found.payer, initial=form.billing_details | {"total_minor": offer.total_minor}
        )
        return show_details(request, found, offer, again, status=409, trouble=str(refusal))
    except services.NoCheckoutError:
        response = show_details(request, found, offer, form, status=503, trouble=NOT_MADE)
        response["Retry-After"] = RETRY_SECONDS
        return response
    return redirect("billing:invoice", order.public_id)
