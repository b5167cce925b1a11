"""The pay page that stands in for Stripe's: pay, be declined, pay later, or go back."""

import contextlib
import datetime as dt
from collections.abc import Callable
from itertools import zip_longest
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing.mode import is_sandbox
from billing.sandbox import bank, payer, promotions, transfers
from billing.sandbox.forms import CodeForm
from billing.sandbox.rules import RefusedError
from billing.sandbox.shapes import Shape
from billing.sandbox.store import (
    CHARGE,
    CUSTOMER,
    DISPUTE,
    INTENT,
    INVOICE,
    PAYMENT,
    REFUND,
    find,
    find_session,
    list_objects,
)

LEAVING: dict[str, Callable[[str], Shape]] = {
    "pay": payer.pay_by_card,
    "bacs": payer.pay_by_bacs,
    "bad_bacs": payer.pay_by_bad_bacs,
}
STAYING: dict[str, Callable[[str], Shape]] = {
    "take_off": promotions.take_off,
    "decline": payer.decline_card,
    "settle": payer.settle,
    "send_back": payer.send_back,
    **bank.ACTS,
}
ON_INVOICE: dict[str, Callable[[str], Shape]] = {**bank.ACTS, **transfers.ACTS}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, session_id: str) -> HttpResponse:
    """Show a checkout of the sandbox and do what its buttons say. As with Stripe, the address is the key."""
    if not is_sandbox():
        raise Http404("There is no sandbox where there are keys.")
    try:
        session = find_session(session_id)
    except RefusedError as refused:
        raise Http404("No such checkout.") from refused
    form = CodeForm(request.POST or None)
    try:
        answer = _act(request, session, form)
    except promotions.CodeRefusedError as refused:
        session = promotions.take_off(session_id)
        form.is_valid()
        form.add_error("code", str(refused))
        answer = None
    except RefusedError:
        return redirect(request.path)
    values = _describe(session, request.GET.get("after", "")) | {"form": form}
    return answer or render(request, "billing/sandbox/pay.html", values, status=422 if form.errors else 200)


def _act(request: HttpRequest, session: Shape, form: CodeForm) -> HttpResponse | None:
    """Do what the pressed button says; None where nothing is to be done. Raises RefusedError."""
    action, session_id = request.POST.get("action", ""), session["id"]
    if action == "back":
        return HttpResponseRedirect(way_back(session["cancel_url"]))
    if action in LEAVING:
        return HttpResponseRedirect(way_back(LEAVING[action](session_id)["success_url"]))
    if action == "redeem" and form.is_valid() and form.cleaned_data["code"]:
        promotions.redeem(session_id, form.cleaned_data["code"])
        return redirect(request.path)
    if action in STAYING:
        STAYING[action](session_id)
        return redirect(f"{request.path}?after={action}")
    return None


def way_back(address: str) -> str:
    """The path of an address of the site's, which may answer at another port than when it was written."""
    return urlsplit(address)._replace(scheme="", netloc="").geturl()


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invoice(request: HttpRequest, invoice_id: str) -> HttpResponse:
    """Show an invoice of the sandbox and do what its buttons say. As with Stripe, the address is the key."""
    if not is_sandbox():
        raise Http404("There is no sandbox where there are keys.")
    try:
        found = find(INVOICE, invoice_id)
    except RefusedError as refused:
        raise Http404("No such invoice.") from refused
    action = request.POST.get("action", "")
    if found["status"] == "draft":
        raise Http404("No such invoice.")
    if action in ON_INVOICE:
        with contextlib.suppress(RefusedError):  # a button of a page that is not up to date
            ON_INVOICE[action](invoice_id)
        return redirect(request.path)
    return render(request, "billing/sandbox/invoice.html", _describe_invoice(found))


def _describe_invoice(invoice: Shape) -> dict:
    """What the page shows of an invoice."""
    paid = next(iter(list_objects(PAYMENT, invoice=invoice["id"], status="paid")), None)
    intent = find(INTENT, paid["payment"]["payment_intent"]) if paid else None
    return {
        "invoice": invoice,
        "due_at": dt.datetime.fromtimestamp(invoice["due_date"], dt.UTC),
        "missing_minor": transfers.missing_of(invoice),
        "balance_minor": transfers.balance_of(find(CUSTOMER, invoice["customer"]), invoice["currency"]),
        "may_pay": invoice["status"] in ("open", "uncollectible"),
        "may_void": invoice["status"] in ("open", "uncollectible"),
        "back_url": reverse("billing:invoice", args=[invoice["metadata"]["order"]]),
        **_describe_money(intent),
    }


def _describe(session: Shape, after: str) -> dict:
    """What the page shows of a session."""
    intent = find(INTENT, session["payment_intent"]) if session["payment_intent"] else None
    is_pending = intent is not None and intent["status"] == "processing"
    return {
        "session": session,
        "lines": list(zip_longest(session["line_items"]["data"], session.get("line_details", []))),
        "discount": promotions.describe(session),
        "is_open": session["status"] == "open",
        "is_expired": session["status"] == "expired",
        "is_pending": is_pending,
        "ends_at": _moment(intent["created"]) + payer.debit_takes() if is_pending and intent else None,
        "is_paid": session["payment_status"] in ("paid", "no_payment_required"),
        "was_declined": after == "decline" and session["status"] == "open",
        **_describe_money(intent),
    }


def _moment(stamp: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(stamp, dt.UTC)


def _describe_money(intent: Shape | None) -> dict:
    """What went back, and which of the bank's buttons make sense."""
    if intent is None or intent["status"] != "succeeded":
        return {}
    charge = find(CHARGE, intent["latest_charge"])
    dispute = bank.newest_of(DISPUTE, charge)
    status = dispute["status"] if dispute else ""
    return {
        "charge": charge,
        "dispute": dispute,
        "may_inquire": status in ("", bank.WON, bank.CLOSED),
        "may_withdraw": status in ("", bank.WON, bank.CLOSED, bank.INQUIRY),
        "may_win": status in (bank.INQUIRY, bank.DISPUTED),
        "may_lose": status == bank.DISPUTED,
        "may_refund": charge["amount_refunded"] < charge["amount"]
        and status not in (bank.DISPUTED, bank.LOST),
        "may_fail_refund": any(
            refund["status"] == "succeeded" for refund in list_objects(REFUND, charge=charge["id"])
        ),
    }
