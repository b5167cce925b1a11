"""What people are told when the site itself is in trouble."""

import pytest
from django.db import OperationalError
from django.test import Client

from teams.models import CareSetting


@pytest.fixture
def quiet_client(as_, outsider):
    """A browser that gets the error page, as people do, and not the exception."""
    client = as_(outsider)
    client.raise_request_exception = False
    return client


def break_settings(monkeypatch, trouble: Exception) -> None:
    def refuse(*args: object) -> None:
        raise trouble

    monkeypatch.setattr(type(CareSetting.objects.all()), "visible_to", refuse)


@pytest.mark.django_db
def test_a_database_that_is_away_is_a_pause_not_a_fault(quiet_client: Client, monkeypatch):
    break_settings(monkeypatch, OperationalError("no connection"))
    response = quiet_client.get("/at/")
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "We will be back in a moment" in response.content.decode()


@pytest.mark.django_db
def test_anything_else_is_our_fault(quiet_client: Client, monkeypatch):
    break_settings(monkeypatch, RuntimeError("I felt alone with the twins"))
    response = quiet_client.get("/at/")
    assert response.status_code == 500
    assert "twins" not in response.content.decode()
