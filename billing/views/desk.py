"""The order desk in Wagtail's admin: where is the money, and what is to be done about it."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import services
from billing.forms import (
    BankRefundForm,
    GrantForm,
    MarkPaidForm,
    MeanwhileForm,
    OpenForm,
    RefundForm,
    VoidForm,
)
from billing.mode import is_sandbox
from billing.models import Document, Order, OrderLine, Refund, Term
from billing.policies import may_run_order_desk
from billing.stripe_gateway import StripeIsAwayError, StripeRefusedError
from elearning.periods import london_day

ONLY_STAFF = "Only the provider's staff who look after orders may do this. Please ask one of them."
SHOWN = 50


def for_order_desk(view: Any) -> Any:
    """Let only those in who may run the order desk."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_run_order_desk(request.user):
            raise PermissionDenied(ONLY_STAFF)
        return view(request, *args, **kwargs)

    return guarded


@for_order_desk
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, and a search by setting, e-mail, order number or Stripe's ids."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    every = Order.objects.with_customer()
    if named := every.numbered(text).first():
        return redirect("billing_desk:order", named.pk)
    found = every.found_by(text) if text else every
    context = {
        "q": text,
        "waiting": every.under_review().oldest_first(),
        "surplus": every.with_surplus().oldest_first(),
        "overdue": every.overdue_on(london_day(timezone.now())).oldest_first(),
        "orders": found.newest_first()[:SHOWN],
        "shown": SHOWN,
    }
    return render(request, "billing/desk/orders.html", context)


def show_order(request: HttpRequest, order: Order, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Show all about one order; ``forms`` are those that were refused, with their words."""
    if forms:
        # The form is far down the page, and a page begins at its top.
        messages.error(request, "Nothing was done. What to mend is marked in the form below.")
    left, sendable = services.refundable_minor(order), services.sendable_minor(order)
    today = london_day(timezone.now())
    context = {
        "order": order,
        "lines": OrderLine.objects.of_order(order),
        "papers": Document.objects.of_order(order).with_addresses(),
        "timeline": services.timeline_of(order),
        "left_minor": left,
        "refund_form": RefundForm(left_minor=left),
        "sendable_minor": sendable,
        "bank_refund_form": BankRefundForm(left_minor=sendable, today=today),
        "bank_refunds": Refund.objects.of_order(order).by_bank().counting(),
        "open_form": OpenForm(),
        "mark_paid_form": MarkPaidForm(),
        "meanwhile_form": MeanwhileForm(),
        "void_form": VoidForm(),
        "is_open_meanwhile": Term.objects.of_order(order).provisional().unrevoked().exists(),
        "is_overdue": order.is_overdue_on(today),
        "is_sandbox": is_sandbox(),
        **forms,
    }
    return render(request, "billing/desk/order.html", context, status=status)


def get_order(pk: int) -> Order:
    """Return an order with whom it is for; 404 when there is none."""
    return get_object_or_404(Order.objects.with_customer().select_related("buyer"), pk=pk)


@for_order_desk
@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: how it stands, what happened, what can be done."""
    return show_order(request, get_order(pk))


@for_order_desk
@require_POST
def reconcile(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask Stripe now."""
    try:
        after = services.reconcile_by_hand(order=get_order(pk), actor=request.user, now=timezone.now())
    except (StripeIsAwayError, StripeRefusedError, services.OrderIsBusyError):
        messages.error(request, "Stripe does not answer about this order just now. Nothing was changed.")
    else:
        messages.success(
            request, f"Stripe was asked. The order is now: {after.get_status_display().lower()}."
        )
    return redirect("billing_desk:order", pk)


@for_order_desk
@require_POST
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Give all or a part of the money back."""
    found = get_order(pk)
    form = RefundForm(request.POST, left_minor=services.refundable_minor(found))
    if not form.is_valid():
        return show_order(request, found, status=422, refund_form=form)
    try:
        made = services.refund_order(
            order=found, actor=request.user, now=timezone.now(), **form.refund_values
        )
    except services.CannotRefundError as refusal:
        form.add_error(None, str(refusal))
        return show_order(request, found, status=409, refund_form=form)
    messages.success(request, f"The refund is now: {made.get_state_display().lower()}.")
    return redirect("billing_desk:order", pk)


@for_order_desk
@require_POST
def bank_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that our own bank gave all or a part of the money back."""
    found, now = get_order(pk), timezone.now()
    form = BankRefundForm(request.POST, left_minor=services.sendable_minor(found), today=london_day(now))
    if not form.is_valid():
        return show_order(request, found, status=422, bank_refund_form=form)
    try:
        services.record_bank_refund(order=found, actor=request.user, now=now, **form.refund_values)
    except services.CannotRefundError as refusal:
        form.add_error(None, str(refusal))
        return show_order(request, found, status=409, bank_refund_form=form)
    messages.success(request, "The refund is recorded, with its credit note. The buyer gets a mail.")
    return redirect("billing_desk:order", pk)


@for_order_desk
@require_POST
def open_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what an order under review paid for."""
    found = get_order(pk)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return show_order(request, found, status=422, open_form=form)
    try:
        services.open_reviewed_order(order=found, actor=request.user, now=timezone.now(), **form.cleaned_data)
    except services.CannotDecideError as refusal:
        form.add_error(None, str(refusal))
        return show_order(request, found, status=409, open_form=form)
    messages.success(request, "It is open, and the buyer gets the receipt.")
    return redirect("billing_desk:order", pk)


@for_order_desk
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest) -> HttpResponse:
    """Give a setting a rental without payment, with a reason that is kept."""
    form = GrantForm(request.POST or None)
    if request.method != "POST":
        return render(request, "billing/desk/grant.html", {"form": form})
    if not form.is_valid():
        return render(request, "billing/desk/grant.html", {"form": form}, status=422)
    try:
        term = services.grant_rental(actor=request.user, now=timezone.now(), **form.cleaned_data)
    except services.CannotDecideError as refusal:
        form.add_error(None, str(refusal))
        return render(request, "billing/desk/grant.html", {"form": form}, status=409)
    messages.success(request, f"Granted from {term.starts_on:%-d %B %Y}; last day {term.last_day:%-d %B %Y}.")
    return redirect("billing_desk:grants")
