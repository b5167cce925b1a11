"""Forgetting and changing a password."""

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD, make_user
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db
BETTER = "quite another phrase 7"


@pytest.fixture
def ann():
    return make_user("Ann Hope", email="ann@example.org")


def reset_link(client, email: str) -> str:
    """Ask for a link and return its address on this site."""
    client.post("/account/password/reset/", {"email": email})
    (message,) = send_waiting_mail()
    return re.search(r"https?://testserver(/account/password/reset/key/\S+)", message.body).group(1)


def test_a_forgotten_password_is_replaced_by_a_link(client, ann):
    form_address = client.get(reset_link(client, ann.email)).url
    response = client.post(form_address, {"password1": BETTER, "password2": BETTER})
    assert response.url == "/account/password/reset/key/done/"
    assert [message.subject for message in send_waiting_mail()] == ["Your password is changed"]
    assert Client().post("/account/login/", {"login": ann.email, "password": BETTER}).status_code == 302


def test_the_link_works_once(client, ann):
    link = reset_link(client, ann.email)
    client.post(client.get(link).url, {"password1": BETTER, "password2": BETTER})
    assert "This link is over" in Client().get(link, follow=True).content.decode()


def test_asking_does_not_say_who_has_an_account(client, ann):
    known = client.post("/account/password/reset/", {"email": ann.email})
    unknown = Client().post("/account/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_the_password_is_changed_by_who_knows_the_present_one(as_, ann):
    client = as_(ann)
    sent = {"oldpassword": PASSWORD, "password1": BETTER, "password2": BETTER}
    assert client.post("/account/password/change/", sent).url == "/account/"
    ann.refresh_from_db()
    assert ann.check_password(BETTER)


def test_a_wrong_present_password_changes_nothing(as_, ann):
    sent = {"oldpassword": "wrong", "password1": BETTER, "password2": BETTER}
    assert as_(ann).post("/account/password/change/", sent).status_code == 422
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)
