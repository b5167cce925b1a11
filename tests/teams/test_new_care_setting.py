"""Making a setting."""

import datetime as dt

import pytest
from django.utils import timezone

from teams.models import CareSetting
from teams.services.care_settings import SETTINGS_A_DAY
from tests import factories as make

pytestmark = pytest.mark.django_db
PAGE = "/settings/new/"
GOOD = {
    "name": "Little Acorns",
    "kind": "childminder",
    "address": "2 Oak Road",
    "safeguarding_lead_name": "Lena Vogt",
    "safeguarding_lead_contact": "01632 960 111",
    "team_names": "Morning\n\n  Afternoon  \nmorning",
}


def test_who_makes_it_owns_and_manages_it(as_, outsider):
    response = as_(outsider).post(PAGE, GOOD)
    assert response.url == "/at/little-acorns/"
    care_setting = CareSetting.objects.get(slug="little-acorns")
    membership = care_setting.memberships.get()
    assert membership.user == outsider
    assert membership.role_names == ["owner", "manager"]
    assert care_setting.join_link.code


def test_the_first_teams_are_made_once_each(as_, outsider):
    as_(outsider).post(PAGE, GOOD)
    teams = CareSetting.objects.get(slug="little-acorns").teams.order_by("pk")
    assert [(team.name, team.slug) for team in teams] == [("Morning", "morning"), ("Afternoon", "afternoon")]


def test_two_settings_of_one_name_get_two_addresses(as_, outsider):
    for _ in range(3):
        as_(outsider).post(PAGE, GOOD)
    slugs = CareSetting.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["little-acorns", "little-acorns-2", "little-acorns-3"]


def test_a_name_without_latin_letters_gets_an_address_too(as_, outsider):
    assert as_(outsider).post(PAGE, {**GOOD, "name": "どんぐり"}).url == "/at/setting/"


def test_teams_whose_names_look_alike_get_two_addresses(as_, outsider):
    as_(outsider).post(PAGE, {**GOOD, "team_names": "Room 1\nRoom-1\n!!!"})
    slugs = CareSetting.objects.get().teams.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["room-1", "room-1-2", "team"]


def test_buying_goes_on_afterwards(as_, outsider):
    client = as_(outsider)
    assert 'value="/billing/rent/x/"' in client.get(f"{PAGE}?next=/billing/rent/x/").content.decode()
    assert client.post(PAGE, {**GOOD, "next": "/billing/rent/x/"}).url == "/billing/rent/x/"


@pytest.mark.parametrize(
    "after", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "nowhere", "teams:choose"]
)
def test_another_site_is_no_place_to_go(as_, outsider, after):
    assert as_(outsider).post(PAGE, {**GOOD, "next": after}).url == "/at/little-acorns/"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("name", "a\x00b"),
        ("kind", "prison"),
        ("safeguarding_lead_name", ""),
        ("safeguarding_lead_contact", ""),
        ("team_names", "x" * 81),
        ("team_names", "\n".join(str(number) for number in range(31))),
    ],
)
def test_bad_input_comes_back_with_every_word_kept(as_, outsider, field, value):
    response = as_(outsider).post(PAGE, {**GOOD, field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    kept = [text for name, text in GOOD.items() if name not in (field, "kind", "team_names")]
    assert all(text in response.content.decode() for text in kept)
    assert not CareSetting.objects.exists()


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.post(PAGE, GOOD).url.startswith("/account/login/")


def test_other_methods_are_refused(as_, outsider):
    assert as_(outsider).put(PAGE).status_code == 405


def test_twenty_a_day_are_enough(as_, outsider):
    for number in range(SETTINGS_A_DAY):
        make.make_membership(outsider, make.make_care_setting(f"Room {number}"), "owner", "manager")
    response = as_(outsider).post(PAGE, GOOD)
    assert response.status_code == 429
    assert "You can make 20 settings in 24 hours." in response.content.decode()
    assert 'value="Little Acorns"' in response.content.decode()
    CareSetting.objects.filter(slug="room-0").update(created_at=timezone.now() - dt.timedelta(hours=25))
    assert as_(outsider).post(PAGE, GOOD).status_code == 302
