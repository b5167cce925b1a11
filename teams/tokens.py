"""What stands in the links that let people in."""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

# Read from a poster and typed on a phone: no letters or digits that look alike.
JOIN_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_nonce() -> str:
    """What makes one letter's token differ from the next one's: 128 random bits."""
    return secrets.token_hex(16)


def invitation_token(*, nonce: str, email: str) -> str:
    """The token of an invitation: 256 bits that nobody can make without the site's secret key."""
    return salted_hmac("teams.invitation", f"{nonce}:{email.lower()}", algorithm="sha256").hexdigest()


def hash_token(token: str) -> str:
    """What is kept of a token, so that a copy of the database lets nobody in."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_join_code() -> str:
    """The code of a join link, in three groups: about 59 random bits, and a manager still has to agree."""
    return "-".join("".join(secrets.choice(JOIN_ALPHABET) for _ in range(4)) for _ in range(3))
