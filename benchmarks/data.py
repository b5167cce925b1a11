"""Data for the figures: one small course and one large, one setting with many people."""

import datetime as dt
import json
from dataclasses import dataclass

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
from courses.models import ReflectivePrompt
from practice.models import ActionPlan, PlannedAction
from tests import factories as make

SMALL, LARGE = 10, 500
ORDERS = 420  # one for each first ring of the webhook
PEOPLE = 500
ACTIONS = 200


@dataclass(frozen=True)
class Data:
    """What the figures need to know of the rows."""

    cookies: dict[str, dict[str, str]]
    small_session: str
    large_session: str
    small_section: str
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
    place = make.make_care_setting("Bench Nursery")
    team = make.make_team(place, "Bench Room")
    practitioner, manager = make.make_user("Bench Practitioner"), make.make_user("Bench Manager")
    membership = make.make_membership(practitioner, place, "practitioner", teams=[team])
    make.make_membership(manager, place, "owner", "manager")
    for _ in range(PEOPLE):
        make.make_membership(make.make_user(), place, "practitioner", teams=[team])
    product = make.make_product("Bench")
    make.make_rental(place, product, granted_by=manager)
    pages = {}
    for name, count in (("small", SMALL), ("large", LARGE)):
        course = make.make_course(f"Bench {name}")
        section = make.make_section(course, "Section", products=[product])
        sessions = [make.make_session_page(section, f"Session {number}") for number in range(count)]
        pages[name] = (course, section, sessions[count // 2])
    plan = ActionPlan.objects.create(team=team, course_page=pages["small"][0])
    today = timezone.localdate()
    for number in range(ACTIONS):
        PlannedAction.objects.create(
            plan=plan,
            what=f"Do the thing {number}",
            who=membership,
            due_on=today + dt.timedelta(days=number - 20),
            session_page=pages["small"][2],
        )
    return Data(
        cookies={"practitioner": sign_in(practitioner), "manager": sign_in(manager)},
        small_session=pages["small"][2].url,
        large_session=pages["large"][2].url,
        small_section=pages["small"][1].url,
        course=pages["small"][0].url,
        prompt_id=ReflectivePrompt.objects.values_list("pk", flat=True).first(),
        home=f"/at/{place.slug}/",
        plan=f"/at/{place.slug}/teams/{team.slug}/{pages['small'][0].slug}/plan/",
        draft=f"/at/{place.slug}/prompts/{pages['small'][2].prompts.first().pk}/reflection/",
        checkouts=pay_for_many(product, manager),
        webhook_secret=webhook_secrets()[0],
    )


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
