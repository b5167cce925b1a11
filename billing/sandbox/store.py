"""Where the sandbox keeps its objects, and how they change together."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from billing.sandbox import shapes
from billing.sandbox.deliveries import announce
from billing.sandbox.models import SandboxObject
from billing.sandbox.rules import RefusedError
from billing.sandbox.shapes import Shape

SESSION = "checkout.session"
INTENT = "payment_intent"
CHARGE = "charge"
REFUND = "refund"
DISPUTE = "dispute"
CUSTOMER = "customer"
INVOICE = "invoice"
PAYMENT = "invoice_payment"


def keep(body: Shape) -> Shape:
    """Write an object, new or changed."""
    SandboxObject.objects.update_or_create(
        id=body["id"],
        defaults={
            "kind": body["object"],
            "body": body,
            "created_at": dt.datetime.fromtimestamp(body["created"], dt.UTC),
        },
    )
    return body


def find(kind: str, object_id: str, *, lock: bool = False) -> Shape:
    """Return an object. Raises RefusedError (404) when there is none."""
    objects = SandboxObject.objects.filter(kind=kind, id=object_id)
    found = (objects.select_for_update() if lock else objects).first()
    if found is None:
        raise RefusedError(f"No such {kind}: '{object_id}'", code="resource_missing", param="id", status=404)
    return found.body


def find_session(session_id: str, *, lock: bool = False) -> Shape:
    """Return a Checkout Session, expired by now if its time is over."""
    session = find(SESSION, session_id, lock=lock)
    if session["status"] == "open" and session["expires_at"] <= timezone.now().timestamp():
        return expire_session(session_id)
    return session


@transaction.atomic
def expire_session(session_id: str) -> Shape:
    """Close an open session. Raises RefusedError when it is not open."""
    session = find(SESSION, session_id, lock=True)
    if session["status"] != "open":
        raise RefusedError("Only Checkout Sessions with a status of open can be expired.", param="session")
    session.update(status="expired", url=None)
    announce("checkout.session.expired", keep(session))
    return session


def list_objects(kind: str, **equal: Any) -> list[Shape]:
    """Every object of a kind whose top-level fields equal these, newest first."""
    found = SandboxObject.objects.filter(
        kind=kind, **{f"body__{name}": value for name, value in equal.items()}
    )
    return [one.body for one in found.order_by("-created_at", "id")]


def page_address(session_id: str) -> str:
    """Where a session is paid: at whatever address the site answers now."""
    return f"{settings.BASE_URL}{reverse('billing_sandbox:pay', args=[session_id])}"


def show_session(session: Shape, expand: list[str]) -> Shape:
    """Return a session as Stripe would answer, with what was asked for in place of its id."""
    names = {name.removeprefix("data.") for name in expand}
    shown = {
        name: value
        for name, value in session.items()
        if name not in shapes.HIDDEN_IN_SESSION or name in names
    }
    if shown["url"]:
        shown["url"] = page_address(shown["id"])
    if shown["payment_intent"] and any(name.startswith("payment_intent") for name in names):
        intent = find(INTENT, shown["payment_intent"])
        if intent["latest_charge"] and "payment_intent.latest_charge" in names:
            intent = {**intent, "latest_charge": find(CHARGE, intent["latest_charge"])}
        shown["payment_intent"] = intent
    return shown
