"""Taking somebody out of a setting."""

import pytest
from django.utils import timezone

from teams import services
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(priya, willow_lane, member_of):
    return f"/at/willow-lane/people/{member_of(priya, willow_lane).pk}/remove/"


@pytest.fixture
def mina(maya, willow_lane):
    """Manages Willow Lane, but does not own it."""
    user = make.make_user("Mina Cole")
    make.make_membership(user, willow_lane, "manager")
    return user


def test_the_page_says_what_it_means_and_removes_nobody(sure_of, maya, page, priya, willow_lane, member_of):
    body = sure_of(maya).get(page).content.decode()
    assert "Remove Priya Nair?" in body
    assert member_of(priya, willow_lane).is_standing


def test_a_manager_removes_a_member_who_stays_in_the_books(
    sure_of, mina, page, priya, willow_lane, member_of
):
    assert sure_of(mina).post(page).status_code == 302
    membership = member_of(priya, willow_lane)
    assert membership.left_at is not None
    assert membership.teams.exists()


def test_first_she_shows_who_she_is(as_, maya, page, priya, willow_lane, member_of):
    assert as_(maya).post(page).url.startswith("/account/reauthenticate/")
    assert member_of(priya, willow_lane).is_standing


def test_letters_to_a_removed_person_are_withdrawn(sure_of, maya, page, priya, willow_lane):
    letter = make.make_invitation(willow_lane, priya.email)
    sure_of(maya).post(page)
    letter.refresh_from_db()
    assert letter.withdrawn_at is not None


def test_a_manager_does_not_remove_an_owner(sure_of, mina, maya, willow_lane, member_of):
    response = sure_of(mina).post(f"/at/willow-lane/people/{member_of(maya, willow_lane).pk}/remove/")
    assert response.status_code == 403
    assert "only an owner removes an owner" in response.content.decode()


def test_nobody_removes_themselves(sure_of, maya, willow_lane, member_of):
    own = f"/at/willow-lane/people/{member_of(maya, willow_lane).pk}/remove/"
    assert sure_of(maya).post(own).status_code == 403


def test_owners_who_remove_each_other_leave_one(maya, willow_lane, member_of):
    second = make.make_membership(make.make_user("Second Owner"), willow_lane, "owner")
    as_maya_sees = member_of(maya, willow_lane)
    services.remove_member(actor=as_maya_sees, membership=second, now=timezone.now())
    with pytest.raises(services.NotAllowedAnyMore):
        services.remove_member(actor=second, membership=as_maya_sees, now=timezone.now())
    assert member_of(maya, willow_lane).is_standing


@pytest.mark.parametrize(("name", "status"), [("omar", 404), ("outsider", 404), ("fred", 403)])
def test_others_may_not(sure_of, request, page, name, status):
    assert sure_of(request.getfixturevalue(name)).post(page).status_code == status


def test_pressing_twice_is_no_trouble(sure_of, maya, page):
    client = sure_of(maya)
    client.post(page)
    assert client.post(page).status_code == 404
