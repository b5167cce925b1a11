"""A new address takes the old one's place when its link has been opened."""

import re

import pytest

from tests.factories import PASSWORD, make_user
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db
PAGE = "/account/email/"


@pytest.fixture
def ann():
    return make_user("Ann Hope", email="ann@example.org")


@pytest.fixture
def anns_client(as_, ann):
    """Ann, who has shown just now who she is."""
    client = as_(ann)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def test_the_address_changes_with_the_link(anns_client, ann):
    anns_client.post(PAGE, {"email": "New@example.org", "action_add": "yes"})
    ann.refresh_from_db()
    assert ann.email == "ann@example.org"
    (message,) = send_waiting_mail()
    assert message.to == ["new@example.org"]
    anns_client.post(re.search(r"https?://testserver(/\S+)", message.body).group(1))
    ann.refresh_from_db()
    assert ann.email == "new@example.org"
    (notice,) = send_waiting_mail()
    assert notice.to == ["ann@example.org"]
    assert list(ann.emailaddress_set.values_list("email", "verified")) == [("new@example.org", True)]


def test_somebody_elses_address_cannot_be_taken_and_nobody_learns_whose_it_is(anns_client, ann):
    make_user("Bob", email="bob@example.org")
    response = anns_client.post(PAGE, {"email": "bob@example.org", "action_add": "yes"})
    assert response.status_code == 302
    (message,) = send_waiting_mail()
    assert message.to == ["bob@example.org"]
    anns_client.post(re.search(r"https?://testserver(/\S+)", message.body).group(1))
    ann.refresh_from_db()
    assert ann.email == "ann@example.org"


def test_nonsense_comes_back(anns_client):
    response = anns_client.post(PAGE, {"email": "nonsense", "action_add": "yes"})
    assert response.status_code == 422
    assert "nonsense" in response.content.decode()
