"""How allauth behaves here."""

import io
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import audit
from accounts.models import User
from elearning.mail import send_mail_template

# What allauth's messages may carry into the queue: links and codes for their receiver, and own addresses.
MAIL_VALUES = (
    "user",
    "code",
    "activate_url",
    "password_reset_url",
    "signup_url",
    "deleted_email",
    "from_email",
    "to_email",
)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: mail goes through the queue, refusals are plain sentences, sign-ins are audited."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Write to us if that is a mistake.",
        "email_password_mismatch": (
            "This e-mail address and password do not go together. Check both, or ask for a sign-in code."
        ),
        "email_taken": "This address cannot be used. Choose another one.",
        "enter_current_password": "That is not your present password.",
        "incorrect_code": "That code is not right. Check the newest message, and type it again.",
        "incorrect_password": "That is not your password.",
        "invalid_or_expired_key": "This link is over. Ask for a new one.",
        "invalid_password_reset": "This link is over. Ask for a new one.",
        "same_as_current": "This is your address already.",
        "too_many_login_attempts": "That was tried too often. Wait five minutes, then try again.",
        "rate_limited": "That was tried too often. Wait a few minutes, then try again.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one of allauth's messages: "mfa/email/totp_activated" is emails/account/totp_activated."""
        values = {name: context[name] for name in MAIL_VALUES if context.get(name)}
        send_mail_template(f"account/{template_prefix.rpartition('/')[2]}", to=email, **values)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on to where the person wanted to go, and note the sign-in."""
        audit.record("person.signed_in", actor=user, is_new=bool(kwargs.get("signup")))
        return super().post_login(request, user, **kwargs)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """After a new password, back to the account page."""
        return settings.ACCOUNT_PAGE


class MfaAdapter(DefaultMFAAdapter):
    """Passkeys and authenticator apps."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": "Take your passkeys and authenticator app off before you change your address.",
        "cannot_delete_authenticator": "This cannot be removed now.",
        "cannot_generate_recovery_codes": "Add a passkey or an authenticator app first.",
        "incorrect_code": "That code is not right. Wait for the next one, and type it again.",
        "unverified_email": "Confirm your e-mail address first: open the link we sent you.",
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """A name to start from in the form for a new passkey."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "My passkey" if number == 1 else f"My passkey {number}"

    def build_totp_svg(self, url: str) -> str:
        """The QR code for an authenticator app: dark on white, so that phones read it in dark mode too."""
        picture = io.BytesIO()
        code = segno.make(url, error="m")
        code.save(picture, kind="svg", scale=5, border=4, dark="#000000", light="#ffffff")
        return picture.getvalue().decode()

    def _get_site_name(self) -> str:
        return settings.SITE_NAME
