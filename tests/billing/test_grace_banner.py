"""While a rental is in its days of grace, who can renew it is told so on every page of the setting."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.models import Term
from tests import factories as make

pytestmark = pytest.mark.django_db

BANNER = 'class="grace-banner"'
PLAN = "/at/willow-lane/teams/baby-room/the-key-person-approach/plan/"
CSV = "/at/willow-lane/teams/baby-room/the-key-person-approach/plan.csv"
PAGES = [
    "/at/willow-lane/",
    "/at/willow-lane/courses/",
    "/at/willow-lane/people/",
    "/at/willow-lane/people/teams/",
    "/at/willow-lane/rentals/",
    "/at/willow-lane/journal/",
    PLAN,
    "/courses/the-key-person-approach/section-two/everyday-care/",
    "/courses/the-key-person-approach/section-two/everyday-care/guide/",
]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ended(rental, today):
    """Make Willow Lane's rental end so many days ago: 1 is the first day of grace."""

    def end(days_ago: int) -> Term:
        ends_on = today - dt.timedelta(days=days_ago - 1)
        Term.objects.update(starts_on=ends_on - dt.timedelta(days=365), ends_on=ends_on)
        return Term.objects.get()

    return end


@pytest.mark.parametrize("days_ago", [1, 14])
def test_managers_are_told_on_every_page(as_, maya, ended, full_plan, guide_page, days_ago, today):
    term = ended(days_ago)
    until = term.last_day + dt.timedelta(days=14)
    client = as_(maya)
    for address in PAGES:
        page = client.get(address).content.decode()
        assert page.count(BANNER) == 1, address
        banner = page.split(BANNER)[1].split("</aside>")[0]
        assert f"ended on {term.last_day.day} {term.last_day:%B %Y}" in banner, address
        assert f"{until.day} {until:%B %Y}" in banner, address
        assert ">Renew" in banner, address


@pytest.mark.parametrize("actor", ["priya", "fred", "noor"])
def test_nobody_else_is_told(as_, actor, request, ended, full_plan):
    client = as_(request.getfixturevalue(actor))
    ended(3)
    for address in PAGES:
        assert BANNER not in client.get(address).content.decode()


@pytest.mark.parametrize("days_ago", [0, 15, 400])
def test_there_is_none_on_the_last_day_or_after_grace(as_, maya, ended, full_plan, days_ago):
    ended(days_ago)
    for address in PAGES[:7]:
        assert BANNER not in as_(maya).get(address).content.decode()


def test_it_goes_with_the_renewal(as_, maya, ended, willow_lane, course):
    term = ended(3)
    make.make_rental(willow_lane, course.product, starts_on=term.ends_on)
    assert BANNER not in as_(maya).get("/at/willow-lane/people/").content.decode()


@pytest.mark.parametrize("change", ["revoked_at", "suspended_at"])
def test_what_is_taken_back_or_on_hold_has_no_grace(as_, maya, ended, change):
    ended(3)
    Term.objects.update(**{change: timezone.now()})
    assert BANNER not in as_(maya).get("/at/willow-lane/people/").content.decode()


def test_another_settings_end_is_not_told(as_, omar, ended):
    ended(3)
    assert BANNER not in as_(omar).get("/at/harbour-house/people/").content.decode()


def test_a_session_page_asks_no_more_for_it(as_, priya, maya, ended, course):
    address = "/courses/the-key-person-approach/section-two/everyday-care/"
    counts = {}
    for who in (priya, maya):
        for days_ago in (0, 3):
            ended(days_ago)
            client = as_(who)
            client.get(address)
            with CaptureQueriesContext(connection) as found:
                client.get(address)
            counts[who.display_name, days_ago] = len(found)
    assert len(set(counts.values())) == 1, counts


def test_the_home_page_says_it_once_and_asks_nothing_more(as_, maya, ended, full_plan):
    client = as_(maya)
    counts = []
    for days_ago in (0, 3):
        ended(days_ago)
        client.get("/at/willow-lane/")
        with CaptureQueriesContext(connection) as found:
            page = client.get("/at/willow-lane/").content.decode()
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert "Rental ending" not in page
    assert f"{reverse('billing:rent', args=['section-two'])}?setting=willow-lane" in page


# --- After grace ----------------------------------------------------------------------------------


def test_after_grace_lessons_close_with_kind_words(as_, maya, priya, ended, full_plan, guide_page):
    ended(15)
    lesson = "/courses/the-key-person-approach/section-two/everyday-care/"
    for who, way_on in ((maya, "Renew"), (priya, "Maya Okafor")):
        answer = as_(who).get(lesson)
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "stay" in page
        assert way_on in page


def test_after_grace_what_people_made_stays_theirs(as_, maya, priya, ended, full_plan, course):
    ended(15)
    assert as_(priya).get(PLAN).status_code == 200
    assert as_(maya).get(CSV).status_code == 200
    assert as_(priya).get("/at/willow-lane/journal/").status_code == 200
    assert "Plans and reflections stay readable" in as_(priya).get("/at/willow-lane/").content.decode()
    assert "stay yours to read and download" in as_(maya).get("/at/willow-lane/rentals/").content.decode()
