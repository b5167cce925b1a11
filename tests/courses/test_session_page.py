"""The session page: one gate and two doors, the same page by both, and the same price at any size."""

import datetime as dt
import re

import pytest
from django.core.cache import caches
from django.test import RequestFactory
from django.utils import timezone
from wagtail import hooks
from wagtail import views as wagtail_views

from accounts.models import User
from courses.bodies import session_body
from courses.gate import find_openings
from courses.models import SectionPage, SessionPage
from courses.panels import SessionPanel, draw_around_kept, draw_whole, render_panels
from courses.querysets import (
    CARE_SETTING_FIELDS,
    SESSION_FIELDS,
    openings_of,
)
from courses.services import note_change
from elearning.periods import london_day
from tests import factories as make

ADDRESS = "/courses/the-key-person-approach/section-two/everyday-care/"


@pytest.fixture
def by_the_default_route(rf):
    """The answer that Wagtail's own route gives to the same person."""

    def answer(client, address):
        request = rf.get(address)
        request.session, request.user = client.session, client.user
        return wagtail_views.serve(request, address.lstrip("/"))

    return answer


def without_token(text):
    """The page without the token of its forms, which is masked anew each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def test_a_practitioner_reads_it(as_, priya, rental):
    answer = as_(priya).get(ADDRESS)
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0") or "no-store" in answer["Cache-Control"]
    for words in ("Everyday care", "Use care as key time.", "75 minutes", "Which routine 0?", "Try this 0"):
        assert words in answer.text


def test_the_activities_stand_in_their_order(as_, priya, rental):
    text = as_(priya).get(ADDRESS).text
    places = [text.index(f'id="{name}"') for name in ("watch", "talk", "reflect", "plan")]
    assert places == sorted(places)


def test_both_doors_show_the_same_page(as_, priya, rental, by_the_default_route):
    client = as_(priya)
    client.user = priya
    fast = client.get(ADDRESS)
    slow = by_the_default_route(client, ADDRESS)
    assert slow.status_code == 200
    assert without_token(slow.text) == without_token(fast.text)


def test_the_fast_way_finds_what_the_plain_way_finds(
    noor, priya, omar, leo, harbour_house, rental, course, django_assert_num_queries
):
    make.make_session_page(course.section, "Another")
    make.make_rental(harbour_house, course.product)
    day = london_day(timezone.now())
    for user in (noor, priya, omar, leo):
        plain = SessionPage.objects.at_address(ADDRESS).with_section_state()
        plain = plain.with_openings(user=user, day=day).get()
        with django_assert_num_queries(1):
            fast = SessionPage.objects.all().find_fast(ADDRESS, user=user, day=day)
            assert fast == plain == course.session_page
            assert fast.section_state == plain.section_state
            assert fast.openings_json == plain.openings_json
            for name in SESSION_FIELDS:
                assert getattr(fast, name) == getattr(plain, name)
        assert fast.aim == plain.aim
    assert SessionPage.objects.all().find_fast("/courses/nothing/", user=priya, day=day) is None


def test_the_fast_gate_follows_the_rules_of_renting(priya, rental, course, settings):
    day = rental.terms.get().ends_on + dt.timedelta(days=3)
    for days, opens in ((14, True), (0, False)):
        settings.BILLING_GRACE_DAYS = days
        page = SessionPage.objects.all().find_fast(ADDRESS, user=priya, day=day)
        assert bool(page.openings_json) is opens


def test_a_query_brings_the_same_openings_as_the_gate_finds(
    rf, noor, priya, omar, harbour_house, rental, course
):
    make.make_rental(harbour_house, course.product)
    day = london_day(timezone.now())
    request = rf.get(ADDRESS)
    for user, number in ((noor, 2), (priya, 1), (omar, 1)):
        request.user = user
        slow = find_openings(request, course.session_page)
        fast = find_openings(request, SessionPage.objects.all().find_fast(ADDRESS, user=user, day=day))
        assert len(fast) == number
        assert fast == slow
        for quick, whole in zip(fast, slow, strict=True):
            assert quick.get_deferred_fields() == {"joined_at"}
            for name in ("user_id", "leads", "manages", "role_names", "is_standing", "joined_at"):
                assert getattr(quick, name) == getattr(whole, name)
            for name in CARE_SETTING_FIELDS:
                assert getattr(quick.care_setting, name) == getattr(whole.care_setting, name)
            assert quick.care_setting.words == whole.care_setting.words


def test_nobody_elses_terms_are_read_to_open_a_page(course):
    """Asked with EXISTS, PostgreSQL would begin with every setting that rents the course."""
    sql = str(openings_of(course.section.path, user=User(pk=1), day=dt.date(2026, 11, 21)).query)
    assert "EXISTS" not in sql
    assert "LIMIT 1" in sql


def count(client, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_it_costs_as_much_in_a_course_of_500_sessions_as_in_one_of_10(
    as_, priya, rental, course, django_assert_max_num_queries
):
    client = as_(priya)
    for number in range(9):
        make.make_session_page(course.section, f"Small {number}", prompts=0, actions=0)
    client.get(ADDRESS)
    small = count(client, ADDRESS, django_assert_max_num_queries)
    for number in range(49):
        section = make.make_section(course.page, f"Section {number}")
        for _ in range(10):
            make.make_session_page(section, prompts=0, actions=0)
    client.get(ADDRESS)
    assert count(client, ADDRESS, django_assert_max_num_queries) == small


def test_a_change_anywhere_in_the_section_shows_on_the_next_request(as_, priya, rental, course):
    client = as_(priya)
    assert "A new neighbour" not in client.get(ADDRESS).text
    neighbour = make.make_session_page(course.section, "A new neighbour")
    assert "A new neighbour" in client.get(ADDRESS).text
    neighbour.title = "A better title"
    neighbour.save_revision()
    neighbour.last_published_at = timezone.now()
    neighbour.save()
    assert "A better title" in client.get(ADDRESS).text
    neighbour.unpublish()
    assert "A better title" not in client.get(ADDRESS).text


def test_a_new_order_shows_on_the_next_request(as_, priya, rental, course):
    second = make.make_session_page(course.section, "Second")
    third = make.make_session_page(course.section, "Third")
    client = as_(priya)
    text = client.get(ADDRESS).text
    assert text.index("Second") < text.index("Third")
    third.move(second, pos="left")
    text = client.get(ADDRESS).text
    assert text.index("Third") < text.index("Second")


def test_what_changes_without_a_page_is_noted(as_, priya, rental, course):
    client = as_(priya)
    client.get(ADDRESS)
    SessionPage.objects.filter(pk=course.session_page.pk).update(minutes=45)
    assert "75 minutes" in client.get(ADDRESS).text
    note_change(path=course.session_page.path, now=timezone.now())
    assert "45 minutes" in client.get(ADDRESS).text


def test_nothing_personal_is_kept(as_, priya, maya, rental):
    for person in (priya, maya):
        as_(person).get(ADDRESS)
    kept = caches["bodies"]._cache
    assert kept
    for value in kept.values():
        drawn = str(value)
        for words in ("Priya", "Maya", "Willow Lane", "willow-lane", "Sam Lead", "@"):
            assert words not in drawn.replace("help@demo.example", "")
        assert not re.search(r'csrfmiddlewaretoken" value="[A-Za-z0-9]{64}"', drawn)


def test_around_what_is_kept_is_the_same_page_as_drawn_whole(as_, rf, priya, fred, maya, rental, course):
    nameless = User.objects.get(pk=fred.pk)
    User.objects.filter(pk=fred.pk).update(display_name="")
    nameless.refresh_from_db()
    for user in (priya, maya, nameless, priya):
        request = rf.get(ADDRESS)
        request.user, request.session = user, {}
        request._messages = []
        request.openings = find_openings(request, course.session_page)
        request.opening = request.openings[0]
        page = SessionPage.objects.all().find_fast(ADDRESS, user=user, day=london_day(timezone.now()))
        page.body = session_body(page, leads=request.opening.leads)
        panels = render_panels(request, page, page.body)
        whole = draw_whole(request, page, panels, []).text
        assert without_token(draw_around_kept(request, page, panels)) == without_token(whole)
        assert user.email in whole


def test_a_room_above_fills_a_slot(as_, priya, rental, settings):
    def fill_in(request, session_page, opening, panels):
        assert opening.user_id == priya.pk
        prompts = session_page.body.prompts
        panels["reflect"] = SessionPanel("courses/_session_reflect.html", {"body": {"prompts": prompts[:1]}})

    with hooks.register_temporarily("construct_session_panels", fill_in):
        text = as_(priya).get(ADDRESS).text
    assert "Which routine 0?" in text
    assert "Which routine 1?" not in text


def test_who_works_in_two_renting_settings_chooses_and_is_remembered(
    as_, noor, harbour_house, rental, course
):
    make.make_rental(harbour_house, course.product)
    client = as_(noor)
    assert "For Willow Lane." in client.get(ADDRESS).text
    assert "For Harbour House." in client.get(ADDRESS + "?at=harbour-house").text
    assert "For Harbour House." in client.get(ADDRESS).text


def test_a_setting_that_does_not_open_it_cannot_be_chosen(as_, noor, rental):
    client = as_(noor)
    text = client.get(ADDRESS + "?at=harbour-house").text
    assert "Harbour House" not in text
    assert "care_setting" not in client.session


def test_a_draft_is_not_found(as_, priya, rental, course):
    course.session_page.unpublish()
    assert as_(priya).get(ADDRESS).status_code == 404


def test_other_methods_are_refused(as_, priya, rental):
    assert as_(priya).post(ADDRESS).status_code == 405


def test_a_home_page_with_another_slug_still_leads_to_its_sessions(as_, priya, rental, course):
    home = course.page.get_parent().get_parent()
    home.slug = "start"
    home.save()
    assert as_(priya).get(ADDRESS).status_code == 200


def test_the_preview_shows_a_draft_with_its_unsaved_words(as_, edith, course):
    as_(edith)
    page = course.session_page
    page.title = "A title nobody has saved"
    request = RequestFactory().get("/")
    request.user = edith
    request.is_preview = True
    request.session = {}
    answer = page.serve_preview(request, "")
    assert answer.status_code == 200
    assert "A title nobody has saved" in answer.text
    assert "Which routine 3?" in answer.text
    assert caches["bodies"]._cache == {}


def test_a_preview_is_no_door_for_others(priya, course):
    request = RequestFactory().get("/")
    request.user, request.is_preview, request.session = priya, True, {}
    assert course.session_page.serve_preview(request, "").status_code == 403


def test_a_section_outside_the_tree_has_no_state(db):
    assert SectionPage.objects.around("0001").count() == 0
