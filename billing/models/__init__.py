"""What is sold, who has paid for what, until when."""

from billing.models.documents import Document, DocumentSeries
from billing.models.grants import GrantTakenBack
from billing.models.money import Decision, Dispute, Refund
from billing.models.orders import Order, OrderLine, StripeEvent
from billing.models.payers import Payer, PayerPerson, PayerSetting, SettingsList
from billing.models.products import Product, ProductChange
from billing.models.reminders import PayerReminder, PayerReminderStop, Reminder, ReminderStop
from billing.models.rentals import Rental, Term
from billing.models.sums import SumCheck

__all__ = [
    "Decision",
    "Dispute",
    "Document",
    "DocumentSeries",
    "GrantTakenBack",
    "Order",
    "OrderLine",
    "Payer",
    "PayerPerson",
    "PayerReminder",
    "PayerReminderStop",
    "PayerSetting",
    "Product",
    "ProductChange",
    "Refund",
    "Reminder",
    "ReminderStop",
    "Rental",
    "SettingsList",
    "StripeEvent",
    "SumCheck",
    "Term",
]
