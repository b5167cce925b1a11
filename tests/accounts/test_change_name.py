"""Another name for oneself."""

import pytest

pytestmark = pytest.mark.django_db
PAGE = "/account/name/"


def test_the_name_changes(as_, priya):
    assert as_(priya).post(PAGE, {"display_name": "Priya N. Nair"}).url == "/account/"
    priya.refresh_from_db()
    assert priya.display_name == "Priya N. Nair"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b"])
def test_a_bad_name_comes_back(as_, priya, name):
    response = as_(priya).post(PAGE, {"display_name": name})
    assert response.status_code == 422
    assert response.context["form"].errors
    priya.refresh_from_db()
    assert priya.display_name == "Priya Nair"


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.post(PAGE, {"display_name": "X"}).status_code == 302


def test_other_methods_are_refused(as_, priya):
    assert as_(priya).delete(PAGE).status_code == 405
