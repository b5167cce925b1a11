"""Real and pretend money are never mixed up: the site does not start."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from billing.checks import stripe_can_reach_us
from billing.mode import BillingSettings, find_problems

WELL = BillingSettings(
    secret_key="sk_test_1",
    is_live_wanted=False,
    is_sandbox_allowed=False,
    is_debug=False,
)
LIVE = WELL._replace(secret_key="sk_live_1", is_live_wanted=True)
SANDBOX = WELL._replace(secret_key="", is_sandbox_allowed=True)


@pytest.mark.parametrize(
    "chosen",
    [
        WELL,
        LIVE,
        LIVE._replace(secret_key="rk_live_1"),
        SANDBOX,
        SANDBOX._replace(is_debug=True),
        WELL._replace(is_debug=True),
    ],
)
def test_settings_that_fit_start(chosen):
    assert find_problems(chosen) == []


@pytest.mark.parametrize(
    ("chosen", "named"),
    [
        (LIVE._replace(is_debug=True), "DEBUG"),
        (LIVE._replace(secret_key="rk_live_1", is_debug=True), "DEBUG"),
        (LIVE._replace(is_sandbox_allowed=True), "BILLING_DEMO"),
        (WELL._replace(is_live_wanted=True), "BILLING_LIVE"),
        (SANDBOX._replace(is_live_wanted=True), "BILLING_LIVE"),
        (WELL._replace(secret_key=""), "STRIPE_SECRET_KEY"),
        (WELL._replace(secret_key="pk_live_1"), "STRIPE_SECRET_KEY"),
    ],
)
def test_settings_that_mix_money_up_are_named(chosen, named):
    problems = find_problems(chosen)
    assert named in " ".join(problems)
    assert not chosen.secret_key or chosen.secret_key not in " ".join(problems)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"BILLING_DEMO": "0"}, "STRIPE_SECRET_KEY"),
        ({"STRIPE_SECRET_KEY": "sk_live_secret"}, "BILLING_DEMO"),
        ({"STRIPE_SECRET_KEY": "sk_test_secret", "BILLING_DEMO": "0", "BILLING_LIVE": "1"}, "BILLING_LIVE"),
    ],
)
def test_production_does_not_start_with_them(changes, named):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "elearning.settings.production",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "learning.example.org",
        "BASE_URL": "https://learning.example.org",
        "DATABASE_URL": "sqlite://:memory:",
        "DEFAULT_FROM_EMAIL": "hello@example.org",
        "BILLING_DEMO": "1",
        **changes,
    }
    command = [sys.executable, "-c", "import django; django.setup()"]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    last_line = done.stderr.strip().splitlines()[-1]
    assert done.returncode != 0
    assert named in last_line
    assert "secret" not in last_line


def test_keys_without_a_signing_secret_are_warned_about(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    assert [warning.id for warning in stripe_can_reach_us()] == ["billing.W001"]
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_1"]
    assert stripe_can_reach_us() == []
