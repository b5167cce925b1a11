"""Checks of the settings about money."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning


def stripe_can_reach_us(**kwargs: Any) -> list[CheckMessage]:
    """Warn that without a signing secret every delivery is refused, and only the clock sees payments."""
    if settings.STRIPE_SECRET_KEY and not settings.STRIPE_WEBHOOK_SECRETS:
        return [
            Warning(
                "STRIPE_WEBHOOK_SECRETS is empty: only the return page and the clock notice payments.",
                id="billing.W001",
            )
        ]
    return []
