"""The month's report at the order desk, on screen and as a spreadsheet."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import services
from billing.mode import is_live
from billing.services import Table
from billing.services.reports import MONEY
from billing.views.desk import for_order_desk
from elearning.exports import XLSX, Sheet, xlsx_bytes


def read_month(text: str) -> dt.date:
    """Return the first day of the month that "2026-11" names; raises Http404 for what is no month."""
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise Http404("No such month.") from None


@for_order_desk
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """One month on screen; this month unless another is chosen."""
    months = services.months_with_a_report(now=timezone.now())
    chosen = request.GET.get("month")
    first_day = read_month(chosen) if chosen else months[0]
    found = services.monthly_report(first_day)
    context = {"report": found, "months": months, "is_practice": not is_live()}
    return render(request, "billing/desk/report.html", context)


@for_order_desk
@require_safe
def report_xlsx(request: HttpRequest, month: str) -> HttpResponse:
    """The same month as a spreadsheet, with the very same rows and sums."""
    found = services.monthly_report(read_month(month))
    content = xlsx_bytes([make_sheet(table) for table in found.tables])
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="report-{month}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


def make_sheet(table: Table) -> Sheet:
    """A part of the report as a sheet: amounts as numbers in pounds, days as days, all else as text."""

    def cell(value: Any, kind: str) -> Any:
        return Decimal(value) / 100 if kind == MONEY and value != "" else value

    rows = [
        [cell(value, column.kind) for value, column in zip(row, table.columns, strict=True)]
        for row in [*table.rows, *table.totals]
    ]
    return Sheet(table.name, [column.name for column in table.columns], rows)
