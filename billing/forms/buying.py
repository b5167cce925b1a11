"""What a buyer fills in, and whoever takes over what was bought."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from billing.forms.words import LOST, NO_EMAIL, TOO_LONG
from billing.models import Payer
from billing.services import OfferedLine
from billing.settings_lists import (
    BIGGEST_LIST,
    KINDS_TO_WRITE,
    MOST_LINES,
    Reading,
    UnreadableFileError,
    decode_list,
)


class RentForm(forms.Form):
    """Accept the terms; the setting was chosen before."""

    accepts_terms = forms.BooleanField(
        label="I accept the terms of renting for this one setting",
        error_messages={"required": "Please read the terms and tick the box to accept them."},
    )


class PayerForm(forms.ModelForm):
    """The organisation that pays for many settings."""

    class Meta:
        model = Payer
        fields = ("name", "address", "contact_name", "contact_email")
        labels = {
            "address": "Address for bills",
            "contact_name": "Who looks after bills?",
            "contact_email": "Their e-mail address",
        }
        help_texts = {
            "name": (
                "“Bright Nurseries Ltd” or “Leeds City Council”. "
                "It stands on receipts, and in the letter to each setting’s manager."
            ),
            "contact_email": "Receipts, copies of invoices, and reminders before rentals end go there.",
        }
        widgets = {"address": forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"})}
        error_messages = {
            "name": {"required": "Enter the organisation’s name.", **TOO_LONG},
            "address": {"required": "Enter the address that should stand on bills.", **TOO_LONG},
            "contact_name": {"required": "Enter the person or office that looks after bills.", **TOO_LONG},
            "contact_email": {"required": "Enter the e-mail address for bills.", **NO_EMAIL},
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].widget.attrs["autocomplete"] = "organization"


class PayerPersonForm(forms.Form):
    """A colleague who may order too."""

    email = forms.EmailField(
        label="A colleague’s e-mail address",
        help_text="They see these orders and can order, once they sign in with this address.",
        error_messages={"required": "Enter your colleague’s e-mail address.", **NO_EMAIL},
    )


class SettingsListForm(forms.Form):
    """A list of settings, typed or as a file. After cleaning, ``text`` is the whole of what was given.

    A file takes the place of what is kept; what somebody typed anew stays, below it.
    """

    use_required_attribute = False  # either of the two is enough

    text = forms.CharField(
        label="Your settings, one in a line",
        strip=False,
        error_messages={"required": "Write at least one setting, or choose a file."},
        widget=forms.Textarea(
            attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false", "wrap": "off"}
        ),
        help_text=(
            "Name, kind and manager’s e-mail address, with commas, semicolons or tabs between: "
            "copied cells of a spreadsheet fit. The kind is one of: " + KINDS_TO_WRITE + "."
        ),
    )
    file = forms.FileField(
        label="Or choose a CSV file",
        required=False,
        help_text="Saved from a spreadsheet. It takes the place of the list above.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )

    def __init__(self, *args: Any, kept: str = "", **options: Any) -> None:
        super().__init__(*args, initial={"text": kept}, **options)
        self.kept = kept

    def clean_file(self) -> str:
        """Return the text of the file, or nothing."""
        upload = self.cleaned_data["file"]
        if not upload:
            return ""
        if upload.size > BIGGEST_LIST:
            raise ValidationError(
                f"This file is too large for {MOST_LINES} settings. Is it the right one? Save it as CSV."
            )
        try:
            return decode_list(upload.read())
        except UnreadableFileError as refusal:
            raise ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        """Put the file in the place of what was kept, above what was typed anew."""
        typed, in_file = self.cleaned_data.get("text", ""), self.cleaned_data.get("file", "")
        if in_file:
            self.errors.pop("text", None)
            is_typed_anew = typed.split() != self.kept.split()
            self.cleaned_data["text"] = "\n".join([in_file.rstrip(), typed]) if is_typed_anew else in_file
        return self.cleaned_data

    def with_trouble(self, reading: Reading) -> "SettingsListForm":
        """Return the form as it comes back: all that was given in the box, and what to mend."""
        text = self.cleaned_data["text"]
        form = SettingsListForm({"text": text}, kept=text)
        lines = ", ".join(str(one.line) for one in reading.troubles[:10])
        words = reading.refusal
        if not words and len(reading.troubles) == 1:
            words = f"Line {lines} needs mending; it stands above the box."
        elif not words:
            more = "" if len(reading.troubles) <= 10 else " and more"
            words = f"{len(reading.troubles)} lines need mending: {lines}{more}. They stand above the box."
        form.add_error("text", words)
        return form


class ChoicesForm(forms.Form):
    """For each setting that rents this already: extend, or leave out."""

    def __init__(self, *args: Any, lines: list[OfferedLine], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        for line in lines:
            after = (
                f"Extend: {line.starts_on:%-d %B %Y} to {line.last_day:%-d %B %Y}, "
                "right after what it rents now"
            )
            self.fields[f"line-{line.row.line}"] = forms.ChoiceField(
                label=line.row.name,
                choices=[("extend", after), ("leave_out", "Leave out")],
                initial=line.choice,
                widget=forms.RadioSelect,
                error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose: extend, or leave out."),
            )

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, by the key of each name."""
        return {line.row.key: self.cleaned_data[f"line-{line.row.line}"] for line in self.lines}


