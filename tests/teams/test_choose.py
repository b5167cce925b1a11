"""/at/: where a person works."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


def test_with_one_setting_one_goes_straight_there(as_, priya):
    assert as_(priya).get("/at/").url == "/at/willow-lane/"


def test_with_two_one_chooses(as_, noor):
    body = as_(noor).get("/at/").content.decode()
    assert "Willow Lane" in body
    assert "Harbour House" in body


def test_without_any_the_page_says_how_to_begin(as_, outsider):
    body = as_(outsider).get("/at/").content.decode()
    assert "Create your setting" in body
    assert "link from your manager" in body


def test_a_setting_one_has_left_is_not_listed(as_, leo):
    make.make_care_setting("Elsewhere")
    body = as_(leo).get("/at/").content.decode()
    assert "Willow Lane" not in body


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get("/at/").status_code == 302


def test_it_is_only_for_reading(as_, priya):
    assert as_(priya).post("/at/").status_code == 405
