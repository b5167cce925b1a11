"""Adding and renaming teams."""

import pytest

pytestmark = pytest.mark.django_db
PAGE = "/at/willow-lane/people/teams/"


def test_a_manager_adds_a_team(as_, maya, willow_lane):
    assert as_(maya).post(PAGE, {"name": "  Garden   Room "}).url == PAGE
    team = willow_lane.teams.get()
    assert (team.name, team.slug) == ("Garden Room", "garden-room")


def test_renaming_keeps_the_address_of_the_plan(as_, maya, baby_room):
    assert as_(maya).post(f"{PAGE}{baby_room.pk}/", {"name": "Ducklings"}).status_code == 302
    baby_room.refresh_from_db()
    assert (baby_room.name, baby_room.slug) == ("Ducklings", "baby-room")


def test_a_name_that_is_taken_comes_back(as_, maya, baby_room, preschool):
    response = as_(maya).post(PAGE, {"name": "baby room"})
    assert response.status_code == 422
    assert "already" in str(response.context["form"].errors)
    assert as_(maya).post(f"{PAGE}{preschool.pk}/", {"name": "BABY ROOM"}).status_code == 422


def test_a_team_may_change_the_capitals_of_its_own_name(as_, maya, baby_room):
    assert as_(maya).post(f"{PAGE}{baby_room.pk}/", {"name": "BABY ROOM"}).status_code == 302


def test_a_freed_name_gets_an_address_of_its_own(as_, maya, baby_room, willow_lane):
    as_(maya).post(f"{PAGE}{baby_room.pk}/", {"name": "Ducklings"})
    as_(maya).post(PAGE, {"name": "Baby Room"})
    slugs = willow_lane.teams.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["baby-room", "baby-room-2"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b"])
def test_a_bad_name_comes_back(as_, maya, baby_room, name):
    assert as_(maya).post(PAGE, {"name": name}).status_code == 422
    assert as_(maya).post(f"{PAGE}{baby_room.pk}/", {"name": name}).status_code == 422


def test_a_team_of_another_setting_is_not_found(as_, maya, day_team):
    assert as_(maya).post(f"{PAGE}{day_team.pk}/", {"name": "Ours now"}).status_code == 404
    day_team.refresh_from_db()
    assert day_team.name == "Day Team"


@pytest.mark.parametrize(("name", "status"), [("omar", 404), ("outsider", 404), ("fred", 403)])
def test_others_may_not(as_, request, baby_room, name, status):
    client = as_(request.getfixturevalue(name))
    assert client.post(PAGE, {"name": "Mine"}).status_code == status
    assert client.post(f"{PAGE}{baby_room.pk}/", {"name": "Mine"}).status_code == status


def test_other_methods_are_refused(as_, maya):
    assert as_(maya).delete(PAGE).status_code == 405
