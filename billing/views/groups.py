"""Renting for many settings: who pays, which settings, check, pay."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from billing import services
from billing.forms import ChoicesForm, GroupRentForm, PayerForm, SettingsListForm
from billing.models import Payer, Product, SettingsList
from billing.settings_lists import MOST_LINES, TEMPLATE, Reading, read_list
from billing.terms import TERMS_VERSION
from billing.views.rent import AWAY, RETRY_SECONDS
from elearning.periods import london_day


def get_payer(request: HttpRequest, payer_id: uuid.UUID) -> Payer:
    """Return a payer for which the asker orders; 404 otherwise."""
    return get_object_or_404(Payer.objects.visible_to(request.user), public_id=payer_id)


def get_product(product_slug: str) -> Product:
    """Return what can be rented now; 404 otherwise."""
    return get_object_or_404(Product.objects.on_sale(), slug=product_slug)


@require_http_methods(["GET", "HEAD", "POST"])
def rent_for_several(request: HttpRequest, product_slug: str) -> HttpResponse:
    """GET: which organisation pays; POST: a new one."""
    product = get_product(product_slug)
    form = PayerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        payer = services.create_payer(actor=request.user, now=timezone.now(), **form.cleaned_data)
        return redirect("billing:settings_list", payer.public_id, product.slug)
    payers = list(Payer.objects.visible_to(request.user).by_name())
    context = {"product": product, "form": form, "payers": payers, "most": MOST_LINES}
    return render(request, "billing/rent_for_several.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def settings_list(request: HttpRequest, payer_id: uuid.UUID, product_slug: str) -> HttpResponse:
    """GET: the list as it was left; POST: keep it, and go on when nothing is left to mend."""
    payer, product = get_payer(request, payer_id), get_product(product_slug)
    kept = services.find_list(payer=payer, product=product).text
    if request.method != "POST":
        return show_list(request, payer, product, SettingsListForm(kept=kept), read_list(kept))
    form = SettingsListForm(request.POST, request.FILES, kept=kept)
    if not form.is_valid():
        return show_list(request, payer, product, form, Reading([], []), status=422)
    reading = services.save_list(
        payer=payer,
        product=product,
        text=form.cleaned_data["text"],
        actor=request.user,
        now=timezone.now(),
    )
    if not reading.is_good:
        return show_list(request, payer, product, form.with_trouble(reading), reading, status=422)
    return redirect("billing:check_list", payer.public_id, product.slug)


def show_list(
    request: HttpRequest,
    payer: Payer,
    product: Product,
    form: SettingsListForm,
    reading: Reading,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show the box with the list, and each line that is to be mended."""
    context = {"payer": payer, "product": product, "form": form, "reading": reading, "most": MOST_LINES}
    return render(request, "billing/settings_list.html", context, status=status)


@require_safe
def list_template(request: HttpRequest) -> HttpResponse:
    """A CSV file to fill in; with a mark that has Excel read it as UTF-8."""
    response = HttpResponse(f"\ufeff{TEMPLATE}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="settings.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def check_list(request: HttpRequest, payer_id: uuid.UUID, product_slug: str) -> HttpResponse:
    """GET: each line with its price, and the sum. POST: choose for those that rent already, or order."""
    payer, product = get_payer(request, payer_id), get_product(product_slug)
    found = services.find_list(payer=payer, product=product)
    offer = offer_of(request, found)
    if offer is None:
        return redirect("billing:settings_list", payer.public_id, product.slug)
    if request.method != "POST":
        return show_check(request, found, offer)
    if "total_minor" in request.POST:
        return order_list(request, found, offer)
    return choose(request, found, offer)


def offer_of(request: HttpRequest, found: SettingsList) -> services.GroupOffer | None:
    """Return what a list would give today; None while something in it is to be mended, or it is empty."""
    reading = read_list(found.text)
    if not reading.is_good:
        return None
    return services.make_group_offer(
        settings_list=found, rows=reading.rows, buyer=request.user, day=london_day(timezone.now())
    )


def choose(request: HttpRequest, found: SettingsList, offer: services.GroupOffer) -> HttpResponse:
    """Keep what was chosen for the settings that rent this already."""
    form = ChoicesForm(request.POST, lines=offer.asking)
    if "again" in request.POST:
        services.save_choices(settings_list=found, choices={}, now=timezone.now())
    elif not form.is_valid():
        return show_check(request, found, offer, choices_form=form, status=422)
    else:
        services.save_choices(settings_list=found, choices=form.choices, now=timezone.now())
    return redirect(request.path)


def order_list(request: HttpRequest, found: SettingsList, offer: services.GroupOffer) -> HttpResponse:
    """Order what was shown, and go to the pay page."""
    form = GroupRentForm(request.POST)
    if not form.is_valid():
        return show_check(request, found, offer, form=form, status=422)
    try:
        _, address = services.begin_group_checkout(
            settings_list=found,
            buyer=request.user,
            terms_version=TERMS_VERSION,
            total_minor=form.cleaned_data["total_minor"],
            now=timezone.now(),
        )
    except services.CannotRentError as refusal:
        return show_check(request, found, offer, trouble=str(refusal), status=409)
    except services.NoCheckoutError:
        messages.error(request, AWAY)
        response = redirect(found.payer.path)
        response["Retry-After"] = RETRY_SECONDS
        return response
    return redirect(address or found.payer.path)


def show_check(
    request: HttpRequest,
    found: SettingsList,
    offer: services.GroupOffer,
    *,
    choices_form: ChoicesForm | None = None,
    form: GroupRentForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show what would be rented for whom, with what is still to choose, or with the terms to accept."""
    context = {
        "payer": found.payer,
        "product": found.product,
        "offer": offer,
        "choices_form": choices_form or ChoicesForm(lines=offer.asking),
        "form": form or GroupRentForm(initial={"total_minor": offer.total_minor}),
        "trouble": trouble,
    }
    return render(request, "billing/group_check.html", context, status=status)
