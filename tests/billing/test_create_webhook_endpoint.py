"""manage.py create_webhook_endpoint: Stripe rings at this site, for what can change an order."""

import io

import pytest
import stripe
from django.core.management import CommandError, call_command

from billing import mode
from billing.sandbox.models import SandboxObject
from billing.sandbox.transport import SandboxTransport
from billing.stripe_gateway import DOORBELLS, endpoints

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_key(settings, monkeypatch):
    """A site with a test key; the sandbox answers in Stripe's stead."""
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    settings.BASE_URL = "https://faces.example"
    client = stripe.StripeClient(mode.SANDBOX_KEY, http_client=SandboxTransport())
    monkeypatch.setattr(endpoints, "get_client", lambda: client)


def run(**options) -> str:
    out = io.StringIO()
    call_command("create_webhook_endpoint", stdout=out, **options)
    return out.getvalue()


def test_it_is_made_in_the_librarys_version_and_tells_its_secret_once(with_key):
    said = run()
    body = SandboxObject.objects.get().body
    assert body["url"] == "https://faces.example/billing/stripe/webhook/"
    assert body["api_version"] == stripe.api_version
    assert body["enabled_events"] == DOORBELLS
    assert "whsec_" in said
    assert "secret" not in body


def test_a_second_one_is_only_made_when_asked_for(with_key):
    run()
    with pytest.raises(CommandError, match="already"):
        run()
    run(another=True)
    assert SandboxObject.objects.count() == 2


def test_a_dry_run_makes_nothing(with_key):
    assert f"{len(DOORBELLS)} events" in run(dry_run=True)
    assert not SandboxObject.objects.exists()


def test_an_address_without_https_is_refused(with_key, settings):
    settings.BASE_URL = "http://faces.example"
    with pytest.raises(CommandError, match="https"):
        run()


def test_without_a_key_there_is_nothing_to_do(db):
    with pytest.raises(CommandError, match="STRIPE_SECRET_KEY"):
        run()
