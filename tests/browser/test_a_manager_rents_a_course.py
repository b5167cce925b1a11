"""Lena rents a course for Little Acorns and invites a colleague, who opens a session: in a real browser."""

import re

from django.utils import timezone

from elearning.periods import add_months, last_day, london_day
from elearning.templatetags.design import day
from tests.browser.conftest import assert_good_everywhere, assert_good_page
from tests.mailbox import send_waiting_mail


def link_in(message) -> str:
    """The invitation's link in a letter."""
    return re.search(r"https?://\S+/invitations/\S+", message.body)[0]


def test_a_manager_rents_a_course_and_her_colleague_opens_it(visit, lena, little_acorns, course):
    visitor = visit()
    page = visitor.sign_in(lena)
    visitor.reads("Three things to start with")
    visitor.open(course.page.url)
    visitor.follow("Rent for your setting")
    visitor.reads("Rent for Little Acorns")
    assert_good_everywhere(visitor, "rent-check")
    page.get_by_label("I accept the terms").check()
    visitor.press("Go on to pay")

    visitor.reads("SANDBOX, NO MONEY MOVES")
    assert_good_everywhere(visitor, "rent-sandbox")
    visitor.press("Pay by a card that is declined")
    visitor.reads("The card was declined")
    assert_good_page(page)
    visitor.press("Pay by card")
    visitor.reads("You are ready")
    assert_good_everywhere(visitor, "rent-ready")

    visitor.follow("Invite your team")
    page.get_by_label("E-mail addresses").fill("jo@example.org")
    page.get_by_label("Toddler Room").check()
    assert_good_page(page)
    visitor.press("Send the invitations")
    visitor.reads("Invited: jo@example.org")
    page.get_by_role("navigation", name="Little Acorns").get_by_role("link", name="Home").click()
    ends_on = add_months(london_day(timezone.now()), course.product.months)
    visitor.reads(f"Last day {day(last_day(ends_on))}")

    letters = {letter.to[0]: letter for letter in send_waiting_mail()}
    jo = visit()
    jo.open(link_in(letters["jo@example.org"]))
    jo.reads("Lena Fischer invites you")
    assert_good_everywhere(jo, "invitation")
    jo.follow("Create my account")
    jo.page.get_by_label("Your name").fill("Jo Ash")
    jo.page.get_by_label("E-mail address").fill("jo@example.org")
    jo.page.get_by_label("Password").fill("warm porridge at noon")
    jo.press("Create my account")
    jo.press("Join now")
    jo.reads("Welcome to Little Acorns")
    jo.follow("All sessions")
    jo.follow("Everyday care")
    jo.reads("Use care as key time.")
    jo.reads("Only you can see what you write")
    assert_good_page(jo.page)
