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


def test_people_of_a_setting_are_not_in_the_list(as_, stan, edith, priya):
    text = as_(stan).get("/admin/users/").text
    assert edith.email in text
    assert priya.email not in text


@pytest.mark.parametrize("ordering", ["name", "-name"])
def test_the_list_is_put_in_order_by_name(as_, stan, edith, ordering):
    assert as_(stan).get(f"/admin/users/?ordering={ordering}").status_code == 200


def test_people_of_a_setting_have_no_page_there(as_, stan, priya):
    sent = {"email": "taken@example.org", "display_name": "Taken Over", "is_active": "on", "groups": []}
    assert as_(stan).get(f"/admin/users/edit/{priya.pk}/").status_code == 404
    assert as_(stan).post(f"/admin/users/edit/{priya.pk}/", sent).status_code == 404
    priya.refresh_from_db()
    assert priya.display_name == "Priya Nair"


def test_nobody_is_deleted(as_, stan, edith, priya):
    for person in (edith, priya):
        as_(stan).post(f"/admin/users/delete/{person.pk}/")
        as_(stan).post(f"/admin/bulk/accounts/user/delete/?id={person.pk}&next=/admin/users/")
    assert User.objects.filter(pk__in=[edith.pk, priya.pk]).count() == 2
