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
