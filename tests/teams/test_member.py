"""One member's page, and the teams they are in."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(priya, willow_lane, member_of):
    return f"/at/willow-lane/people/{member_of(priya, willow_lane).pk}/"


def test_an_owner_may_do_everything_there(as_, maya, page):
    response = as_(maya).get(page)
    assert response.context["may_change_roles"]
    assert response.context["may_remove"]


def test_nobody_changes_their_own_role_or_removes_themselves(as_, maya, willow_lane, member_of):
    response = as_(maya).get(f"/at/willow-lane/people/{member_of(maya, willow_lane).pk}/")
    assert not response.context["may_change_roles"]
    assert not response.context["may_remove"]


def test_teams_are_changed(as_, maya, priya, page, preschool, willow_lane, member_of):
    assert as_(maya).post(f"{page}teams/", {"teams": [preschool.pk]}).status_code == 302
    assert list(member_of(priya, willow_lane).teams.all()) == [preschool]


def test_no_team_is_allowed(as_, maya, priya, page, willow_lane, member_of):
    assert as_(maya).post(f"{page}teams/").status_code == 302
    assert not member_of(priya, willow_lane).teams.exists()


@pytest.mark.parametrize("bad", ["foreign", "nonsense", "-1", "9" * 30, "9" * 5000])
def test_a_team_of_another_setting_is_refused(as_, maya, priya, page, day_team, bad, willow_lane, member_of):
    before = list(member_of(priya, willow_lane).teams.all())
    sent = {"teams": [day_team.pk if bad == "foreign" else bad]}
    assert as_(maya).post(f"{page}teams/", sent).status_code == 422
    assert list(member_of(priya, willow_lane).teams.all()) == before


def test_a_member_of_another_setting_is_not_found(as_, maya, omar, harbour_house, member_of):
    foreign = member_of(omar, harbour_house).pk
    assert as_(maya).get(f"/at/willow-lane/people/{foreign}/").status_code == 404
    assert as_(maya).post(f"/at/willow-lane/people/{foreign}/teams/").status_code == 404


def test_a_leaver_is_not_found(as_, maya, leo, willow_lane, member_of):
    assert as_(maya).get(f"/at/willow-lane/people/{member_of(leo, willow_lane).pk}/").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_a_number_that_is_none_is_not_found(as_, maya, number):
    assert as_(maya).get(f"/at/willow-lane/people/{number}/").status_code == 404


def test_teams_are_changed_by_post_only(as_, maya, page):
    assert as_(maya).get(f"{page}teams/").status_code == 405


def test_an_insider_without_the_right_is_told_whom_to_ask(as_, fred, page):
    response = as_(fred).get(page)
    assert response.status_code == 403
    assert "Only an owner or a manager" in response.content.decode()
