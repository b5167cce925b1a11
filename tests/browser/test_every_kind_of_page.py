"""Every kind of page is good: for axe, at two widths, light and dark, without errors."""

import datetime as dt

import pytest
from django.utils import timezone

from billing.models import PayerSetting
from billing.tokens import reminder_token
from elearning.periods import london_day
from teams.models import Membership
from tests import factories as make
from tests.browser.conftest import assert_good_everywhere

SESSION = "/courses/the-key-person-approach/section-two/everyday-care/"
PLAN = "/at/willow-lane/teams/baby-room/the-key-person-approach/plan/"


@pytest.fixture
def look_at(visit):
    """Look at addresses as somebody: ``look_at(maya, {"plan": "/at/…"}, 404)``; all faults come in one go."""

    def look(user, addresses: dict[str, str], status: int = 200) -> None:
        visitor = visit(user)
        if status >= 400:
            visitor.expect(status)
        faults = []
        for name, address in addresses.items():
            answer = visitor.page.goto(visitor.address + address)
            if answer.status != status:
                faults.append(f"{address} answers {answer.status}")
                continue
            try:
                assert_good_everywhere(visitor, name)
            except AssertionError as fault:
                faults.append(f"{name}: {fault}")
        assert not faults, "\n\n".join(faults)

    return look


@pytest.fixture
def full_session(rental, course, guide_page, task_sheet, clip_page):
    """A session with a clip that plays, a guide and a task sheet, rented by Willow Lane."""
    make.make_session_page(course.section, "Settling in")
    return course.session_page


def test_pages_for_everybody(look_at, course, rental, maya):
    token = reminder_token(user_id=maya.pk, care_setting_id=rental.care_setting_id)
    look_at(
        None,
        {
            "home": "/",
            "catalogue": "/courses/",
            "course": "/courses/the-key-person-approach/",
            "section": "/courses/the-key-person-approach/section-two/",
            "rent-stranger": "/billing/rent/section-two/",
            "terms": "/terms/",
            "stop-reminders": f"/billing/reminders/stop/{token}/",
            "accessibility": "/accessibility/",
            "privacy": "/privacy/",
        },
    )


def test_pages_of_signing_in(look_at, willow_lane):
    look_at(
        None,
        {
            "sign-in": "/account/login/",
            "sign-up": "/account/signup/",
            "sign-in-code": "/account/login/code/",
            "password-reset": "/account/password/reset/",
            "join": f"/join/{make.make_join_link(willow_lane).code}/",
        },
    )


def test_pages_that_refuse(look_at, visit, course, priya, rental, guide_page):
    look_at(None, {"404": "/nothing-is-here/"}, 404)
    look_at(None, {"closed-stranger": SESSION}, 403)
    look_at(None, {"invitation-over": "/invitations/0123456789abcdef/"}, 410)
    look_at(priya, {"closed-guide": f"{SESSION}guide/", "403": "/at/willow-lane/people/invite/"}, 403)


@pytest.mark.film
def test_pages_of_a_session(look_at, fred, full_session, clip_page, full_plan):
    look_at(
        fred,
        {
            "session": SESSION,
            "clip": clip_page.address,
            "guide": f"{SESSION}guide/",
            "task-sheet": f"{SESSION}one-day/",
        },
    )


def test_pages_of_a_plan(look_at, maya, course, full_plan):
    late = full_plan.actions.order_by("pk").first()
    look_at(
        maya,
        {
            "plan": PLAN,
            "plan-print": f"{PLAN}print/",
            "add-action": f"{PLAN}actions/new/",
            "action": f"{PLAN}actions/{late.pk}/",
        },
    )


