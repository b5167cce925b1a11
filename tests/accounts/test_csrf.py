"""A fresh token for a page that was open for too long."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_token_lets_a_form_through(priya):
    client = Client(enforce_csrf_checks=True)
    client.force_login(priya, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = client.get("/account/csrf/").json()["token"]
    assert client.post("/account/name/", {"display_name": "New"}).status_code == 403
    sent = {"display_name": "New", "csrfmiddlewaretoken": token}
    assert client.post("/account/name/", sent).status_code == 302


def test_nobody_keeps_it(client):
    response = client.get("/account/csrf/")
    assert "no-store" in response["Cache-Control"]


def test_it_is_only_for_reading(client):
    assert client.post("/account/csrf/").status_code == 405
