"""Before and after paying it is said how many sessions are still being written, as on the course page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import Order
from tests import factories as make

pytestmark = pytest.mark.django_db

WORDS = "1 session of this is still being written."
COURSE = "/courses/the-key-person-approach/"


def announce(course, title: str) -> None:
    """A session that stands on the course page, and is not there yet."""
    page = make.make_session_page(course.section, title)
    page.unpublish()
    page.is_announced = True
    page.save()


@pytest.fixture
def unwritten(course):
    """The course, of whose two sessions one is still being written."""
    announce(course, "Settling in")
    return course.product


@pytest.fixture
def list_path(bright_nurseries, course):
    return reverse("billing:settings_list", args=[bright_nurseries.public_id, course.product.slug])


@pytest.fixture
def typed(as_, gwen, list_path):
    """Gwen has typed two settings, and goes on."""
    client = as_(gwen)
    client.post(list_path, {"text": "Oak,Nursery,oak@group.example\nElm,School,elm@group.example"})
    return client


@pytest.mark.parametrize("name", ["rent", "rent_by_invoice"])
def test_a_manager_reads_it_before_paying_in_the_words_of_the_course_page(as_, maya, unwritten, name):
    sentence = WORDS + "</strong> It is part of the price, and opens as soon as it is ready."
    page = as_(maya).get(reverse(f"billing:{name}", args=[unwritten.slug]), {"setting": "willow-lane"})
    assert sentence in page.text
    assert sentence in as_().get(COURSE).text


def test_a_stranger_reads_it_before_making_an_account(as_, unwritten):
    assert WORDS in as_().get(reverse("billing:rent", args=[unwritten.slug])).text


def test_who_pays_for_many_reads_it_whichever_way_they_pay(typed, list_path, bright_nurseries, unwritten):
    by_invoice = reverse("billing:group_invoice", args=[bright_nurseries.public_id, unwritten.slug])
    assert WORDS in typed.get(f"{list_path}check/").text
    assert WORDS in typed.get(by_invoice).text


def test_it_is_said_once_more_when_everything_is_paid(as_, maya, unwritten, pay, reconcile):
    address = reverse("billing:rent", args=[unwritten.slug])
    as_(maya).post(address, {"setting": "willow-lane", "accepts_terms": "on"})
    order = reconcile(pay(Order.objects.get()))
    assert WORDS in as_(maya).get(reverse("billing:ready", args=[order.public_id])).text


def test_nothing_is_said_when_all_is_written(as_, maya, course):
    page = as_(maya).get(reverse("billing:rent", args=[course.product.slug])).text
    assert "What" in page
    assert "still being written" not in page


def test_a_draft_that_is_not_announced_and_another_courses_sessions_do_not_count(
    as_, maya, unwritten, course
):
    make.make_session_page(course.section, "A thought").unpublish()
    other = make.make_section(course.page, "Section three", products=[make.make_product("Section three")])
    page = make.make_session_page(other, "Elsewhere")
    page.unpublish()
    page.is_announced = True
    page.save()
    assert WORDS in as_(maya).get(reverse("billing:rent", args=[unwritten.slug])).text


def test_many_unwritten_sessions_cost_what_one_costs(as_, maya, unwritten, course):
    client, address = as_(maya), reverse("billing:rent", args=[unwritten.slug])

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            assert "still being written" in client.get(address).text
        return len(found)

    statements()
    with_one = statements()
    for number in range(5):
        announce(course, f"Session {number}")
    assert statements() == with_one