def test_pages_of_a_setting(look_at, maya, priya, fred, noor, course, willow_lane, full_plan):
    make.make_invitation(willow_lane, "new@example.org")
    make.make_join_request(willow_lane)
    prompt = course.session_page.prompts.first()
    make.make_reflection(maya, willow_lane, prompt, saved_at=timezone.now() - dt.timedelta(days=2))
    priyas = Membership.objects.get(user=priya)
    look_at(
        maya,
        {
            "setting-home": "/at/willow-lane/",
            "setting-courses": "/at/willow-lane/courses/",
            "journal": "/at/willow-lane/journal/",
            "shared": "/at/willow-lane/shared/",
            "people": "/at/willow-lane/people/",
            "member": f"/at/willow-lane/people/{priyas.pk}/",
            "remove-member": f"/at/willow-lane/people/{priyas.pk}/remove/",
            "invite": "/at/willow-lane/people/invite/",
            "join-link": "/at/willow-lane/people/join-link/",
            "poster": "/at/willow-lane/people/join-link/poster/",
            "teams": "/at/willow-lane/people/teams/",
            "details": "/at/willow-lane/details/",
            "rentals": "/at/willow-lane/rentals/",
        },
    )


def test_pages_of_a_new_setting(look_at, lena, course):
    look_at(
        lena,
        {
            "new-setting-home": "/at/little-acorns/",
            "new-setting-courses": "/at/little-acorns/courses/",
            "new-setting-rentals": "/at/little-acorns/rentals/",
            "rent-check": "/billing/rent/section-two/",
            "rent-invoice": "/billing/rent/section-two/invoice/?setting=little-acorns",
        },
    )


def test_pages_of_an_account(look_at, noor, rental):
    look_at(
        noor,
        {
            "choose": "/at/",
            "new-setting": "/settings/new/",
            "own-journal": "/journal/",
            "account": "/account/",
            "account-name": "/account/name/",
            "account-email": "/account/email/",
            "account-password": "/account/password/change/",
            "account-safer": "/account/2fa/",
            "sign-out": "/account/logout/",
        },
    )


def test_pages_of_a_setting_whose_rental_ended(look_at, maya, course, willow_lane, baby_room):
    starts_on = london_day(timezone.now()) - dt.timedelta(days=420)
    make.make_rental(willow_lane, course.product, starts_on=starts_on)
    look_at(maya, {"ended-home": "/at/willow-lane/", "ended-rentals": "/at/willow-lane/rentals/"})
    look_at(maya, {"ended-session": SESSION}, 403)


def test_pages_of_buying_for_many_settings(look_at, as_, gwen, bright_nurseries, course):
    base = f"/billing/payers/{bright_nurseries.public_id}/"
    typed = "Oak,Nursery,oak@b.example\nElm,Zoo,elm@b.example\n" + "\n".join(
        f"Bright Nurseries at Place {number},Nursery,manager.of.place.{number}@bright-nurseries.example"
        for number in range(8)
    )
    as_(gwen).post(f"{base}rent/section-two/", {"text": typed})
    order = make.make_paid_group_order(
        bright_nurseries, gwen, course.product, "Ash,Nursery,ash@b.example\nBeech,School,beech@b.example"
    )
    ash = PayerSetting.objects.get(name="Ash")
    as_(gwen).post(f"{base}rent/section-two/", {"text": typed})
    look_at(
        gwen,
        {
            "rent-for-several": "/billing/rent/section-two/several/",
            "settings-list": f"{base}rent/section-two/",
            "payer": base,
            "payer-order": order.path,
            "payer-details": f"{base}details/",
            "payer-people": f"{base}people/",
            "claim-letter": f"{base}settings/{ash.pk}/",
        },
    )
    as_(gwen).post(f"{base}rent/section-two/", {"text": typed.replace("Zoo", "School")})
    look_at(gwen, {"group-check": f"{base}rent/section-two/check/"})
    look_at(None, {"claim-sign-in": f"/claims/{ash.invitation.token}/"})
    olga = make.make_user("Olga Ash", email="ash@b.example")
    make.make_membership(olga, make.make_care_setting("Olga's other nursery"), "owner", "manager")
    look_at(olga, {"claim": f"/claims/{ash.invitation.token}/"})
    look_at(None, {"claim-over": "/claims/0123456789abcdef/"}, 410)
