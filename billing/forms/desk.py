"""What staff fill in at the order desk."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from billing.forms.words import LOST, NO_AMOUNT, NO_MONTHS, TOO_LONG
from billing.models import Decision, Product
from teams.models import CareSetting


def why_field(
    help_text: str = "Kept with the order for six years.", *, label: str = "Why"
) -> forms.CharField:
    """Why staff do something, in their own words; kept, so never empty."""
    return forms.CharField(
        label=label,
        max_length=300,
        help_text=help_text,
        error_messages={
            "required": "Say why in a few words, so that others understand it later.",
            **TOO_LONG,
        },
    )


def amount_field() -> forms.DecimalField:
    """How much is given back."""
    return forms.DecimalField(
        label="Amount in pounds",
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        error_messages={"required": "Enter how much is given back, in pounds.", **NO_AMOUNT},
    )


def bank_reference_field(help_text: str) -> forms.CharField:
    """How the bank calls a transfer."""
    return forms.CharField(
        label="The bank’s reference",
        max_length=120,
        help_text=help_text,
        error_messages={"required": "Enter the reference from our bank statement.", **TOO_LONG},
    )


class RefundForm(forms.Form):
    """Give money back: how much of what is left, and why."""

    amount = amount_field()
    reason = why_field()
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=LOST)

    def __init__(self, *args: Any, left_minor: int, **kwargs: Any) -> None:
        left = Decimal(left_minor).scaleb(-2)  # keeps both digits of pence
        super().__init__(*args, initial={"amount": left, "key": uuid.uuid4()}, **kwargs)
        self.fields["amount"].help_text = f"At most £{left} is left."

    @property
    def refund_values(self) -> dict[str, Any]:
        """What the service wants; money in minor units."""
        return {
            "amount_minor": int(self.cleaned_data["amount"] * 100),
            "reason": self.cleaned_data["reason"],
            "key": self.cleaned_data["key"],
        }


class BankRefundForm(forms.Form):
    """Money that came past Stripe went back: how much, on which day, and how the bank calls it."""

    amount = amount_field()
    sent_on = forms.DateField(
        label="Day of the transfer",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Enter the day on which the bank sent it.",
            "invalid": "There is no such day. Write it as 2026-11-21.",
        },
    )
    bank_reference = bank_reference_field("As it stands on our bank statement.")
    reason = why_field()
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=LOST)

    def __init__(self, *args: Any, left_minor: int, today: dt.date, **kwargs: Any) -> None:
        left = Decimal(left_minor).scaleb(-2)
        initial = {"amount": left, "sent_on": today, "key": uuid.uuid4()}
        super().__init__(*args, initial=initial, prefix="bank", **kwargs)
        self.left, self.today = left, today
        self.fields["amount"].help_text = f"At most £{left} is left."
        self.fields["sent_on"].widget.attrs["max"] = today.isoformat()

    def clean_amount(self) -> Decimal:
        """Refuse more than is left beside the other faults; the service asks again, under its lock."""
        amount = self.cleaned_data["amount"]
        if self.left and amount > self.left:
            raise ValidationError(f"£{self.left:.2f} is left to give back, no more.")
        return amount

    def clean_sent_on(self) -> dt.date:
        """Refuse a day that has not come, beside the other faults."""
        sent_on = self.cleaned_data["sent_on"]
        if sent_on > self.today:
            raise ValidationError("This day has not come yet. Record the refund once the bank has sent it.")
        return sent_on

    @property
    def refund_values(self) -> dict[str, Any]:
        """What the service wants; money in minor units."""
        names = ("sent_on", "bank_reference", "reason", "key")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"amount_minor": int(self.cleaned_data["amount"] * 100)}


class CameBackForm(forms.Form):
    """A refund by bank transfer came back to us."""

    reason = why_field(
        "As our bank says it, with the day on our statement. Kept with the order for six years.",
        label="Why it came back",
    )


class OpenForm(forms.Form):
    """Open what an order under review paid for."""

    kind = forms.ChoiceField(
        label="What to do",
        choices=[
            (Decision.Kind.FULFIL, "Fulfil: open it on the usual days"),
            (Decision.Kind.EXTEND, "Extend: add the time after what is rented already"),
        ],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what to do: fulfil, or extend."),
    )
    reason = why_field()


class MarkPaidForm(forms.Form):
    """An invoice was paid past Stripe: how the bank calls the money, and how we know."""

    bank_reference = bank_reference_field(
        "As it stands on our bank statement. You can find the order by it later."
    )
    reason = why_field()


class MeanwhileForm(forms.Form):
    """Open what an invoice is for before it is paid."""

    reason = why_field()


class VoidForm(forms.Form):
    """Void an invoice for good."""

    reason = why_field()


class GrantForm(forms.Form):
    """A rental without payment."""

    care_setting = forms.ModelChoiceField(
        CareSetting.objects.opened().by_name(),
        label="Setting",
        error_messages={
            "required": "Choose the setting that gets it.",
            "invalid_choice": "This setting is no longer there. Choose another.",
        },
    )
    product = forms.ModelChoiceField(
        Product.objects.cheapest_first(),
        label="Product",
        error_messages={
            "required": "Choose what it gets.",
            "invalid_choice": "This product is no longer there. Choose another.",
        },
    )
    months = forms.IntegerField(
        label="Months", min_value=1, max_value=36, initial=12, error_messages=NO_MONTHS
    )
    reason = why_field("Kept with the term.")


class ProductForm(forms.Form):
    """Change what is sold. The address can be changed until somebody has ordered it."""

    name = forms.CharField(
        label="Name",
        max_length=120,
        error_messages={"required": "Enter the name under which it is sold.", **TOO_LONG},
    )
    slug = forms.SlugField(
        label="Address",
        max_length=60,
        error_messages={
            "required": "Enter the address, such as section-two.",
            "invalid": "Use letters without accents, digits and dashes only, such as section-two.",
            **TOO_LONG,
        },
        help_text="Fixed once somebody has ordered it; links in mails hold it.",
    )
    blurb = forms.CharField(
        label="Description",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=TOO_LONG,
    )
    price = forms.DecimalField(
        label="Price in pounds",
        min_value=Decimal("0.30"),
        max_value=Decimal("99999"),
        decimal_places=2,
        help_text="For new orders. Orders that were begun keep their price. Stripe takes no less than £0.30.",
        error_messages={"required": "Enter the price in pounds.", **NO_AMOUNT},
    )
    months = forms.IntegerField(label="Months", min_value=1, max_value=36, error_messages=NO_MONTHS)
    is_on_sale = forms.BooleanField(
        label="On sale", required=False, help_text="What is not on sale can be neither rented nor renewed."
    )
    reason = why_field("Kept with the change, for good.")
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=LOST)

    def __init__(self, *args: Any, product: Product, has_address: bool, **kwargs: Any) -> None:
        initial = {
            "name": product.name,
            "slug": product.slug,
            "blurb": product.blurb,
            "price": f"{Decimal(product.price_minor) / 100:.2f}",
            "months": product.months,
            "is_on_sale": product.is_on_sale,
            "seen": product.changes.count(),
        }
        super().__init__(*args, initial=initial, **kwargs)
        if not has_address:
            del self.fields["slug"]

    @property
    def change_values(self) -> dict[str, Any]:
        """What the service wants; money in minor units."""
        values = {
            name: self.cleaned_data[name]
            for name in ("name", "slug", "blurb", "months", "is_on_sale")
            if name in self.cleaned_data
        }
        values["price_minor"] = int(self.cleaned_data["price"] * 100)
        return {"values": values, "seen": self.cleaned_data["seen"], "reason": self.cleaned_data["reason"]}


class TakeBackForm(forms.Form):
    """End a rental that was granted."""

    reason = why_field("Kept with the term.")
