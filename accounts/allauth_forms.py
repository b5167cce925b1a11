"""allauth's forms in our words. Apart from forms.py, which allauth's own forms build on."""

import struct
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms

EMAIL = "E-mail address"
SHARED_DEVICE = "Not on a tablet or computer that you share."
LONG_ENOUGH = "At least 10 letters, numbers or signs. Three or four words together make a good one."

MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)


def reword(form: forms.Form, **labels: str) -> None:
    """Give fields their labels, and take away placeholders, which vanish as soon as one types."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
    if "password1" in form.fields:
        form.fields["password1"].help_text = LONG_ENOUGH


class LoginForm(account_forms.LoginForm):
    """Sign in with a password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, login=EMAIL, remember="Keep me signed in on this device")
        self.fields["password"].help_text = ""
        self.fields["remember"].help_text = SHARED_DEVICE


class SignupForm(account_forms.SignupForm):
    """Create an account: name, address, password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, email=EMAIL, password1="Password")

    def clean_email(self) -> str:
        """Let an invitation vouch for its own address only.

        allauth would otherwise add the invited address to an account under any other one, and let it in.
        """
        email = super().clean_email()
        adapter = get_account_adapter()
        if not adapter.is_email_verified(context.request, email):
            adapter.unstash_verified_email(context.request)
        return email


class RequestLoginCodeForm(account_forms.RequestLoginCodeForm):
    """Ask for a code by e-mail."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, email=EMAIL)


class ConfirmLoginCodeForm(account_forms.ConfirmLoginCodeForm):
    """Type the code from the e-mail."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code="Code from the e-mail")


class ChangeEmailForm(account_forms.ChangeEmailForm):
    """Give another address, which counts once its link has been opened."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, email="New e-mail address")


class AddEmailForm(account_forms.AddEmailForm):
    """The same, as the address page uses it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, email="New e-mail address")


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Change the password, knowing the present one."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, oldpassword="Present password", password1="New password", password2="New password again")


class SetPasswordForm(account_forms.SetPasswordForm):
    """Choose a first password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, password1="Password", password2="Password again")


class ResetPasswordForm(account_forms.ResetPasswordForm):
    """Ask for a link to choose a new password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, email=EMAIL)


class ResetPasswordKeyForm(account_forms.ResetPasswordKeyForm):
    """Choose a new password, having opened the link."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, password1="New password", password2="New password again")


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """Give the password once more."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self)
        self.fields["password"].label = "Your password"
        self.fields["password"].help_text = ""


class AuthenticateForm(mfa_forms.AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code="Code")
        self.fields["code"].help_text = "From your authenticator app, or one of your recovery codes."


class ReauthenticateByCodeForm(mfa_forms.ReauthenticateForm):
    """The code once more."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code="Code from your authenticator app, or a recovery code")


class ActivateTotpForm(totp_forms.ActivateTOTPForm):
    """Show that the authenticator app works."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code="Code that the app shows now")


class SoundCredential:
    """What a browser says about a passkey, checked for shape: made-up answers are refused, never a crash.

    allauth and its library expect the fields of the standard and stumble over anything else.
    """

    def clean_credential(self) -> Any:
        """Read the answer. Raises ValidationError for whatever is none."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginPasskeyForm(SoundCredential, webauthn_forms.LoginWebAuthnForm):
    """Sign in by passkey."""


class AuthenticatePasskeyForm(SoundCredential, webauthn_forms.AuthenticateWebAuthnForm):
    """The second step by passkey."""


class ReauthenticatePasskeyForm(SoundCredential, webauthn_forms.ReauthenticateWebAuthnForm):
    """Show by passkey who it is."""


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    """A new passkey: always one that signs in by itself, with a finger, a face or a PIN."""

    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reword(self, name="Name of this passkey")
        self.fields["name"].help_text = "So that you know it again: “My phone”, “Office computer”."
        self.fields["name"].max_length = 60

    def clean(self) -> dict:
        """Read the new passkey. Raises ValidationError for whatever is none."""
        try:
            return super().clean()
        except MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class EditPasskeyForm(webauthn_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label="Name of this passkey", max_length=60)
