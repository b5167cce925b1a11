"""The page of one's own account."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP

pytestmark = pytest.mark.django_db


def test_it_shows_name_and_address(as_, priya):
    body = as_(priya).get("/account/").content.decode()
    assert priya.display_name in body
    assert priya.email in body
    assert "Edit courses" not in body


def test_it_says_which_locks_are_on(as_, priya):
    TOTP.activate(priya, "JBSWY3DPEHPK3PXP")
    assert as_(priya).get("/account/").context["has_authenticator_app"]


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get("/account/").url == "/account/login/?next=/account/"


def test_it_is_not_kept_by_the_browser(as_, priya):
    assert "no-store" in as_(priya).get("/account/")["Cache-Control"]


def test_it_is_only_for_reading(as_, priya):
    assert as_(priya).post("/account/").status_code == 405
