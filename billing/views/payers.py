"""What an organisation that pays for many settings may see: orders and which have begun. No people."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from billing import printouts, services
from billing.forms import ClaimAddressForm, PayerForm, PayerPersonForm
from billing.models import (
    Document,
    Order,
    OrderLine,
    Payer,
    PayerPerson,
    PayerSetting,
    Product,
    Refund,
    Term,
)
from billing.policies import may_remove_payer_person, may_run_order_desk
from billing.views.groups import get_payer
from billing.views.orders import papers_context
from elearning import printing
from elearning.periods import london_day

NOT_YOURSELF = "Nobody takes off themselves, or whoever began it. Please ask a colleague."


@require_safe
def payers(request: HttpRequest) -> HttpResponse:
    """The organisations for which the asker orders; with exactly one, straight to it."""
    found = list(Payer.objects.visible_to(request.user).by_name())
    if len(found) == 1:
        return redirect(found[0].path)
    return render(request, "billing/payers.html", {"payers": found})


@require_safe
def payer(request: HttpRequest, payer_id: uuid.UUID) -> HttpResponse:
    """What was ordered, and which settings have begun."""
    found = get_payer(request, payer_id)
    context = {
        "payer": found,
        "overview": services.overview_of(found),
        "products": Product.objects.on_sale().cheapest_first(),
        "now": timezone.now(),
        "wants_reminders": services.wants_payer_reminders(found),
    }
    return render(request, "billing/payer.html", context)


@require_safe
def payer_order(request: HttpRequest, payer_id: uuid.UUID, public_id: uuid.UUID) -> HttpResponse:
    """One order: each setting, for how much, when; a receipt once it is paid. Made to be printed."""
    found = get_payer(request, payer_id)
    orders = Order.objects.for_payer(found).select_related("payer", "buyer")
    order = get_object_or_404(orders, public_id=public_id)
    context = {
        "payer": found,
        "order": order,
        "lines": list(OrderLine.objects.of_order(order)),
        "refunds": Refund.objects.of_order(order),
        "is_open_meanwhile": Term.objects.of_order(order).provisional().unrevoked().exists(),
        "is_overdue": order.is_overdue_on(london_day(timezone.now())),
        **papers_context(order),
    }
    return render(request, "billing/payer_order.html", context)


@require_safe
def payer_document(
    request: HttpRequest, payer_id: uuid.UUID, public_id: uuid.UUID, number: str
) -> HttpResponse:
    """A receipt, credit or debit note of a payer's order as a PDF; the order desk may see it too."""
    if not may_run_order_desk(request.user):
        get_payer(request, payer_id)
    papers = Document.objects.for_download_by_payer(payer_id=payer_id, public_id=public_id)
    found = get_object_or_404(papers, number=number)
    return printing.answer_with_fresh_paper(
        request, printouts.document_html(found), file_name=f"{found.number}.pdf"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def payer_details(request: HttpRequest, payer_id: uuid.UUID) -> HttpResponse:
    """Name, address and contact of the organisation."""
    found = get_payer(request, payer_id)
    form = PayerForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        services.edit_payer(payer=found, actor=request.user, **form.cleaned_data)
        messages.success(request, "The details are changed, for what you order from now on.")
        return redirect(found.path)
    if form.errors:
        found.refresh_from_db()
    context = {"payer": found, "form": form}
    return render(request, "billing/payer_details.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def payer_people(request: HttpRequest, payer_id: uuid.UUID) -> HttpResponse:
    """Who orders for the organisation; POST: add a colleague by e-mail."""
    found = get_payer(request, payer_id)
    form = PayerPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_person(payer=found, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except services.CannotAddPersonError as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"{form.cleaned_data['email']} can order now; we have written to them.")
            return redirect("billing:payer_people", found.public_id)
    people = [
        (person, may_remove_payer_person(request.user, person))
        for person in PayerPerson.objects.of_payer(found)
    ]
    context = {"payer": found, "form": form, "people": people}
    return render(request, "billing/payer_people.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def remove_payer_person(request: HttpRequest, payer_id: uuid.UUID, person_id: int) -> HttpResponse:
    """Take a colleague off."""
    found = get_payer(request, payer_id)
    person = get_object_or_404(PayerPerson.objects.of_payer(found), pk=person_id)
    if not may_remove_payer_person(request.user, person):
        raise PermissionDenied(NOT_YOURSELF)
    services.remove_person(person=person, actor=request.user)
    messages.success(request, f"{person.email} can no longer order or see these orders.")
    return redirect("billing:payer_people", found.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def claim_letter(request: HttpRequest, payer_id: uuid.UUID, setting_id: int) -> HttpResponse:
    """Send a setting's manager a new link, there or to another address."""
    found = get_payer(request, payer_id)
    settings = PayerSetting.objects.of_payer(found).unclaimed().paid_for().select_related("invitation")
    one = get_object_or_404(settings, pk=setting_id)
    form = ClaimAddressForm(
        request.POST if request.method == "POST" else None, initial={"email": one.manager_email}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.send_letter(
                payer_setting=one, actor=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.CannotSendLetterError as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(
                request, f"A new link for {one.name} is on its way to {form.cleaned_data['email']}."
            )
        return redirect(found.path)
    context = {"payer": found, "setting": one, "form": form, "now": timezone.now()}
    return render(request, "billing/claim_letter.html", context, status=422 if form.errors else 200)