class GroupRentForm(forms.Form):
    """Accept the terms for every setting of a list, at the sum that was shown."""

    accepts_terms = forms.BooleanField(
        label="I accept the terms of renting for each of these settings",
        error_messages={"required": "Please read the terms and tick the box to accept them."},
    )
    total_minor = forms.IntegerField(min_value=0, widget=forms.HiddenInput, error_messages=LOST)


class ClaimAddressForm(forms.Form):
    """Where the link to a setting's manager goes."""

    email = forms.EmailField(
        label="Manager’s e-mail address",
        help_text="A new link goes there; any earlier one stops working.",
        error_messages={"required": "Enter the e-mail address to which the link should go.", **NO_EMAIL},
    )


class AskedLater(forms.TextInput):
    """A box that the browser lets through empty, because another answer may stand for it."""

    def use_required_attribute(self, initial: Any) -> bool:
        """The form decides, not the browser."""
        return False


class InvoiceForm(RentForm):
    """To whom an invoice goes. Many schools may only pay one that names their purchase order."""

    po_number = forms.CharField(
        label="Purchase order number",
        max_length=60,
        widget=AskedLater,
        help_text="As your school or authority wrote it. It stands on the invoice.",
        error_messages={
            "required": "Enter the purchase order number, or tick that you do not use them.",
            **TOO_LONG,
        },
    )
    has_no_po = forms.BooleanField(label="We do not use purchase order numbers", required=False)
    billing_name = forms.CharField(
        label="Who looks after bills",
        max_length=120,
        help_text="A person or an office, for example “Finance office”.",
        error_messages={"required": "Enter the person or office that looks after bills.", **TOO_LONG},
    )
    billing_email = forms.EmailField(
        label="E-mail address for the invoice",
        help_text="The invoice goes there, and to you.",
        error_messages={"required": "Enter the e-mail address for the invoice.", **NO_EMAIL},
    )
    billing_address = forms.CharField(
        label="Billing address",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
        help_text="Street, town and postcode, as they should stand on the invoice.",
        error_messages={"required": "Enter the address that should stand on the invoice.", **TOO_LONG},
    )

    field_order = ["po_number", "has_no_po", "billing_name", "billing_email", "billing_address"]

    def clean(self) -> dict[str, Any]:
        """A purchase order number, or the word that there is none."""
        cleaned = super().clean() or {}
        for name in ("po_number", "billing_name"):
            cleaned[name] = " ".join(cleaned.get(name, "").split())
        if cleaned.get("has_no_po") and not cleaned["po_number"]:
            self.errors.pop("po_number", None)
        return cleaned

    @property
    def billing_details(self) -> dict[str, str]:
        """What the service wants."""
        names = ("po_number", "billing_name", "billing_email", "billing_address")
        return {name: self.cleaned_data[name] for name in names}


class GroupInvoiceForm(InvoiceForm):
    """To whom the one invoice for every setting of a list goes, at the sum that was shown."""

    total_minor = forms.IntegerField(min_value=0, widget=forms.HiddenInput, error_messages=LOST)

    def __init__(self, *args: Any, payer: Payer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["accepts_terms"].label = "I accept the terms of renting for each of these settings"
        self.fields["po_number"].help_text = "As your organisation wrote it. It stands on the invoice."
        self.fields["has_no_po"].label = "Our organisation does not use purchase order numbers"
        self.fields[
            "billing_email"
        ].help_text = f"The invoice goes there, and a copy to {payer.contact_email}."
