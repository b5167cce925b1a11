"""What is sold, who has paid for what, until when."""

from billing.models.documents import Document, DocumentSeries
from billing.models.money import Decision, Dispute, Refund
from billing.models.orders import Order, OrderLine, StripeEvent
from billing.models.payers import Payer, PayerPerson, PayerSetting, SettingsList
from billing.models.products import Product
from billing.models.reminders import Reminder, ReminderStop
from billing.models.rentals import Rental, Term

__all__ = [
    "Decision",
    "Dispute",
    "Document",
    "DocumentSeries",
    "Order",
    "OrderLine",
    "Payer",
    "PayerPerson",
    "PayerSetting",
    "Product",
    "Refund",
    "Reminder",
    "ReminderStop",
    "Rental",
    "SettingsList",
    "StripeEvent",
    "Term",
]
