"""What a buyer fills in."""

from django import forms


class RentForm(forms.Form):
    """Accept the terms; the setting was chosen before."""

    accepts_terms = forms.BooleanField(
        label="I accept the terms of renting for this one setting",
        error_messages={"required": "Please read the terms and tick the box to accept them."},
    )
