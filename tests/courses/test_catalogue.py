"""The public pages: what they say, and that a stranger's copy costs nothing when it is warm."""

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.test import Client, RequestFactory

from courses.models import CourseOutcome, CourseQuestion, HomePage, ProductSection
from courses.services import forget_public_pages
from tests import factories as make

COURSE = "/courses/the-key-person-approach/"
SECTION = f"{COURSE}section-two/"
PUBLIC = ("/", "/courses/", COURSE, SECTION)


@pytest.fixture
def whole_course(course):
    """The course with outcomes, questions, a second section and a wider product."""
    CourseOutcome.objects.create(course_page=course.page, text="Say what a key person is for")
    CourseQuestion.objects.create(course_page=course.page, question="Who leads?", answer="<p>One of you.</p>")
    both = make.make_product("The whole course", price_minor=11900, blurb="Both sections.")
    section = make.make_section(course.page, "Section three", products=[both])
    ProductSection.objects.create(product=both, section_page=course.section)
    course.both, course.third = both, section
    return course


@pytest.mark.parametrize("address", PUBLIC)
def test_anyone_may_read_it_and_keep_it_for_a_minute(client, whole_course, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in answer["Vary"]
    assert not answer.cookies


@pytest.mark.parametrize("address", PUBLIC)
def test_a_warm_page_costs_no_query(client, whole_course, address, django_assert_num_queries):
    cold = client.get(address)
    with django_assert_num_queries(0):
        warm = client.get(address)
    assert warm.content == cold.content
    assert warm["Cache-Control"] == cold["Cache-Control"]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_cold_page_costs_little(client, whole_course, parts, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get(address)


def test_the_price_is_at_the_top_and_at_the_foot(client, whole_course):
    text = client.get(COURSE).text
    for words in ("£69", "£119", 'rent/section-two/"', 'rent/the-whole-course/"', "section-two/several/"):
        assert text.count(words) == 2, words
    assert text.count("for 12 months") == 4
    assert text.count("Everyone in one setting") == 4
    assert text.index("£69") < text.index('id="sessions"') < text.rindex("£69")
    assert text.count("button--primary") == 1
    assert 'href="/terms/"' in text


def test_a_product_that_is_not_on_sale_is_not_offered(client, whole_course):
    whole_course.both.is_on_sale = False
    whole_course.both.save()
    text = client.get(COURSE).text
    assert "£119" not in text
    assert "£69" in text


def test_a_course_says_what_is_in_it(client, whole_course):
    text = client.get(COURSE).text
    for words in (
        "Things change on Monday.",
        "Say what a key person is for",
        "Everyday care",
        "75 minutes",
        "Who leads?",
        "One of you.",
        "Key persons in the early years",
        '<meta name="description" content="Things change on Monday.">',
    ):
        assert words in text
    assert f'href="{SECTION}everyday-care/"' not in text


def test_members_find_the_way_in(as_, priya, rental, whole_course):
    client = as_(priya)
    for address in (COURSE, SECTION):
        answer = client.get(address)
        assert f'href="{SECTION}everyday-care/"' in answer.text
        assert "no-store" in answer["Cache-Control"]


def test_reading_beforehand_is_for_those_who_rent(as_, priya, outsider, rental, course):
    course.section.pre_reading = "<p>Find the rota.</p>"
    course.section.save()
    assert "Find the rota." in as_(priya).get(SECTION).text
    assert "Find the rota." not in as_(outsider).get(SECTION).text
    assert "Find the rota." not in as_().get(SECTION).text


def test_nothing_is_kept_of_a_signed_in_person(as_, priya, rental, course):
    as_(priya).get(COURSE)
    assert caches["bodies"].get(f"public:{COURSE}") is None
    as_().get(COURSE)
    kept = caches["bodies"].get(f"public:{COURSE}")
    assert b"Priya" not in kept
    assert as_(priya).get(COURSE).content != kept


def test_a_message_is_shown_to_its_reader_alone(client, course):
    request = RequestFactory().get("/")
    storage = CookieStorage(request)
    client.cookies["messages"] = storage._encode([Message(constants.SUCCESS, "You have signed out.")])
    assert "You have signed out." in client.get("/").text
    assert "You have signed out." not in Client().get("/").text


def test_an_announced_session_is_marked_and_a_plain_draft_is_hidden(client, course):
    course.session_page.unpublish()
    assert "Everyday care" not in client.get(COURSE).text
    forget_public_pages()
    course.session_page.is_announced = True
    course.session_page.save()
    text = client.get(COURSE).text
    assert "Everyday care" in text
    assert "Being written" in text
    assert "1 session of this is still being written." in text


def test_before_renting_it_is_said_how_much_is_still_being_written(client, course):
    assert "still being written" not in client.get(COURSE).text
    forget_public_pages()
    course.session_page.unpublish()
    course.session_page.is_announced = True
    course.session_page.save()
    for address in (COURSE, SECTION):
        assert "1 session of this is still being written." in client.get(address).text


def test_a_sample_clip_is_shown_and_leads_to_it(client, course, parts):
    clip_page = parts["clip"]
    for address in ("/", COURSE):
        assert "A nappy change" not in client.get(address).text
    clip_page.is_sample = True
    clip_page.save()
    forget_public_pages()
    for address in ("/", COURSE):
        text = client.get(address).text
        assert "A nappy change" in text
        assert f'href="{clip_page.address}"' in text


def test_publishing_shows_at_once_to_the_author(edith, course):
    client = Client()
    client.get(COURSE)
    caches["bodies"].set("public:/courses/old/", b"old")
    admin = Client()
    admin.force_login(edith, backend="allauth.account.auth_backends.AuthenticationBackend")
    admin.post(f"/admin/pages/{course.page.pk}/unpublish/")
    assert caches["bodies"].get("public:/courses/old/") is None
    assert client.get(COURSE).status_code == 404


@pytest.mark.parametrize("address", PUBLIC)
def test_forms_are_refused(client, course, address):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", [f"{COURSE}nothing/", "/courses/nothing/", f"{SECTION}nothing/"])
def test_what_is_not_there_is_not_found(client, course, address):
    assert client.get(address).status_code == 404


def test_the_default_route_shows_the_same(client, course):
    fast = client.get(COURSE).text
    home = HomePage.objects.get()
    home.slug = "start"
    home.save()
    forget_public_pages()
    assert client.get(COURSE).text == fast
