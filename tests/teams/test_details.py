"""What a setting says of itself."""

import pytest

pytestmark = pytest.mark.django_db
PAGE = "/at/willow-lane/details/"
GOOD = {
    "name": "Willow Lane Nursery",
    "kind": "nursery",
    "address": "1 Willow Lane",
    "safeguarding_lead_name": "Fred Larsen",
    "safeguarding_lead_contact": "01632 960 222",
}


def test_a_manager_changes_it_and_the_address_stays(as_, maya, willow_lane):
    assert as_(maya).post(PAGE, GOOD).status_code == 302
    willow_lane.refresh_from_db()
    assert willow_lane.name == "Willow Lane Nursery"
    assert willow_lane.safeguarding_lead_name == "Fred Larsen"
    assert willow_lane.slug == "willow-lane"


def test_bad_input_comes_back_and_changes_nothing(as_, maya, willow_lane):
    response = as_(maya).post(PAGE, {**GOOD, "name": ""})
    assert response.status_code == 422
    assert "Fred Larsen" in response.content.decode()
    assert response.context["membership"].care_setting.name == "Willow Lane"
    willow_lane.refresh_from_db()
    assert willow_lane.safeguarding_lead_name == "Sam Lead"


@pytest.mark.parametrize(("name", "status"), [("omar", 404), ("outsider", 404), ("leo", 404), ("priya", 403)])
def test_others_may_not(as_, request, willow_lane, name, status):
    assert as_(request.getfixturevalue(name)).post(PAGE, GOOD).status_code == status
