"""Creating an account: name, address, password, then the link."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD, make_user
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db
SIGN_UP = "/account/signup/"
NEW = {"display_name": "Ann Hope", "email": "Ann@Example.org", "password1": PASSWORD}


def link_in(message) -> str:
    """The address on this site that a message asks to open."""
    return re.search(r"https?://testserver(/\S+)", message.body).group(1)


def test_a_newcomer_confirms_the_address_and_is_in(client):
    response = client.post(f"{SIGN_UP}?next=/settings/new/", {**NEW, "next": "/settings/new/"})
    assert response.url.startswith("/account/confirm-email/")
    (message,) = send_waiting_mail()
    assert message.to == ["ann@example.org"]
    assert "Hello Ann Hope" in message.body
    response = client.post(link_in(message))
    assert response.url == "/settings/new/"
    assert client.get("/account/").context["user"].display_name == "Ann Hope"
    assert EmailAddress.objects.get(email="ann@example.org").verified


def test_nobody_is_in_before_the_link_is_opened(client):
    client.post(SIGN_UP, NEW)
    assert client.get("/account/").status_code == 302
    assert Client().post("/account/login/", {"login": NEW["email"], "password": PASSWORD}).status_code == 302
    assert client.get("/account/").status_code == 302


def test_opening_the_link_alone_confirms_nothing(client):
    """Mail programs open links by themselves: only the button confirms."""
    client.post(SIGN_UP, NEW)
    (message,) = send_waiting_mail()
    assert Client().get(link_in(message)).status_code == 200
    assert not EmailAddress.objects.get(email="ann@example.org").verified


def test_a_link_that_is_over_says_so(client):
    response = client.get("/account/confirm-email/nonsense/")
    assert "This link is over" in response.content.decode()


def test_a_known_address_answers_as_an_unknown_one(client):
    make_user("Known", email="ann@example.org")
    known = client.post(SIGN_UP, NEW)
    (message,) = send_waiting_mail()
    assert message.subject == "You have an account already"
    unknown = Client().post(SIGN_UP, {**NEW, "email": "other@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"), [("email", "no address"), ("password1", "short"), ("display_name", ""), ("email", "")]
)
def test_bad_input_comes_back_with_every_word_kept(client, field, value):
    response = client.post(SIGN_UP, {**NEW, field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    kept = {"display_name": "Ann Hope", "email": "Ann@Example.org"}.items() - {(field, kept_value(field))}
    assert all(text in response.content.decode() for _, text in kept)
    assert not User.objects.exists()


def kept_value(field: str) -> str | None:
    """What stood in the field that this test spoils."""
    return NEW.get(field)
