"""What stands in the link that stops reminders: nobody can make one without the site's secret key."""

from django.core.signing import BadSignature, Signer

_SIGNER = Signer(salt="billing.reminders", sep=".")


def reminder_token(*, user_id: int, care_setting_id: int) -> str:
    """The token that stops one person's reminders about one setting. It has no end, as mail has none."""
    return _SIGNER.sign_object([user_id, care_setting_id])


def read_reminder_token(token: str) -> tuple[int, int] | None:
    """Return (user id, care setting id) of a token that we made, or None."""
    try:
        user_id, care_setting_id = _SIGNER.unsign_object(token)
    except BadSignature:
        return None
    return user_id, care_setting_id


_PAYER_SIGNER = Signer(salt="billing.payer_reminders", sep=".")


def payer_reminder_token(*, payer_id: int, email: str) -> str:
    """The token that stops the reminders about one payer's settings to one address. It has no end."""
    return _PAYER_SIGNER.sign_object([payer_id, email])


def read_payer_reminder_token(token: str) -> tuple[int, str] | None:
    """Return (payer id, e-mail address) of a token that we made, or None."""
    try:
        payer_id, email = _PAYER_SIGNER.unsign_object(token)
    except BadSignature:
        return None
    return payer_id, email
