"""The messages about orders. Each is queued in the transaction that it tells about, so that it goes once."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from wagtail.log_actions import log as audit
from wagtail.log_actions import registry

from billing.models import (
    Dispute,
    Document,
    Order,
    Payer,
    PayerPerson,
    PayerSetting,
    Refund,
    Reminder,
    SumCheck,
    Term,
)
from billing.tokens import payer_reminder_token, reminder_token
from elearning.mail import send_mail_template
from teams.models import CareSetting

PRODUCT_WORDS = ("name", "slug", "months", "price_minor", "currency", "is_on_sale")


def _send(template: str, *, to: str, about: Order, **values: Any) -> None:
    """Queue a message and note with its order that there was one; never what it says or to whom."""
    send_mail_template(template, to=to, **values)
    audit(about, "billing.order.mail", data={"message": template.removeprefix("billing/")})


def was_told(message: str, *, about: Order) -> bool:
    """Whether a message was queued about this order before."""
    notes = registry.get_logs_for_instance(about)
    return any(note.data.get("message") == message for note in notes)


def send_receipt(order: Order, receipt: Document) -> None:
    """Send the buyer word of a paid order, with the number of its receipt and the way to it."""
    if order.contact_email:
        template = "billing/group_receipt" if order.is_for_many else "billing/receipt"
        _send(template, to=order.contact_email, about=order, order=order, receipt=receipt)
    if order.billing_email and order.billing_email.lower() != order.contact_email.lower():
        _send("billing/invoice_paid", to=order.billing_email, about=order, order=order, receipt=receipt)


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


def tell_buyer_of_refund(refund: Refund, credit_note: Document | None) -> None:
    """Tell the buyer that money is on its way back, with the credit note where it is issued by now."""
    if refund.order.contact_email:
        _send(
            "billing/refund",
            to=refund.order.contact_email,
            about=refund.order,
            refund=refund,
            credit_note=credit_note,
        )


def send_correction(document: Document) -> None:
    """Send the buyer word of a credit or debit note that no other message names."""
    if document.order.contact_email:
        _send("billing/correction", to=document.order.contact_email, about=document.order, document=document)


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


def send_reminder(reminder: Reminder, *, care_setting_id: int, day: dt.date) -> None:
    """Remind one person on the London ``day`` that a rental ends.

    Carries a link that stops reminders with one press, in the words and, for mail programs, in the headers
    of RFC 8058.
    """
    token = reminder_token(user_id=reminder.user_id, care_setting_id=care_setting_id)
    stop_url = f"{settings.BASE_URL}{reverse('billing:stop_reminders', args=[token])}"
    left = (reminder.term.last_day - day).days
    send_mail_template(
        "billing/reminder",
        to=reminder.user,
        headers={"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        term=reminder.term,
        care_setting=CareSetting(pk=care_setting_id),
        when={0: "today", 1: "tomorrow"}.get(left, f"in {left} days"),
        grace_days=settings.BILLING_GRACE_DAYS,
        stop_url=stop_url,
    )


def send_payer_reminder(payer: Payer, terms: list[Term], *, day: dt.date) -> None:
    """Remind a payer's contact on the London ``day`` of its settings whose rentals end.

    One mail names them all. Its link stops these mails with one press, as in ``send_reminder``.
    """
    token = payer_reminder_token(payer_id=payer.pk, email=payer.contact_email)
    stop_url = f"{settings.BASE_URL}{reverse('billing:stop_payer_reminders', args=[token])}"
    first = min(term.last_day for term in terms)
    left = (first - day).days
    send_mail_template(
        "billing/payer_reminder",
        to=payer.contact_email,
        headers={"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        payer=payer,
        lines=[_ending_line(term) for term in terms],
        products=[
            {name: getattr(one, name) for name in PRODUCT_WORDS}
            for one in {term.rental.product_id: term.rental.product for term in terms}.values()
        ],
        first_last_day=_day_in_words(first),
        when={0: "today", 1: "tomorrow"}.get(left, f"in {left} days"),
        grace_days=settings.BILLING_GRACE_DAYS,
        stop_url=stop_url,
    )


def _ending_line(term: Term) -> dict[str, Any]:
    """One rental that ends, as its payer knows the setting: plain values, because mail waits for a worker."""
    setting = term.order_line.payer_setting if term.order_line else None
    return {
        "setting": setting.name if setting else "",
        "has_begun": bool(setting and setting.claimed_at),
        "product": term.rental.product.name,
        "last_day": _day_in_words(term.last_day),
    }


def _day_in_words(day: dt.date) -> str:
    return f"{day:%-d %B %Y}"


def tell_staff_of_fraud_warning(order: Order) -> None:
    """Tell the provider's staff that a card network holds a payment for fraud, before anybody disputes it."""
    _send("billing/fraud_warning", to=settings.SUPPORT_EMAIL, about=order, order=order)


def tell_staff_of_deleted_customer(order: Order) -> None:
    """Tell the provider's staff that somebody deleted an order's customer at Stripe."""
    _send("billing/customer_deleted", to=settings.SUPPORT_EMAIL, about=order, order=order)


def tell_staff_of_sums(check: SumCheck) -> None:
    """Tell the provider's staff which orders are not as Stripe has them."""
    send_mail_template("billing/sums", to=settings.SUPPORT_EMAIL, check=check)


def send_claim_letter(payer_setting: PayerSetting) -> None:
    """Send a setting's manager the link with which they take over what was paid for them."""
    letter = payer_setting.invitation
    if letter:
        # To the letter's own address: a link to a later address must not go out with an earlier mail.
        send_mail_template("billing/claim", to=letter, payer_setting=payer_setting, invitation=letter)


def tell_payer_person(person: PayerPerson) -> None:
    """Tell somebody that they may order for a payer and see what it ordered."""
    send_mail_template("billing/payer_person", to=person, person=person)


# --- Invoices: to whoever pays, and to whoever ordered ----------------------------------------------


def _send_to_payers(template: str, order: Order) -> None:
    """Queue a message for the billing address and for the buyer, once where that is the same."""
    document = Document.objects.of_order(order).of_kind(Document.Kind.INVOICE).get()
    for address in {one.lower(): one for one in (order.contact_email, order.billing_email) if one}.values():
        _send(template, to=address, about=order, order=order, document=document)


def send_invoice(order: Order) -> None:
    """Send the invoice, and how to pay it."""
    _send_to_payers("billing/invoice", order)


def tell_of_part_payment(order: Order) -> None:
    """Say that less came than is owed, and how much is missing."""
    _send_to_payers("billing/invoice_part_paid", order)


def tell_of_overdue_invoice(order: Order) -> None:
    """Remind of an invoice whose last day for paying is past."""
    _send_to_payers("billing/invoice_overdue", order)


def tell_of_void_invoice(order: Order) -> None:
    """Say that an invoice is called off, so that nobody pays it."""
    _send_to_payers("billing/invoice_void", order)


def tell_staff_of_surplus(order: Order) -> None:
    """Tell the provider's staff that more came than is owed."""
    _send("billing/surplus", to=settings.SUPPORT_EMAIL, about=order, order=order)
