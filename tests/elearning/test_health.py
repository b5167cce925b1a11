"""/healthz tells machines whether the site can work."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.utils import timezone

from elearning import health

pytestmark = pytest.mark.django_db


def test_it_is_well_and_says_that_the_worker_is_away(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": True, "worker": False, "storage": True}


def test_it_hears_a_worker_that_beats(client):
    health.beat(timezone.now())
    assert client.get("/healthz").json()["worker"] is True


def test_it_no_longer_hears_a_worker_after_two_minutes(client):
    health.beat(timezone.now() - dt.timedelta(minutes=3))
    assert client.get("/healthz").json()["worker"] is False


def test_a_store_that_cannot_keep_a_file_is_503(client, settings, tmp_path):
    (tmp_path / "full").write_text("a file where the folder should be")
    stores = dict(settings.STORAGES)
    stores["papers"] = {**stores["papers"], "OPTIONS": {"location": tmp_path / "full"}}
    settings.STORAGES = stores
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["storage"] is False


def test_a_database_that_refuses_is_503(client, monkeypatch):
    def refuse():
        raise DatabaseError("away")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] is False


def test_it_takes_no_post(client):
    assert client.post("/healthz").status_code == 405
