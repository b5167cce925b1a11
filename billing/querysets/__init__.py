"""How products, orders, rentals and terms are found."""

from billing.querysets.documents import (
    DocumentQuerySet,
    DocumentSeriesQuerySet,
)
from billing.querysets.money import (
    DecisionQuerySet,
    DisputeQuerySet,
    RefundQuerySet,
    SumCheckQuerySet,
)
from billing.querysets.orders import (
    OrderLineQuerySet,
    OrderQuerySet,
    StripeEventQuerySet,
)
from billing.querysets.payers import (
    PayerPersonQuerySet,
    PayerQuerySet,
    PayerReminderQuerySet,
    PayerReminderStopQuerySet,
    PayerSettingQuerySet,
    SettingsListQuerySet,
)
from billing.querysets.products import (
    ProductChangeQuerySet,
    ProductQuerySet,
)
from billing.querysets.rentals import (
    ReminderQuerySet,
    ReminderStopQuerySet,
    RentalQuerySet,
    TermQuerySet,
)

__all__ = [
    "DecisionQuerySet",
    "DisputeQuerySet",
    "DocumentQuerySet",
    "DocumentSeriesQuerySet",
    "OrderLineQuerySet",
    "OrderQuerySet",
    "PayerPersonQuerySet",
    "PayerQuerySet",
    "PayerReminderQuerySet",
    "PayerReminderStopQuerySet",
    "PayerSettingQuerySet",
    "ProductChangeQuerySet",
    "ProductQuerySet",
    "RefundQuerySet",
    "ReminderQuerySet",
    "ReminderStopQuerySet",
    "RentalQuerySet",
    "SettingsListQuerySet",
    "StripeEventQuerySet",
    "SumCheckQuerySet",
    "TermQuerySet",
]
