"""Edith changes what a session says in Wagtail's editor, and publishes it for those who work through it."""

import pytest
from playwright.sync_api import expect

from tests import factories as make

pytestmark = pytest.mark.usefixtures("rental")


def publish(page):
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish").click()


def test_an_author_is_told_what_is_missing_then_publishes_and_a_practitioner_reads_it(
    visit, edith, priya, course
):
    visitor = visit(edith)
    page = visitor.open(f"/admin/pages/{course.session_page.pk}/edit/")
    expect(page.get_by_role("heading", name="What is missing")).to_be_visible()
    publish(page)
    expect(page.locator(".messages")).to_contain_text("Missing: a facilitator guide")

    make.make_clip_page(course.session_page, "A nappy change")
    make.make_guide_page(course.session_page)
    make.make_task_sheet(course.session_page, "Moments of care")
    page.locator("#id_aim").fill("Choose two moments of care to protect.")
    publish(page)
    expect(page.locator(".messages")).to_contain_text("published")

    reader = visit(priya)
    reader.open(course.session_page.address)
    reader.reads("Choose two moments of care to protect.")


def test_a_member_who_tries_the_authors_address_is_told_so(visit, priya):
    visitor = visit(priya)
    visitor.expect(403)
    visitor.open("/admin/")
    visitor.reads("Only those who write the courses")
    visitor.follow("Go to my settings")
    visitor.reads("Willow Lane")
