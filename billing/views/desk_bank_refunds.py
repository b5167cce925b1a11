"""Refunds by bank transfer at the order desk: what to do when one comes back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing import services
from billing.forms import CameBackForm
from billing.models import Refund
from billing.views.desk import for_order_desk


@for_order_desk
@require_http_methods(["GET", "HEAD", "POST"])
def came_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a transfer did not arrive and is with us again, with a reason that is kept."""
    refund = get_object_or_404(Refund.objects.by_bank().with_order(), pk=pk)
    form = CameBackForm(request.POST or None)
    context = {"refund": refund, "order": refund.order, "form": form}
    if request.method != "POST":
        return render(request, "billing/desk/came_back.html", context)
    if not form.is_valid():
        return render(request, "billing/desk/came_back.html", context, status=422)
    try:
        services.take_back_bank_refund(
            refund=refund, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now()
        )
    except services.CannotRefundError as refusal:
        form.add_error(None, str(refusal))
        return render(request, "billing/desk/came_back.html", context, status=409)
    messages.success(request, "It is recorded. The order counts this money as not given back.")
    return redirect("billing_desk:order", refund.order_id)
