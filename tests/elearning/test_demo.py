"""``make demo``: how its server and workers are started."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from elearning.management.commands.demo import environment_for

SHOW_ADDRESSES = """
import django
django.setup()
from django.conf import settings
from django.urls import reverse
print(settings.DEBUG, reverse("design"), reverse("dev_mail"))
"""


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch):
    monkeypatch.delenv("DEBUG", raising=False)


def test_who_mistypes_an_address_in_the_demo_sees_our_page_and_not_djangos():
    assert environment_for(8000, without_content=False)["DEBUG"] == "0"


def test_developers_on_their_own_data_are_told_the_cause():
    assert environment_for(8000, without_content=True)["DEBUG"] == "1"


@pytest.mark.parametrize("without_content", [True, False])
def test_who_sets_it_has_the_last_word(monkeypatch, without_content):
    monkeypatch.setenv("DEBUG", "yes")
    assert environment_for(8000, without_content=without_content)["DEBUG"] == "yes"


def test_every_process_knows_the_port():
    assert environment_for(9000, without_content=False)["BASE_URL"] == "http://localhost:9000"


def test_the_addresses_that_the_demo_prints_are_there_without_debug():
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "elearning.settings.dev",
        "DEBUG": "0",
        "DATABASE_URL": "sqlite:///:memory:",
    }
    shown = subprocess.run(
        [sys.executable, "-c", SHOW_ADDRESSES],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.split() == ["False", "/design/", "/dev/mail/"]
