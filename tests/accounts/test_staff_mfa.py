"""Provider staff need a second step before /admin/, where the setting wants it."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP

pytestmark = pytest.mark.django_db
PAGE = "/account/staff/"


@pytest.fixture
def _required(settings):
    settings.MFA_REQUIRED_FOR_STAFF = True


@pytest.mark.usefixtures("_required")
@pytest.mark.parametrize("name", ["edith", "stan"])
def test_without_a_second_step_staff_are_told_how(as_, request, name):
    client = as_(request.getfixturevalue(name))
    response = client.get("/admin/")
    assert response.url == PAGE
    assert "Add a passkey" in client.get(PAGE).content.decode()


@pytest.mark.usefixtures("_required")
def test_with_one_they_go_on(as_, stan):
    TOTP.activate(stan, "JBSWY3DPEHPK3PXP")
    client = as_(stan)
    assert client.get("/admin/").status_code == 200
    assert client.get(PAGE).url == "/admin/"


@pytest.mark.usefixtures("_required")
def test_other_pages_stay_open(as_, stan):
    assert as_(stan).get("/account/").status_code == 200


def test_the_setting_is_on_unless_somebody_turns_it_off(as_, stan):
    """Tests turn it off; base.py, and with it production, has it on."""
    from elearning.settings import base

    assert base.MFA_REQUIRED_FOR_STAFF is True
    assert as_(stan).get("/admin/").status_code == 200


def test_nobody_else_knows_the_page(as_, maya):
    assert as_(maya).get(PAGE).status_code == 404


def test_people_of_a_setting_do_not_get_into_the_admin(as_, maya):
    assert as_(maya).get("/admin/").status_code == 302
