"""The nightly sum check at the order desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.models import SumCheck
from billing.views.desk import for_order_desk

NIGHTS = 30


@for_order_desk
@require_safe
def sums(request: HttpRequest) -> HttpResponse:
    """What the last check found, and the nights before."""
    checks = list(SumCheck.objects.newest_first()[:NIGHTS])
    context = {"latest": checks[0] if checks else None, "checks": checks}
    return render(request, "billing/desk/sums.html", context)
