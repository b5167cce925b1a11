"""The list of people."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make

pytestmark = pytest.mark.django_db
PAGE = "/at/willow-lane/people/"


def test_a_manager_sees_everybody_by_team(as_, maya, fred, priya, noor):
    response = as_(maya).get(PAGE)
    groups = [
        (group.team and group.team.name, [str(member.user) for member in group.members])
        for group in response.context["groups"]
    ]
    assert groups == [
        ("Baby Room", ["Fred Larsen", "Priya Nair"]),
        ("Preschool", ["Noor Haddad"]),
        (None, ["Maya Okafor"]),
    ]
    assert priya.email in response.content.decode()


def test_a_manager_sees_who_waits(as_, maya, willow_lane):
    letter = make.make_invitation(willow_lane)
    asked = make.make_join_request(willow_lane)
    body = as_(maya).get(PAGE).content.decode()
    assert letter.email in body
    assert asked.user.email in body


@pytest.mark.parametrize("name", ["priya", "fred"])
def test_others_of_the_setting_see_names_but_no_addresses(as_, request, maya, willow_lane, name):
    letter = make.make_invitation(willow_lane)
    body = as_(request.getfixturevalue(name)).get(PAGE).content.decode()
    assert "Maya Okafor" in body
    assert maya.email not in body
    assert letter.email not in body
    assert "Invite people" not in body


def test_leavers_are_not_listed(as_, maya, leo):
    assert "Leo Grant" not in as_(maya).get(PAGE).content.decode()


def test_nothing_of_another_setting_is_shown(as_, maya, omar, noor):
    body = as_(maya).get(PAGE).content.decode()
    assert "Omar" not in body
    assert "Day Team" not in body


@pytest.mark.parametrize("name", ["omar", "outsider", "leo", "stan"])
def test_a_stranger_gets_404(as_, request, willow_lane, name):
    assert as_(request.getfixturevalue(name)).get(PAGE).status_code == 404


def test_an_absent_setting_answers_as_a_foreign_one(as_, maya):
    assert as_(maya).get("/at/nowhere/people/").status_code == 404


def test_it_is_only_for_reading(as_, maya):
    assert as_(maya).post(PAGE).status_code == 405


def test_it_asks_as_often_for_twenty_people_as_for_two(as_, maya, willow_lane, baby_room, preschool):
    def count_with(people: int) -> int:
        for _ in range(people):
            make.make_membership(make.make_user(), willow_lane, "practitioner", teams=[baby_room, preschool])
            make.make_invitation(willow_lane, teams=[baby_room])
            make.make_join_request(willow_lane)
        client = as_(maya)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    assert count_with(2) == count_with(18)


def test_removal_works_on_the_next_request(as_, sure_of, maya, priya, willow_lane, member_of):
    client = as_(priya)
    assert client.get(PAGE).status_code == 200
    sure_of(maya).post(f"{PAGE}{member_of(priya, willow_lane).pk}/remove/")
    assert client.get(PAGE).status_code == 404
