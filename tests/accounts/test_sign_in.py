"""One way in: password, code, rate limits, and a session that is new each time."""

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD, make_user
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/login/"


@pytest.fixture
def ann():
    return make_user("Ann Hope", email="ann@example.org")


def test_the_right_password_leads_on_to_where_one_wanted_to_go(client, ann):
    sent = {"login": "Ann@example.org", "password": PASSWORD, "next": "/account/"}
    assert client.post(SIGN_IN, sent).url == "/account/"


def test_without_a_wish_one_goes_to_ones_settings(client, ann):
    assert client.post(SIGN_IN, {"login": ann.email, "password": PASSWORD}).url == "/at/"


def test_another_site_is_no_place_to_go(client, ann):
    sent = {"login": ann.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(SIGN_IN, sent).url == "/at/"


def test_a_wrong_password_is_refused_in_words(client, ann):
    response = client.post(SIGN_IN, {"login": ann.email, "password": "wrong"})
    assert response.status_code == 422
    assert "do not go together" in response.content.decode()
    assert ann.email in response.content.decode()


def test_known_and_unknown_addresses_are_refused_alike(client, ann):
    known = client.post(SIGN_IN, {"login": ann.email, "password": "wrong"})
    unknown = Client().post(SIGN_IN, {"login": "nobody@example.org", "password": "wrong"})
    words = [
        re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode()).replace(email, "")
        for answer, email in ((known, ann.email), (unknown, "nobody@example.org"))
    ]
    assert words[0] == words[1]


def test_the_sixth_wrong_password_has_to_wait(client, ann):
    for _ in range(5):
        assert client.post(SIGN_IN, {"login": ann.email, "password": "wrong"}).status_code == 422
    response = client.post(SIGN_IN, {"login": ann.email, "password": PASSWORD})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_too_many_tries_from_one_place_get_the_waiting_page(client, ann, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    client.post(SIGN_IN, {"login": ann.email, "password": "wrong"})
    response = client.post(SIGN_IN, {"login": ann.email, "password": PASSWORD})
    assert response.status_code == 429
    assert "Please wait a little" in response.content.decode()
    assert response["Retry-After"] == "300"


def test_the_session_is_a_new_one_after_signing_in(client, ann):
    client.get(SIGN_IN)
    session = client.session
    session["before"] = "yes"
    session.save()
    client.cookies["session"] = before = session.session_key
    client.post(SIGN_IN, {"login": ann.email, "password": PASSWORD})
    assert client.session.session_key != before


def test_a_code_from_the_mail_signs_in(client, ann):
    client.post("/account/login/code/", {"email": ann.email})
    (message,) = send_waiting_mail()
    code = message.subject.split()[0]
    assert code in message.body
    response = client.post("/account/login/code/confirm/", {"code": code, "next": "/account/"})
    assert response.url == "/account/"


def test_a_wrong_code_is_refused_and_three_are_enough(client, ann):
    client.post("/account/login/code/", {"email": ann.email})
    confirm = "/account/login/code/confirm/"
    assert client.post(confirm, {"code": "nonsense"}).status_code == 422
    client.post(confirm, {"code": "nonsense"})
    assert client.post(confirm, {"code": "nonsense"}).status_code == 302
    assert client.get("/account/").status_code == 302


def test_asking_for_a_code_does_not_say_who_has_an_account(client, ann):
    known = client.post("/account/login/code/", {"email": ann.email})
    unknown = Client().post("/account/login/code/", {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert {message.subject for message in send_waiting_mail()} >= {"Your sign-in to Familiar Faces"}


def test_signing_out_takes_a_press_of_the_button(as_, ann):
    client = as_(ann)
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/account/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/account/").status_code == 302


def test_an_account_that_is_closed_does_not_open(client, ann):
    ann.is_active = False
    ann.save()
    client.post(SIGN_IN, {"login": ann.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 302


def test_sign_ins_are_noted_by_id_only(client, ann, caplog):
    with caplog.at_level("INFO", logger="audit"):
        client.post(SIGN_IN, {"login": ann.email, "password": PASSWORD})
    (line,) = [record for record in caplog.records if record.name == "audit"]
    assert (line.act, line.actor_id) == ("person.signed_in", ann.pk)
    assert ann.email not in str(line.__dict__)


PAGES = ["login/", "signup/", "login/code/", "password/reset/", "password/reset/done/", "confirm-email/"]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_open_without_inline_script_or_style(client, page):
    body = client.get(f"/account/{page}").content.decode()
    assert "<h1>" in body
    assert not re.search(r"<script(?![^>]*src=)(?![^>]*application/json)|<style|style=|onclick=", body)
