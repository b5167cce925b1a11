"""What a buyer fills in, and what staff do at the order desk."""

from billing.forms.buying import (
    ChoicesForm,
    ClaimAddressForm,
    GroupInvoiceForm,
    GroupRentForm,
    InvoiceForm,
    PayerForm,
    PayerPersonForm,
    RentForm,
    SettingsListForm,
)
from billing.forms.desk import (
    BankRefundForm,
    CameBackForm,
    GrantForm,
    MarkPaidForm,
    MeanwhileForm,
    OpenForm,
    ProductForm,
    RefundForm,
    TakeBackForm,
    VoidForm,
)

__all__ = [
    "BankRefundForm",
    "CameBackForm",
    "ChoicesForm",
    "ClaimAddressForm",
    "GrantForm",
    "GroupInvoiceForm",
    "GroupRentForm",
    "InvoiceForm",
    "MarkPaidForm",
    "MeanwhileForm",
    "OpenForm",
    "PayerForm",
    "PayerPersonForm",
    "ProductForm",
    "RefundForm",
    "RentForm",
    "SettingsListForm",
    "TakeBackForm",
    "VoidForm",
]
