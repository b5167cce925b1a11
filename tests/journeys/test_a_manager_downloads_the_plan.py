"""Maya downloads the team action plan as a table and as a PDF, with the same rows; Omar finds nothing."""

import datetime as dt

import pytest
from django.utils import timezone

from billing.models import Term
from elearning import printing
from elearning.periods import london_day
from tests.downloads import assert_same_rows, rows_of


@pytest.mark.skipif(not printing.is_available(), reason="Pango is not on this machine")
@pytest.mark.usefixtures("full_plan")
def test_a_manager_downloads_the_plan_in_two_formats_with_the_same_rows(walk, maya, willow_lane):
    walker = walk(maya)
    assert walker.address == willow_lane.home_path
    walker.follow("Team action plan of Baby Room")
    plan_address = walker.address
    table = walker.follow("Download CSV").content
    paper = walker.open(plan_address).follow("Download PDF").content
    assert [row[0] for row in rows_of(table)] == [
        "Greet each child at the door",
        "Two of us sit down at lunch",
        "'=Say what comes next",
    ]
    assert_same_rows(table, paper)


@pytest.mark.usefixtures("full_plan")
def test_a_manager_of_another_setting_finds_nothing(walk, omar, maya, willow_lane, course):
    walker = walk(maya)
    walker.follow("Team action plan of Baby Room")
    addresses = [
        willow_lane.home_path,
        walker.address,
        *(str(link["href"]) for link in walker.page.find_all("a", href=True) if "plan" in link["href"]),
    ]
    other = walk(omar)
    assert len(addresses) > 6
    for address in addresses:
        other.open(address.partition("#")[0], status=404)
        assert "Willow Lane" not in str(other.page)
    other.open(course.session_page.address, status=403)


@pytest.mark.usefixtures("full_plan")
def test_after_the_rental_the_plan_still_downloads_and_the_session_is_closed(
    walk, maya, priya, rental, course
):
    today = london_day(timezone.now())
    Term.objects.filter(rental=rental).update(
        starts_on=today - dt.timedelta(days=400), ends_on=today - dt.timedelta(days=35)
    )
    walker = walk(maya).open(course.session_page.address, status=403)
    assert "The rental has ended" in walker.text
    walker.follow("Renew for Willow Lane")
    assert "Go on to pay" in walker.text

    walker = walk(maya)
    walker.follow("Team action plan of Baby Room").follow("Download CSV")
    assert len(rows_of(walker.content)) == 3

    practitioner = walk(priya).open(course.session_page.address, status=403)
    assert "Ask Maya Okafor to renew it" in practitioner.text
