"""Whether money is real: live keys, test keys, or the sandbox where there is no key."""

from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac

LIVE_PREFIXES = ("sk_live_", "rk_live_")
TEST_PREFIXES = ("sk_test_", "rk_test_")
SANDBOX_KEY = "sk_test_sbx_no_money_moves"  # what stripe-python signs its calls to the sandbox with


class BillingSettings(NamedTuple):
    """What decides about real money, as one value that a test can make."""

    secret_key: str
    is_live_wanted: bool
    is_sandbox_allowed: bool
    is_debug: bool


def read_settings() -> BillingSettings:
    """The project's settings about money."""
    return BillingSettings(
        secret_key=settings.STRIPE_SECRET_KEY,
        is_live_wanted=settings.BILLING_LIVE,
        is_sandbox_allowed=settings.BILLING_DEMO,
        is_debug=settings.DEBUG or settings.IS_DEVELOPMENT,
    )


def find_problems(chosen: BillingSettings) -> list[str]:
    """Sentences about settings with which the site must not start; none when all is well.

    They name variables and never repeat a key.
    """
    is_live_key = chosen.secret_key.startswith(LIVE_PREFIXES)
    is_test_key = chosen.secret_key.startswith(TEST_PREFIXES)
    problems = []
    if chosen.secret_key and not (is_live_key or is_test_key):
        problems.append("STRIPE_SECRET_KEY does not begin as Stripe's secret keys do.")
    if is_live_key and chosen.is_debug:
        problems.append("STRIPE_SECRET_KEY is a live key, but DEBUG is on, or this is one's own machine.")
    if is_live_key and chosen.is_sandbox_allowed:
        problems.append("STRIPE_SECRET_KEY is a live key, but BILLING_DEMO asks for the sandbox.")
    if chosen.is_live_wanted and not is_live_key:
        problems.append("BILLING_LIVE is on, but STRIPE_SECRET_KEY is not a live key.")
    if not chosen.secret_key and not chosen.is_sandbox_allowed:
        problems.append(
            "There is no STRIPE_SECRET_KEY. Set it, or set BILLING_DEMO=1 to run with pretend payments."
        )
    return problems


def is_sandbox() -> bool:
    """Whether payments are pretend, because there is no key."""
    return not settings.STRIPE_SECRET_KEY


def is_live() -> bool:
    """Whether real money moves."""
    return settings.STRIPE_SECRET_KEY.startswith(LIVE_PREFIXES)


def webhook_secrets() -> list[str]:
    """The secrets with which deliveries may be signed: several while one is being rolled.

    The sandbox signs with one that is made from SECRET_KEY, so that nobody else can.
    """
    if is_sandbox():
        return [f"whsec_sbx_{salted_hmac('billing.sandbox', 'webhook', algorithm='sha256').hexdigest()}"]
    return list(settings.STRIPE_WEBHOOK_SECRETS)
