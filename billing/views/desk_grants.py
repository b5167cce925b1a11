"""Rentals without payment at the order desk: what was granted, and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from billing import services
from billing.forms import TakeBackForm
from billing.models import Term
from billing.views.desk import SHOWN, for_order_desk
from elearning.periods import london_day


@for_order_desk
@require_safe
def grants(request: HttpRequest) -> HttpResponse:
    """What was granted, newest first: to whom, until when, by whom and why."""
    granted = Term.objects.granted().with_all_about_it().newest_first()
    context = {"grants": granted[:SHOWN], "shown": SHOWN, "today": london_day(timezone.now())}
    return render(request, "billing/desk/grants.html", context)


@for_order_desk
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """End one granted rental at once, with a reason that is kept."""
    term = get_object_or_404(Term.objects.granted().with_all_about_it(), pk=pk)
    form = TakeBackForm(request.POST or None)
    context = {"term": term, "form": form}
    if request.method != "POST":
        return render(request, "billing/desk/take_back.html", context)
    if not form.is_valid():
        return render(request, "billing/desk/take_back.html", context, status=422)
    try:
        services.take_back_grant(
            term=term, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now()
        )
    except services.CannotDecideError as refusal:
        form.add_error(None, str(refusal))
        return render(request, "billing/desk/take_back.html", context, status=409)
    messages.success(request, "Taken back. Its lessons are closed.")
    return redirect("billing_desk:grants")
