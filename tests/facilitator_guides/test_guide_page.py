"""The guide on the screen: who opens it, and what it shows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Term
from elearning import printing
from elearning.periods import add_months, last_day, london_day
from facilitator_guides import printouts
from tests import factories as make

pytestmark = pytest.mark.usefixtures("rental")


@pytest.mark.parametrize("who", ["fred", "maya"])
def test_those_who_lead_can_open_it(who, request, as_, guide_page):
    response = as_(request.getfixturevalue(who)).get(guide_page.address)
    assert response.status_code == 200
    page = response.content.decode()
    for words in (
        "Running order",
        "Step 1",
        "This is step 4.",
        "Watch the clips yourself.",
        "A clock everyone can see",
        "Somebody who is quiet.",
        "“We have no time.”",
        "“Thank you.”",
    ):
        assert words in page
    assert page.count(">Keep</span>") == 4  # two steps, each in the running order and in its place
    assert page.count(">Flexible</span>") == 4


@pytest.mark.parametrize("who", ["priya", "noor", "omar", "outsider", "leo"])
def test_others_are_told_why_not(who, request, as_, guide_page):
    response = as_(request.getfixturevalue(who)).get(guide_page.address)
    assert response.status_code == 403
    assert "Running order" not in response.content.decode()


def test_a_practitioner_is_told_whom_to_ask(as_, priya, maya, guide_page):
    page = as_(priya).get(guide_page.address).content.decode()
    assert "Maya Okafor" in page


def test_a_stranger_is_told_to_sign_in(client, guide_page):
    response = client.get(guide_page.address)
    assert response.status_code == 403
    assert "sign in" in response.content.decode().lower()


def test_the_steps_have_times_from_the_start(as_, fred, guide_page):
    order = as_(fred).get(guide_page.address).context["order"]
    assert [timed.starts_at for timed in order] == ["0:00", "0:10", "0:40", "1:05"]
    assert order[-1].ends_at == "1:15"


def test_it_has_one_primary_button_that_leads_to_the_paper(as_, fred, guide_page):
    page = as_(fred).get(guide_page.address).content.decode()
    assert page.count("button--primary") == 1
    assert f'href="{guide_page.print_address}"' in page or not printing.is_available()


def test_without_the_engine_the_browser_prints(as_, fred, guide_page, monkeypatch):
    monkeypatch.setattr(printing, "is_available", lambda: False)
    page = as_(fred).get(guide_page.address).content.decode()
    assert ".pdf" not in page
    assert page.count("data-print") == 1


def test_it_says_whose_copy_it_is_and_until_when(as_, fred, guide_page, rental):
    page = as_(fred).get(guide_page.address).content.decode()
    ends_on = Term.objects.get(rental=rental).ends_on
    assert "Willow Lane · rented until" in page
    assert f"{last_day(ends_on):%Y}" in page


def test_an_early_renewal_is_counted_in(fred, guide_page, rental, willow_lane):
    term = Term.objects.get(rental=rental)
    later = add_months(term.ends_on, 12)
    Term.objects.create(
        rental=rental, starts_on=term.ends_on, ends_on=later, granted_by=fred, grant_reason="renewed"
    )
    opening = fred.memberships.get(care_setting=willow_lane)
    found = printouts.printed_for(opening, section_path=guide_page.section_path, day=term.starts_on)
    assert found == printouts.PrintedFor("Willow Lane", later - dt.timedelta(days=1))


def test_another_setting_s_rental_is_not_on_the_paper(
    fred, guide_page, rental, willow_lane, harbour_house, course
):
    today = london_day(Term.objects.get(rental=rental).created_at)
    make.make_rental(harbour_house, course.product, starts_on=today + dt.timedelta(days=5))
    opening = fred.memberships.get(care_setting=willow_lane)
    found = printouts.printed_for(opening, section_path=guide_page.section_path, day=today)
    assert found.last_day == Term.objects.get(rental=rental).last_day


def test_many_steps_cost_no_more_queries_than_few(as_, fred, course, django_assert_num_queries):
    page = make.make_guide_page(course.session_page, minutes=[1] * 75)
    client = as_(fred)
    client.get(page.address)
    with CaptureQueriesContext(connection) as many:
        assert client.get(page.address).status_code == 200
    for step in list(page.steps.all())[2:]:
        step.delete()
    with django_assert_num_queries(len(many)):
        client.get(page.address)


def test_the_session_page_shows_the_card_of_the_guide_to_those_who_lead(as_, fred, course, guide_page):
    page = as_(fred).get(course.session_page.address).content.decode()
    assert "Print the guide" in page
    assert guide_page.address in page


def test_the_session_page_shows_the_cards_of_the_sheets_to_everyone(
    as_, priya, course, guide_page, task_sheet
):
    page = as_(priya).get(course.session_page.address).content.decode()
    assert task_sheet.title in page
    assert task_sheet.address in page
    assert guide_page.address not in page
