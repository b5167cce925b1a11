"""Where staff make promotion codes while payments are pretend; with keys they do that at Stripe."""

import datetime as dt

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from billing.mode import is_sandbox
from billing.sandbox import promotions
from billing.sandbox.forms import PromotionCodeForm
from billing.sandbox.rules import RefusedError
from billing.sandbox.store import find, list_objects
from billing.views.desk import for_order_desk


def _refuse_with_keys() -> None:
    if not is_sandbox():
        raise Http404("With keys, promotion codes are made at Stripe.")


@for_order_desk
@require_http_methods(["GET", "HEAD", "POST"])
def promotion_codes(request: HttpRequest) -> HttpResponse:
    """Every promotion code of the sandbox, and a form for another."""
    _refuse_with_keys()
    form = PromotionCodeForm(request.POST or None)
    if request.method != "POST":
        return _show(request, form)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        with transaction.atomic():
            make(form)
    except RefusedError as refused:
        form.add_error(None, str(refused))
        return _show(request, form, status=422)
    messages.success(request, f"The code {form.cleaned_data['code']} can be entered on the pay page now.")
    return redirect("billing_desk:promotion_codes")


def make(form: PromotionCodeForm) -> None:
    """Write the coupon and its code. Raises RefusedError, and then neither is to be kept."""
    coupon = promotions.make_coupon(form.coupon)
    promotions.make_promotion_code(
        {**form.promotion, "promotion": {"type": "coupon", "coupon": coupon["id"]}}
    )


@for_order_desk
@require_POST
def end_promotion_code(request: HttpRequest, promotion_id: str) -> HttpResponse:
    """Switch a code off for good."""
    _refuse_with_keys()
    try:
        promotions.change_promotion_code(promotion_id, {"active": "false"})
    except RefusedError as refused:
        raise Http404("No such code.") from refused
    return redirect("billing_desk:promotion_codes")


def _show(request: HttpRequest, form: PromotionCodeForm, *, status: int = 200) -> HttpResponse:
    rows = [_describe(one) for one in list_objects(promotions.PROMOTION)]
    return render(
        request, "billing/sandbox/promotion_codes.html", {"form": form, "rows": rows}, status=status
    )


def _describe(promotion: promotions.Shape) -> dict[str, object]:
    """A code with its coupon and its last moment, as the list shows them."""
    ends = promotion["expires_at"]
    return {
        **promotion,
        "coupon": find(promotions.COUPON, promotion["promotion"]["coupon"]),
        "ends_at": dt.datetime.fromtimestamp(ends - 1, dt.UTC) if ends else None,
    }
