"""Asking once more who it is, before something that matters."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest


@reauthentication_required
def ask_who_it_is(request: HttpRequest) -> None:
    """Go on if the person has shown lately who they are; else send them to do so, and come back after.

    Call it in a view after its policy has agreed and before its service, for a POST: allauth keeps the form's
    words and sends them again when the person has given the password, a code or a passkey.
    """
