"""Renting: see what you get, choose the setting, accept the terms, pay, come back."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import services
from billing.forms import RentForm
from billing.models import Order, OrderLine, Product
from billing.policies import may_rent_for
from billing.stripe_gateway import StripeIsAwayError, StripeRefusedError
from billing.terms import TERMS_VERSION
from elearning.periods import london_day
from teams.access import get_membership_or_404
from teams.models import CareSetting, Membership

ONLY_MANAGERS = "Only owners and managers rent for a setting. Please ask one of them."
AWAY = "We could not open the payment page just now. Nothing was charged. Please try again in a few minutes."
RETRY_SECONDS = "60"
READY = (Order.Status.FULFILLED, Order.Status.PARTLY_REFUNDED)


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The terms of renting, as they are in force."""
    context = {"terms_version": TERMS_VERSION, "grace_days": settings.BILLING_GRACE_DAYS}
    return render(request, "billing/terms.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def rent(request: HttpRequest, product_slug: str) -> HttpResponse:
    """GET: what you get and for whom; POST: accept the terms and go to the pay page."""
    product = get_object_or_404(Product.objects.on_sale(), slug=product_slug)
    if not request.user.is_authenticated:
        if request.method == "POST":
            return redirect_to_login(request.path)
        return render(request, "billing/rent.html", {"product": product})
    slug = request.POST.get("setting") or request.GET.get("setting") or ""
    care_settings = list(CareSetting.objects.managed_by(request.user).by_name())
    if not slug and len(care_settings) == 1 and "all" not in request.GET:
        slug = care_settings[0].slug
    if not slug:
        return choose_setting(request, product, care_settings)
    membership = get_renting_membership(request, slug)
    if request.method != "POST":
        return show_check(request, product, membership, RentForm())
    form = RentForm(request.POST)
    if not form.is_valid():
        return show_check(request, product, membership, form, status=422)
    return go_to_pay_page(request, product, membership, form)


def get_renting_membership(request: HttpRequest, slug: str) -> Membership:
    """Return the asker's membership of a setting that they may rent for; 404 or 403 otherwise."""
    if not slug_re.fullmatch(slug):  # it may come from the query string, where anything can stand
        raise Http404("No such setting.")
    membership = get_membership_or_404(request, slug)
    if not may_rent_for(membership):
        raise PermissionDenied(ONLY_MANAGERS)
    return membership


def choose_setting(request: HttpRequest, product: Product, care_settings: list[CareSetting]) -> HttpResponse:
    """Ask for which setting; managers of none can make one."""
    works_in = CareSetting.objects.visible_to(request.user).by_name()
    context = {
        "product": product,
        "care_settings": care_settings,
        "works_in": [] if care_settings else list(works_in),
    }
    return render(request, "billing/rent_choose.html", context)


def show_check(
    request: HttpRequest,
    product: Product,
    membership: Membership,
    form: RentForm,
    *,
    status: int = 200,
    trouble: str = "",
) -> HttpResponse:
    """Show what exactly would be rented, with the terms to accept."""
    offer = services.make_offer(
        product=product, care_setting=membership.care_setting, day=london_day(timezone.now())
    )
    context = {
        "product": product,
        "membership": membership,
        "care_setting": membership.care_setting,
        "offer": offer,
        "form": form,
        "trouble": trouble,
        "manages_several": CareSetting.objects.managed_by(request.user).count() > 1,
    }
    return render(request, "billing/rent_check.html", context, status=status)


def go_to_pay_page(
    request: HttpRequest, product: Product, membership: Membership, form: RentForm
) -> HttpResponse:
    """Begin the checkout and send the buyer there, or say why not."""
    try:
        address = services.begin_checkout(
            product=product,
            care_setting=membership.care_setting,
            buyer=request.user,
            terms_version=TERMS_VERSION,
            now=timezone.now(),
        )
    except services.CannotRentError as refusal:
        return show_check(request, product, membership, form, status=409, trouble=str(refusal))
    except services.NoCheckoutError:
        response = show_check(request, product, membership, form, status=503, trouble=AWAY)
        response["Retry-After"] = RETRY_SECONDS
        return response
    return redirect(address)


# --- An order that was begun ----------------------------------------------------------------------


def get_order(request: HttpRequest, public_id: uuid.UUID) -> Order:
    """Return an order of a setting that the asker may rent for, or of their payer; 404 or 403 otherwise."""
    orders = Order.objects.visible_to(request.user).with_customer().select_related("buyer")
    order = get_object_or_404(orders, public_id=public_id)
    if order.care_setting:
        get_renting_membership(request, order.care_setting.slug)
    return order


def order_context(request: HttpRequest, order: Order, **more: object) -> dict:
    """What every page about one order knows."""
    lines = list(OrderLine.objects.of_order(order))
    return {"order": order, "lines": lines, "membership": getattr(request, "membership", None), **more}


@require_POST
def pay(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Go on to the pay page of an order that is still open, whoever began it."""
    order = get_order(request, public_id)
    try:
        address = services.find_pay_address(order=order, now=timezone.now())
    except services.CannotRentError as refusal:
        messages.info(request, str(refusal))
        return redirect(order.path)
    except services.NoCheckoutError:
        messages.error(request, AWAY)
        return redirect("billing:cancelled", order.public_id)
    if address:
        return redirect(address)
    messages.info(request, "That checkout is closed, and nothing was paid. You can begin again.")
    return redirect(order.orders_path)


@require_POST
def call_off(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Close an unpaid order so that nobody pays it by mistake; ``then=card`` begins again, to pay by card."""
    order = get_order(request, public_id)
    try:
        order = services.call_off(order=order, actor=request.user, now=timezone.now())
    except services.NoCheckoutError:
        messages.error(request, "We could not reach the payment page just now. Please try again in a minute.")
        return redirect("billing:cancelled", order.public_id)
    except services.CannotRentError as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"The order is now: {order.get_status_display().lower()}.")
    line = order.lines.select_related("product").first()
    if request.POST.get("then") == "card" and line and not order.was_paid:
        return redirect(where_to_begin_again(order, line.product))
    return redirect(order.orders_path)


def where_to_begin_again(order: Order, product: Product) -> str:
    """The address at which what an order was for can be ordered anew, to pay by card."""
    if order.payer:
        return reverse("billing:check_list", args=[order.payer.public_id, product.slug])
    query = urlencode({"setting": order.customer.slug})
    return f"{reverse('billing:rent', args=[product.slug])}?{query}"


@require_safe
def return_from_payment(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where the pay page sends the buyer. Being here proves nothing: Stripe is asked."""
    order = get_order(request, public_id)
    if order.is_by_invoice and order.is_live:
        return redirect("billing:invoice", order.public_id)
    is_away = False
    try:
        order = services.reconcile_order(order=order, now=timezone.now())
    except (StripeIsAwayError, StripeRefusedError, services.OrderIsBusyError):
        is_away = True
    if order.status in READY:
        return redirect("billing:ready", order.public_id)
    if order.was_paid and not is_away:
        return redirect(order.path)
    context = order_context(request, order, is_away=is_away)
    return render(request, "billing/return.html", context, status=503 if is_away else 200)


@require_safe
def ready(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """You are ready: what to do next."""
    order = get_order(request, public_id)
    if order.status not in READY:
        return redirect("billing:return", order.public_id)
    if order.is_for_many:
        return redirect(order.path)
    return render(request, "billing/ready.html", order_context(request, order))


@require_safe
def cancelled(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where the pay page's "back" leads: nothing was paid; go on, or call it off."""
    order = get_order(request, public_id)
    if not order.is_live:
        return redirect(order.path)
    if order.is_by_invoice:
        return redirect("billing:invoice", order.public_id)
    return render(request, "billing/cancelled.html", order_context(request, order))
