"""Where the stories are told, and how long an answer may take there."""

import os
import time

import pytest

from billing import stripe_gateway
from billing.mode import TEST_PREFIXES

ADDRESS = "https://faces.example"
SECONDS_BETWEEN_LOOKS = 2


@pytest.fixture(params=["sandbox", pytest.param("stripe", marks=pytest.mark.stripe)], autouse=True)
def place(request, settings, monkeypatch) -> str:
    """Where the story is told."""
    settings.BASE_URL = ADDRESS
    if request.param == "stripe":
        key = os.environ.get("STRIPE_SECRET_KEY", "")
        assert key.startswith(TEST_PREFIXES), "Only test keys: sk_test_… or rk_test_…"
        settings.STRIPE_SECRET_KEY = key
        monkeypatch.undo()  # at Stripe, the library's waiting between tries is wanted
    return request.param


@pytest.fixture
def client():
    return stripe_gateway.get_client().v1


@pytest.fixture
def seen(place):
    """Look until what was asked for has happened: ``seen(look, lambda found: found.is_paid)``.

    Stripe books a transfer a moment after it has answered. The sandbox is asked once.
    """

    def look_until(look, is_there):
        for _ in range(20 if place == "stripe" else 1):
            found = look()
            if is_there(found):
                return found
            time.sleep(SECONDS_BETWEEN_LOOKS)
        pytest.fail(f"It has not happened. Last seen: {found}")

    return look_until
