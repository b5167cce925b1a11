"""The pay page that stands in for Stripe's: pay, be declined, pay later, or go back."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from billing.mode import is_sandbox
from billing.sandbox import payer
from billing.sandbox.rules import RefusedError
from billing.sandbox.shapes import Shape
from billing.sandbox.store import INTENT, find, find_session

LEAVING: dict[str, Callable[[str], Shape]] = {"pay": payer.pay_by_card, "bacs": payer.pay_by_bacs}
STAYING: dict[str, Callable[[str], Shape]] = {
    "decline": payer.decline_card,
    "settle": payer.settle,
    "send_back": payer.send_back,
}


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
    action = request.POST.get("action", "")
    if action == "back":
        return HttpResponseRedirect(session["cancel_url"])
    try:
        if action in LEAVING:
            return HttpResponseRedirect(LEAVING[action](session_id)["success_url"])
        if action in STAYING:
            STAYING[action](session_id)
            return redirect(f"{request.path}?after={action}")
    except RefusedError:
        return redirect(request.path)
    return render(request, "billing/sandbox/pay.html", _describe(session, request.GET.get("after", "")))


def _describe(session: Shape, after: str) -> dict:
    """What the page shows of a session."""
    intent = find(INTENT, session["payment_intent"]) if session["payment_intent"] else None
    is_pending = intent is not None and intent["status"] == "processing"
    return {
        "session": session,
        "lines": session["line_items"]["data"],
        "is_open": session["status"] == "open",
        "is_expired": session["status"] == "expired",
        "is_pending": is_pending,
        "is_paid": session["payment_status"] in ("paid", "no_payment_required"),
        "was_declined": after == "decline" and session["status"] == "open",
    }
