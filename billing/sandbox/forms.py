"""What a payer enters on the sandbox's pay page, and staff on its page of promotion codes."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from billing.sandbox.shapes import Shape
from elearning.periods import LONDON

NO_NUMBER = {
    "invalid": "Enter a number, such as 10 or 34.50.",
    "min_value": "Enter %(limit_value)s or more.",
    "max_digits": "Enter less than 100,000.",
    "max_whole_digits": "Enter less than 100,000.",
    "max_decimal_places": "Enter two digits after the point at most.",
}


class CodeForm(forms.Form):
    """Enter a promotion code."""

    code = forms.CharField(
        label="Promotion code",
        max_length=100,
        required=False,
        error_messages={"max_length": "No code is that long. Enter it as it was given to you."},
    )
    code.widget.attrs = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class PromotionCodeForm(forms.Form):
    """Make a promotion code, with what it takes off and when it may be used."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        validators=[RegexValidator("^[A-Za-z0-9-]+$", "Letters, digits and dashes only.")],
        error_messages={
            "required": "Enter the code that people will type.",
            "max_length": "Use %(limit_value)d signs at most; these are %(show_value)d.",
        },
    )
    kind = forms.ChoiceField(
        label="It takes off",
        choices=[("percent", "Per cent"), ("amount", "Pounds")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose: per cent, or pounds."),
    )
    value = forms.DecimalField(
        label="How much",
        min_value=Decimal("0.01"),
        max_digits=7,
        decimal_places=2,
        error_messages={"required": "Enter how much it takes off.", **NO_NUMBER},
    )
    max_redemptions = forms.IntegerField(
        label="How often it may be used",
        min_value=1,
        required=False,
        help_text="Empty: without a limit.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value"), "Enter a whole number, such as 50, or nothing."
        ),
    )
    last_on = forms.DateField(
        label="Last day",
        required=False,
        help_text="Empty: no end. As 2027-11-20.",
        error_messages={"invalid": "There is no such day. Write it as 2027-11-20, or leave it empty."},
    )
    minimum = forms.DecimalField(
        label="Smallest order in pounds",
        min_value=0,
        max_digits=7,
        decimal_places=2,
        required=False,
        error_messages=NO_NUMBER,
    )
    is_for_first = forms.BooleanField(label="For a first payment only", required=False)

    def clean(self) -> dict[str, Any]:
        """A share is at most the whole."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("kind") == "percent" and values.get("value", 0) > 100:
            self.add_error("value", "At most 100 per cent.")
        return values

    @property
    def coupon(self) -> Shape:
        """What Stripe would be asked for as a coupon."""
        value = self.cleaned_data["value"]
        if self.cleaned_data["kind"] == "percent":
            return {"percent_off": str(value), "duration": "once"}
        return {"amount_off": str(int(value * 100)), "currency": "gbp", "duration": "once"}

    @property
    def promotion(self) -> Shape:
        """What Stripe would be asked for as a promotion code, but for its coupon."""
        values = self.cleaned_data
        promotion: Shape = {"code": values["code"]}
        limits: Shape = {}
        if values["max_redemptions"]:
            promotion["max_redemptions"] = str(values["max_redemptions"])
        if values["last_on"]:
            end = dt.datetime.combine(values["last_on"] + dt.timedelta(days=1), dt.time(), LONDON)
            promotion["expires_at"] = str(int(end.timestamp()))
        if values["minimum"]:
            limits |= {"minimum_amount": str(int(values["minimum"] * 100)), "minimum_amount_currency": "gbp"}
        if values["is_for_first"]:
            limits["first_time_transaction"] = "true"
        return {**promotion, "restrictions": limits} if limits else promotion
