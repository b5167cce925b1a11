"""Data for the figures: one small course and one large, one setting with many people, many settings."""

import datetime as dt
import json
from dataclasses import dataclass
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.models import User
from billing.mode import webhook_secrets
from billing.models import Product
from billing.sandbox.faults import held_deliveries
from billing.sandbox.payer import pay_by_card
from billing.services import begin_checkout, find_live_order
from billing.terms import TERMS_VERSION
from practice.models import ActionPlan, PlannedAction, Reflection
from practice.services.tallies import recount_everything
from tests import factories as make

SMALL, LARGE, HOME = 10, 500, 40  # sessions
ORDERS = 480  # one for each first ring of the webhook
OTHERS = 1000  # settings that rent the same course: a page must not pay for them
PEOPLE = 500
ACTIONS = 200


@dataclass(frozen=True)
class Data:
    """What the figures need to know of the rows."""

    cookies: dict[str, dict[str, str]]
    small_session: str
    large_session: str
    course: str
    prompt_id: int
    home: str
    plan: str
    draft: str
    checkouts: list[str]
    webhook_secret: str


def sign_in(user: User) -> dict[str, str]:
    """A browser session for ``user``, as its cookie."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {settings.SESSION_COOKIE_NAME: session.session_key}


def fill() -> Data:
    """Make all rows; the database must be empty but for migrations."""
    practitioner, manager = make.make_user("Bench Practitioner"), make.make_user("Bench Manager")
    small = rent_course("small", SMALL, practitioner, granted_by=manager)
    large = rent_course("large", LARGE, practitioner, granted_by=manager)
    home = rent_course("home", HOME, practitioner, granted_by=manager)
    make.make_membership(manager, home.place, "owner", "manager")
    people = [make.make_user() for _ in range(PEOPLE)]
    for user in people:
        make.make_membership(user, home.place, "practitioner", teams=[home.team])
    plan_actions(home)
    finish_reflections(home, people)
    for _ in range(OTHERS):
        make.make_rental(make.make_care_setting(), small.product, granted_by=manager)
    slug = home.place.slug
    return Data(
        cookies={"practitioner": sign_in(practitioner), "manager": sign_in(manager)},
        small_session=small.session_page.url,
        large_session=large.session_page.url,
        course=small.course.url,
        prompt_id=small.session_page.prompts.first().pk,
        home=f"/at/{slug}/",
        plan=f"/at/{slug}/teams/{home.team.slug}/{home.course.slug}/plan/",
        draft=f"/at/{small.place.slug}/prompts/{small.session_page.prompts.first().pk}/reflection/",
        checkouts=pay_for_many(small.product, manager),
        webhook_secret=webhook_secrets()[0],
    )


def rent_course(name: str, sessions: int, practitioner: User, *, granted_by: User) -> SimpleNamespace:
    """A setting with one team that rents a course of so many sessions; the practitioner works there."""
    place = make.make_care_setting(f"Bench {name}")
    team = make.make_team(place, "Bench Room")
    make.make_membership(practitioner, place, "practitioner", teams=[team])
    product = make.make_product(f"Bench {name}")
    make.make_rental(place, product, granted_by=granted_by)
    course = make.make_course(f"Bench {name} course")
    section = make.make_section(course, "Section", products=[product])
    pages = [make.make_session_page(section, f"Session {number}") for number in range(sessions)]
    return SimpleNamespace(
        place=place,
        team=team,
        product=product,
        course=course,
        session_pages=pages,
        session_page=pages[sessions // 2],
    )


def plan_actions(home: SimpleNamespace) -> None:
    """A plan of many actions, some overdue, each from a session."""
    plan = ActionPlan.objects.create(team=home.team, course_page=home.course)
    who = home.team.memberships.first()
    today = timezone.localdate()
    for number in range(ACTIONS):
        PlannedAction.objects.create(
            plan=plan,
            what=f"Do the thing {number}",
            who=who,
            due_on=today + dt.timedelta(days=number - 20),
            session_page=home.session_page,
        )


def finish_reflections(home: SimpleNamespace, people: list[User]) -> None:
    """Everybody finished the first prompt of every session."""
    prompts = [(page, page.prompts.first()) for page in home.session_pages]
    Reflection.objects.bulk_create(
        Reflection(
            author=user,
            care_setting=home.place,
            session_page=page,
            session_title=page.title,
            prompt=prompt,
            prompt_text="What did you see?",
            text="She looked for me before she looked at the toy.",
            status=Reflection.Status.SENT,
        )
        for page, prompt in prompts
        for user in people
    )
    recount_everything()


def pay_for_many(product: Product, buyer: User) -> list[str]:
    """Orders that are paid at Stripe's sandbox, of which the site has not heard; return their checkouts."""
    now = timezone.now()
    checkouts = []
    with held_deliveries():
        for _ in range(ORDERS):
            place = make.make_care_setting()
            begin_checkout(
                product=product, care_setting=place, buyer=buyer, terms_version=TERMS_VERSION, now=now
            )
            order = find_live_order(product=product, care_setting=place)
            pay_by_card(order.stripe_checkout_session_id)
            checkouts.append(order.stripe_checkout_session_id)
    return checkouts


def main() -> None:
    """Fill the database and print what the figures need, as JSON."""
    print(json.dumps(fill().__dict__))
