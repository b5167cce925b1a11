"""Lena rents a course for Little Acorns and invites a colleague, who opens a session."""

import re

from django.utils import timezone

from billing.models import Order, Term
from elearning.periods import add_months, last_day, london_day
from elearning.templatetags.design import day
from tests.mailbox import send_waiting_mail


def link_in(message) -> str:
    """The invitation's link in a letter."""
    return re.search(r"https?://\S+/invitations/\S+", message.body)[0]


def test_a_manager_rents_a_course_and_her_colleague_opens_it(walk, lena, little_acorns, course):
    lena_walks = walk(lena)
    assert "Three things to start with" in lena_walks.open(little_acorns.home_path).text
    closed = lena_walks.open(course.session_page.address, status=403)
    assert "Your setting does not rent this" in closed.text

    lena_walks.open(course.page.url).follow("Rent for your setting")
    assert "Rent for Little Acorns" in lena_walks.text
    assert "£69" in lena_walks.text
    lena_walks.press("Go on to pay", status=422)
    assert "tick the box" in lena_walks.text
    lena_walks.press("Go on to pay", accepts_terms="on")

    assert "SANDBOX, NO MONEY MOVES" in str(lena_walks.page)
    lena_walks.press("Pay by a card that is declined")
    assert "The card was declined" in lena_walks.text
    assert not Term.objects.exists()
    lena_walks.press("Pay by card")
    assert "You are ready" in lena_walks.text

    order = Order.objects.get()
    assert order.status == Order.Status.FULFILLED
    assert (order.terms_accepted_by, order.paid_minor) == (lena, 6900)
    ends_on = add_months(london_day(timezone.now()), course.product.months)
    assert day(last_day(ends_on)) in lena_walks.open(little_acorns.home_path).text

    lena_walks.open(f"/billing/ready/{order.public_id}/").follow("Invite your team")
    team = little_acorns.teams.get()
    lena_walks.press("Send the invitations", emails="jo@example.org", teams=[team.pk])
    assert "jo@example.org" in lena_walks.text
    letters = {letter.to[0]: letter for letter in send_waiting_mail()}
    assert "receipt" in letters[lena.email].subject.lower()

    jo = walk()
    jo.open(link_in(letters["jo@example.org"])).follow("Create my account")
    jo.press(
        "Create my account", display_name="Jo Ash", email="jo@example.org", password1="warm porridge at noon"
    )
    assert "Join Little Acorns" in jo.text
    jo.press("Join now")
    assert jo.address == little_acorns.home_path
    jo.follow("All sessions").follow("Everyday care")
    assert course.session_page.aim in jo.text
    assert "Only you can see what you write" in jo.text

    again = walk()
    again.open(link_in(letters["jo@example.org"]), status=410)
