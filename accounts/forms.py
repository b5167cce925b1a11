"""Forms about a person."""

from django import forms
from django.http import HttpRequest

from accounts.models import User


class NameForm(forms.Form):
    """What sign-up asks besides address and password; also changes the name later."""

    display_name = forms.CharField(
        label="Your name",
        max_length=80,
        help_text="As your colleagues know you.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("display_name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth: put the name on the new person."""
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])
