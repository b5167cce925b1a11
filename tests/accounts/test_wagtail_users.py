"""Provider staff looked after in Wagtail: one name, no password that a second person knows."""

import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_staff_add_a_colleague_without_a_password(as_, stan):
    sent = {"email": "new@example.org", "display_name": "New Colleague", "groups": []}
    response = as_(stan).post("/admin/users/new/", sent)
    assert response.status_code == 302, response.context["form"].errors
    colleague = User.objects.get(email="new@example.org")
    assert colleague.display_name == "New Colleague"
    assert not colleague.has_usable_password()


def test_staff_rename_a_colleague(as_, stan, edith):
    sent = {"email": edith.email, "display_name": "Edith Blume", "is_active": "on", "groups": []}
    response = as_(stan).post(f"/admin/users/edit/{edith.pk}/", sent)
    assert response.status_code == 302, response.context["form"].errors
    edith.refresh_from_db()
    assert edith.display_name == "Edith Blume"
    assert edith.has_usable_password()


@pytest.mark.parametrize("address", ["/admin/users/", "/admin/users/new/"])
def test_the_pages_open(as_, stan, address):
    assert as_(stan).get(address).status_code == 200


def test_an_editor_does_not_look_after_people(as_, edith):
    assert as_(edith).get("/admin/users/").status_code == 302
