"""What staff decide about an invoice at the order desk: paid past Stripe, open meanwhile, void."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from billing import services
from billing.forms import MarkPaidForm, MeanwhileForm, VoidForm
from billing.views.desk import for_order_desk, get_order, show_order


def decide(
    request: HttpRequest, pk: int, *, form: forms.Form, name: str, act: Callable[..., Any], done: str
) -> HttpResponse:
    """Have a decision about an invoice done, or show the order again with what is wrong with it."""
    found = get_order(pk)
    if not form.is_valid():
        return show_order(request, found, status=422, **{name: form})
    try:
        act(order=found, actor=request.user, now=timezone.now(), **form.cleaned_data)
    except services.CannotDecideError as refusal:
        form.add_error(None, str(refusal))
        return show_order(request, found, status=409, **{name: form})
    messages.success(request, done)
    return redirect("billing_desk:order", pk)


@for_order_desk
@require_POST
def mark_paid(request: HttpRequest, pk: int) -> HttpResponse:
    """Count an invoice as paid, because the money came to our own bank account."""
    return decide(
        request,
        pk,
        form=MarkPaidForm(request.POST),
        name="mark_paid_form",
        act=services.mark_invoice_paid,
        done="Kept. The order opens as soon as Stripe has answered, usually at once.",
    )


@for_order_desk
@require_POST
def meanwhile(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what an unpaid invoice is for, until it is paid or its time is over."""
    return decide(
        request,
        pk,
        form=MeanwhileForm(request.POST),
        name="meanwhile_form",
        act=services.open_meanwhile,
        done="It is open until the invoice is paid, void, or 30 days overdue. The buyer gets a mail.",
    )


@for_order_desk
@require_POST
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Void an unpaid invoice for good."""
    return decide(
        request,
        pk,
        form=VoidForm(request.POST),
        name="void_form",
        act=services.void_invoice,
        done="The invoice is void. Who ordered and who pays are told not to pay it.",
    )
