"""The messages about orders. Each is queued in the transaction that it tells about, so that it goes once."""

from typing import Any

from django.conf import settings
from wagtail.log_actions import log as audit

from billing.models import Dispute, Order, Refund
from elearning.mail import send_mail_template


def _send(template: str, *, to: str, about: Order, **values: Any) -> None:
    """Queue a message and note with its order that there was one; never what it says or to whom."""
    send_mail_template(template, to=to, **values)
    audit(about, "billing.order.mail", data={"message": template.removeprefix("billing/")})


def send_receipt(order: Order) -> None:
    """Send the buyer the receipt of a paid order."""
    if order.contact_email:
        _send("billing/receipt", to=order.contact_email, about=order, order=order)


def tell_buyer_of_failure(order: Order) -> None:
    """Tell the buyer that a payment which was on its way came back."""
    if order.contact_email:
        _send("billing/payment_failed", to=order.contact_email, about=order, order=order)


def tell_staff_of_review(order: Order) -> None:
    """Tell the provider's staff that an order needs a decision."""
    _send("billing/review", to=settings.SUPPORT_EMAIL, about=order, order=order)


def tell_staff_of_late_payment(order: Order) -> None:
    """Tell the provider's staff that a payment has been on its way for ten working days."""
    _send("billing/late_payment", to=settings.SUPPORT_EMAIL, about=order, order=order)


def tell_buyer_of_refund(refund: Refund) -> None:
    """Tell the buyer that money is on its way back."""
    if refund.order.contact_email:
        _send("billing/refund", to=refund.order.contact_email, about=refund.order, refund=refund)


def tell_staff_of_failed_refund(refund: Refund) -> None:
    """Tell the provider's staff that money did not arrive and is with us again."""
    _send("billing/refund_failed", to=settings.SUPPORT_EMAIL, about=refund.order, refund=refund)


def tell_staff_of_dispute(dispute: Dispute) -> None:
    """Tell the provider's staff that a bank asks for money back, or how that ended."""
    _send(
        "billing/dispute",
        to=settings.SUPPORT_EMAIL,
        about=dispute.order,
        dispute=dispute,
        stripe_status=dispute.stripe_status,
    )


def tell_buyer_of_access(order: Order, *, change: str) -> None:
    """Tell the buyer that what they rent is on hold, ended, or open again."""
    if order.contact_email:
        _send("billing/access", to=order.contact_email, about=order, order=order, change=str(change))
