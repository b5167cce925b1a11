"""There is one way in, Wagtail's included."""

import pytest
from django.urls import NoReverseMatch, reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["get", "post"])
def test_wagtails_own_sign_in_leads_to_ours(client, method):
    response = getattr(client, method)("/admin/login/?next=/admin/pages/")
    assert response.url == "/account/login/?next=%2Fadmin%2Fpages%2F"


def test_the_admin_sends_strangers_to_our_sign_in(client):
    assert client.get("/admin/").url.startswith("/account/login/")


@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/admin/login/?next=/admin/"])
def test_a_member_who_opens_the_admin_gets_403_and_not_a_circle(as_, priya, address):
    visitor = as_(priya)
    response = visitor.get(address, follow=True)
    assert response.status_code == 403
    assert "Only those who write the courses" in response.content.decode()
    assert "permission to access the admin" not in visitor.get("/account/").content.decode()


def test_an_editor_who_opens_the_way_in_is_let_in(as_, edith):
    response = as_(edith).get("/admin/login/?next=/admin/pages/", follow=True)
    assert (response.status_code, response.request["PATH_INFO"]) == (200, "/admin/pages/")


def test_wagtail_neither_resets_nor_changes_passwords(as_, stan):
    assert as_(stan).get("/admin/password_reset/").status_code == 404
    assert "old_password" not in as_(stan).get("/admin/account/").content.decode()


def test_djangos_admin_is_not_there(client):
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
