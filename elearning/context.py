"""What every template knows about the site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict:
    """Name of the site, where to ask for help, and whether payments are pretend."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        "is_sandbox": not settings.STRIPE_SECRET_KEY,
        "is_development": settings.IS_DEVELOPMENT,
    }
