"""Roles are the owners' to change, never their own, and one owner always remains."""

import pytest

from teams import services
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(priya, willow_lane, member_of):
    return f"/at/willow-lane/people/{member_of(priya, willow_lane).pk}/roles/"


@pytest.fixture
def mina(willow_lane):
    """Manages Willow Lane, but does not own it."""
    user = make.make_user("Mina Cole")
    make.make_membership(user, willow_lane, "manager")
    return user


def test_an_owner_changes_roles(sure_of, maya, priya, page, willow_lane, member_of):
    assert sure_of(maya).post(page, {"roles": ["facilitator", "practitioner"]}).status_code == 302
    assert member_of(priya, willow_lane).role_names == ["facilitator", "practitioner"]


def test_first_she_shows_who_she_is_and_the_change_goes_on(as_, maya, priya, page, willow_lane, member_of):
    client = as_(maya)
    response = client.post(page, {"roles": ["manager"]})
    assert response.url.startswith("/account/reauthenticate/")
    assert member_of(priya, willow_lane).role_names == ["practitioner"]
    wrong = client.post(response.url, {"password": "wrong", "next": page})
    assert wrong.status_code == 422
    assert client.post(response.url, {"password": make.PASSWORD, "next": page}).status_code == 302
    assert member_of(priya, willow_lane).role_names == ["manager"]


def test_no_role_at_all_comes_back(sure_of, maya, priya, page, willow_lane, member_of):
    assert sure_of(maya).post(page, {"roles": []}).status_code == 422
    assert sure_of(maya).post(page, {"roles": ["king"]}).status_code == 422
    assert member_of(priya, willow_lane).role_names == ["practitioner"]


def test_a_manager_who_is_no_owner_is_told_whom_to_ask(sure_of, mina, page):
    response = sure_of(mina).post(page, {"roles": ["manager"]})
    assert response.status_code == 403
    assert "Only an owner" in response.content.decode()


def test_nobody_changes_their_own(sure_of, maya, willow_lane, member_of):
    own = f"/at/willow-lane/people/{member_of(maya, willow_lane).pk}/roles/"
    assert sure_of(maya).post(own, {"roles": ["practitioner"]}).status_code == 403


def test_a_stranger_gets_404(sure_of, omar, page):
    assert sure_of(omar).post(page, {"roles": ["owner"]}).status_code == 404


def test_two_owners_who_demote_each_other_leave_one(maya, mina, willow_lane, member_of):
    """Both pages were open at once: what the second read is no longer true when she presses the button."""
    services.change_roles(
        actor=member_of(maya, willow_lane), membership=member_of(mina, willow_lane), roles={"owner"}
    )
    as_maya_sees, as_mina_sees = member_of(maya, willow_lane), member_of(mina, willow_lane)
    services.change_roles(actor=as_maya_sees, membership=as_mina_sees, roles={"practitioner"})
    with pytest.raises(services.NotAllowedAnyMore):
        services.change_roles(actor=as_mina_sees, membership=as_maya_sees, roles={"practitioner"})
    assert member_of(maya, willow_lane).is_owner


def test_a_role_of_the_actor_that_is_gone_counts_at_once(maya, mina, priya, willow_lane, member_of):
    actor = member_of(maya, willow_lane)
    actor_now = member_of(maya, willow_lane)
    services.change_roles(actor=actor_now, membership=member_of(mina, willow_lane), roles={"owner"})
    services.change_roles(actor=member_of(mina, willow_lane), membership=actor_now, roles={"practitioner"})
    with pytest.raises(services.NotAllowedAnyMore):
        services.change_roles(actor=actor, membership=member_of(priya, willow_lane), roles={"manager"})


def test_the_database_refuses_a_member_without_a_role(priya, willow_lane, member_of):
    from django.db import IntegrityError

    membership = member_of(priya, willow_lane)
    membership.is_practitioner = False
    with pytest.raises(IntegrityError):
        membership.save()
