"""What a buyer fills in, and what staff do at the order desk."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms

from billing.models import Decision, Product
from teams.models import CareSetting


class RentForm(forms.Form):
    """Accept the terms; the setting was chosen before."""

    accepts_terms = forms.BooleanField(
        label="I accept the terms of renting for this one setting",
        error_messages={"required": "Please read the terms and tick the box to accept them."},
    )


class RefundForm(forms.Form):
    """Give money back: how much of what is left, and why."""

    amount = forms.DecimalField(
        label="Amount in pounds", min_value=Decimal("0.01"), max_digits=9, decimal_places=2
    )
    reason = forms.CharField(label="Why", max_length=300, help_text="Kept with the order for six years.")
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, left_minor: int, **kwargs: Any) -> None:
        initial = {"amount": Decimal(left_minor) / 100, "key": uuid.uuid4()}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["amount"].help_text = f"At most {Decimal(left_minor) / 100:.2f} is left."

    @property
    def refund_values(self) -> dict[str, Any]:
        """What the service wants; money in minor units."""
        return {
            "amount_minor": int(self.cleaned_data["amount"] * 100),
            "reason": self.cleaned_data["reason"],
            "key": self.cleaned_data["key"],
        }


class OpenForm(forms.Form):
    """Open what an order under review paid for."""

    kind = forms.ChoiceField(
        label="What to do",
        choices=[
            (Decision.Kind.FULFIL, "Fulfil: open it on the usual days"),
            (Decision.Kind.EXTEND, "Extend: add the time after what is rented already"),
        ],
    )
    reason = forms.CharField(label="Why", max_length=300, help_text="Kept with the order for six years.")


class GrantForm(forms.Form):
    """A rental without payment."""

    care_setting = forms.ModelChoiceField(CareSetting.objects.by_name(), label="Setting")
    product = forms.ModelChoiceField(Product.objects.cheapest_first(), label="Product")
    months = forms.IntegerField(label="Months", min_value=1, max_value=36, initial=12)
    reason = forms.CharField(label="Why", max_length=300, help_text="Kept with the term.")


class ProductForm(forms.Form):
    """Change what is sold. The address can be changed until somebody has ordered it."""

    name = forms.CharField(label="Name", max_length=120)
    slug = forms.SlugField(
        label="Address",
        max_length=60,
        help_text="Fixed once somebody has ordered it; links in mails hold it.",
    )
    blurb = forms.CharField(
        label="Description", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    price = forms.DecimalField(
        label="Price in pounds",
        min_value=Decimal("0.30"),
        max_value=Decimal("99999"),
        decimal_places=2,
        help_text="For new orders. Orders that were begun keep their price. Stripe takes no less than £0.30.",
    )
    months = forms.IntegerField(label="Months", min_value=1, max_value=36)
    is_on_sale = forms.BooleanField(
        label="On sale", required=False, help_text="What is not on sale can be neither rented nor renewed."
    )
    reason = forms.CharField(label="Why", max_length=300, help_text="Kept with the change, for good.")
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

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

    reason = forms.CharField(label="Why", max_length=300, help_text="Kept with the term.")
