"""The messages about orders. Each is queued in the transaction that it tells about, so that it goes once."""

from django.conf import settings

from billing.models import Order
from elearning.mail import send_mail_template


def send_receipt(order: Order) -> None:
    """Send the buyer the receipt of a paid order."""
    if order.contact_email:
        send_mail_template("billing/receipt", to=order.contact_email, order=order)


def tell_buyer_of_failure(order: Order) -> None:
    """Tell the buyer that a payment which was on its way came back."""
    if order.contact_email:
        send_mail_template("billing/payment_failed", to=order.contact_email, order=order)


def tell_staff_of_review(order: Order) -> None:
    """Tell the provider's staff that an order needs a decision."""
    send_mail_template("billing/review", to=settings.SUPPORT_EMAIL, order=order)


def tell_staff_of_late_payment(order: Order) -> None:
    """Tell the provider's staff that a payment has been on its way for ten working days."""
    send_mail_template("billing/late_payment", to=settings.SUPPORT_EMAIL, order=order)
