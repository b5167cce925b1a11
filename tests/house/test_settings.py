"""Settings fail loudly, by name, and never repeat a value."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "elearning.settings.production",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "learning.example.org",
    "BASE_URL": "https://learning.example.org",
    "DATABASE_URL": "postgres://app@127.0.0.1/app",
    "DEFAULT_FROM_EMAIL": "hello@example.org",
    "BILLING_DEMO": "1",
}


def start(**variables: str | None) -> subprocess.CompletedProcess:
    """Start Django with production settings and these variables; None leaves one out."""
    environment = {"PATH": os.environ["PATH"], **PRODUCTION, **variables}
    environment = {name: value for name, value in environment.items() if value is not None}
    command = [sys.executable, "-c", "import django; django.setup()"]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


def test_production_starts_when_all_is_given():
    """The other tests of this file would pass for the wrong reason if this did not."""
    done = start()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "DATABASE_URL", "DEFAULT_FROM_EMAIL"]
)
def test_a_missing_variable_ends_the_start_with_its_name(name):
    """Nobody should learn from a visitor that a variable was forgotten."""
    done = start(**{name: None})
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BILLING_GRACE_DAYS", "fortnight"),
        ("BILLING_LIVE", "perhaps"),
        ("BILLING_VAT_MODE", "sometimes"),
        ("BILLING_VAT_RATE", "twenty"),
        ("DATABASE_URL", "mysql://u:hunter2@h/d"),
        ("EMAIL_URL", "smtp://u:hunter2@h:no-port"),
    ],
)
def test_a_senseless_value_is_named_but_never_repeated(name, value):
    """The value may be a secret."""
    done = start(**{name: value})
    assert done.returncode != 0
    last_line = done.stderr.strip().splitlines()[-1]
    assert name in last_line
    assert value not in last_line


def test_only_base_reads_the_environment():
    """One reader, so that one file lists every variable. Some hand the environment on to a child process."""
    readers = ("os.environ", "getenv(", "environs")
    hand_on = {
        "elearning/management/commands/demo.py",
        "elearning/printing.py",
        "elearning/system_packages.py",
        "video/pipeline/limits.py",
    }
    allowed = {"elearning/settings/base.py", "elearning/wsgi.py", *hand_on}
    found = set()
    for folder in (
        "accounts",
        "teams",
        "billing",
        "courses",
        "video",
        "facilitator_guides",
        "practice",
        "elearning",
    ):
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            if any(reader in path.read_text() for reader in readers):
                found.add(str(path.relative_to(settings.BASE_DIR)))
    assert found <= allowed


def test_the_example_lists_every_variable_that_is_read():
    """Nobody should have to read settings to learn what can be set."""
    base = (settings.BASE_DIR / "elearning/settings/base.py").read_text()
    read = set(re.findall(r'read\(\s*"\w+",\s*"([A-Z0-9_]+)"', base))
    listed = set(re.findall(r"^([A-Z0-9_]+)=", (settings.BASE_DIR / ".env.example").read_text(), re.M))
    assert read == listed
