"""The lease: addresses for two minutes, and an honest count of what was watched."""

import datetime as dt
import json
from unittest import mock

import pytest
from django.core import signing
from django.utils import timezone

from billing.models import Term
from teams.models import Membership
from video.models import WatchedSeconds
from video.services import withdraw_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(as_, rental, clip_page):
    """Ask for a lease as somebody: the answer."""

    def ask(user, report=None, client=None):
        client = client or as_(user)
        body = json.dumps(report or {})
        return client.post(f"/clips/{clip_page.pk}/lease/", body, content_type="application/json")

    return ask


def test_a_lease_brings_an_address_for_each_file(ask, priya):
    answer = ask(priya)
    assert answer.status_code == 200
    assert answer.json()["ttl"] == 120
    assert set(answer.json()["urls"]) == {"480", "audio"}
    assert "no-store" in answer["Cache-Control"]


def test_the_address_plays_for_the_same_person_in_the_same_browser_only(ask, as_, priya, maya):
    client = as_(priya)
    address = ask(priya, client=client).json()["urls"]["480"]
    assert client.get(address).status_code == 200
    assert as_(priya).get(address).status_code == 404  # the same person, another browser session
    assert as_(maya).get(address).status_code == 404
    assert as_(None).get(address).status_code == 404


def test_an_address_is_over_after_two_minutes(ask, as_, priya):
    client = as_(priya)
    address = ask(priya, client=client).json()["urls"]["480"]
    later = timezone.now() + dt.timedelta(seconds=121)
    with mock.patch.object(signing.time, "time", return_value=later.timestamp()):
        assert client.get(address).status_code == 403


def test_an_address_that_was_tampered_with_is_not_found(ask, as_, priya):
    client = as_(priya)
    address = ask(priya, client=client).json()["urls"]["480"].rstrip("/")
    assert client.get(f"{address[:-1]}x/").status_code == 404


def test_a_rental_that_ends_refuses_the_next_lease(ask, as_, priya, rental):
    client = as_(priya)
    assert ask(priya, client=client).status_code == 200
    Term.objects.filter(rental=rental).update(revoked_at=timezone.now())
    answer = ask(priya, client=client)
    assert answer.status_code == 403
    assert answer.json()["code"] == "closed"
    assert answer.json()["reason"]


def test_somebody_who_leaves_is_refused_at_the_next_lease(ask, as_, priya):
    client = as_(priya)
    assert ask(priya, client=client).status_code == 200
    Membership.objects.filter(user=priya).update(left_at=timezone.now())
    assert ask(priya, client=client).status_code == 403


def test_a_withdrawn_consent_closes_everything_and_deletes_the_files(ask, as_, priya, edith, clip_page):
    client = as_(priya)
    address = ask(priya, client=client).json()["urls"]["480"]
    withdraw_consent(clip=clip_page.clip, actor=edith, now=timezone.now())
    answer = ask(priya, client=client)
    assert (answer.status_code, answer.json()["code"]) == (403, "withdrawn")
    assert client.get(address).status_code == 404
    for name in ("captions.vtt", "poster.jpg", "master.m3u8", "480.m3u8", "480.mp4"):
        assert client.get(f"/clips/{clip_page.pk}/{name}").status_code == 403
    page = client.get(clip_page.address)
    assert "no longer shown" in page.content.decode()
    assert "Hello, Mia" not in page.content.decode()


def test_a_clip_that_is_being_prepared_says_so(ask, priya, clip_page):
    clip_page.clip.state = "processing"
    clip_page.clip.save()
    answer = ask(priya)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")


def test_a_draft_is_not_there_for_members_but_plays_for_its_editor(ask, priya, edith, clip_page):
    clip_page.live = False
    clip_page.save()
    assert ask(priya).status_code == 404
    assert ask(edith).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"[", b"[1]", b'{"ranges": 3}', b'{"ranges": [[0]]}', b'{"ranges": [["a", 2]]}',
     b'{"ranges": [[-1, 2]]}',
     b'{"position_ms": NaN}', b'{"position_ms": true}', b"\xff", b"[" * 100_000,
     json.dumps({"ranges": [[0, 1]] * 201}).encode()],
)  # fmt: skip
def test_a_report_without_sense_gets_400(as_, rental, clip_page, priya, body):
    answer = as_(priya).post(f"/clips/{clip_page.pk}/lease/", body, content_type="application/json")
    assert answer.status_code == 400


def test_huge_numbers_are_cut_to_the_film(ask, priya):
    assert ask(priya, {"ranges": [[0, 1e300]], "position_ms": 1e300}).status_code == 200
    row = WatchedSeconds.objects.get()
    assert row.position_ms == 48_000


def test_get_is_refused(as_, rental, clip_page, priya):
    assert as_(priya).get(f"/clips/{clip_page.pk}/lease/").status_code == 405


def test_a_post_without_the_token_of_the_page_is_refused(as_, rental, clip_page, priya):
    client = as_(priya, enforce_csrf_checks=True)
    assert client.post(f"/clips/{clip_page.pk}/lease/").status_code == 403


def test_a_beat_costs_at_most_seven_statements(ask, as_, priya, django_assert_max_num_queries):
    client = as_(priya)
    ask(priya, client=client)
    with django_assert_max_num_queries(7):
        ask(priya, {"ranges": [[0, 5]], "position_ms": 5000}, client=client)


def test_the_sample_plays_for_everybody_without_a_trace(as_, sample_page):
    answer = as_(None).post(f"/clips/{sample_page.pk}/lease/", "{}", content_type="application/json")
    assert answer.status_code == 200
    assert not WatchedSeconds.objects.exists()
    client = as_(None)
    address = client.post(f"/clips/{sample_page.pk}/lease/", "{}", content_type="application/json").json()[
        "urls"
    ]["480"]
    assert client.get(address).status_code == 200


def test_the_page_carries_no_signed_address(as_, rental, clip_page, priya):
    page = as_(priya).get(clip_page.address)
    assert page.status_code == 200
    assert "/films/" not in page.content.decode()
    assert f"/clips/{clip_page.pk}/lease/" in page.content.decode()


def test_two_settings_share_no_position(ask, priya, noor, clip_page):
    ask(priya, {"ranges": [[0, 5]], "position_ms": 5000})
    ask(noor, {"ranges": [[0, 2]], "position_ms": 2000})
    assert {(row.user.display_name, row.position_ms) for row in WatchedSeconds.objects.all()} == {
        ("Priya Nair", 5000),
        ("Noor Haddad", 2000),
    }
