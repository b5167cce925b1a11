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


def test_wagtail_neither_resets_nor_changes_passwords(as_, stan):
    assert as_(stan).get("/admin/password_reset/").status_code == 404
    assert "old_password" not in as_(stan).get("/admin/account/").content.decode()


def test_djangos_admin_is_not_there(client):
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
