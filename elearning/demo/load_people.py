"""Load the demo's people, settings, teams and rentals."""

import datetime as dt

from django.contrib.auth.models import Group
from django.utils.text import slugify

from accounts.models import User
from billing.models import Product, Rental, Term
from elearning.demo import DEMO_PASSWORD
from elearning.demo.records import (
    DemoMembership,
    DemoPeople,
    DemoPerson,
    DemoRental,
    DemoSetting,
    ProductText,
)
from elearning.periods import add_months, london_day
from teams.models import CareSetting, JoinLink, Membership, Team

GRANT_REASON = "Demonstration content"


def load_people_rows(people: DemoPeople, *, now: dt.datetime) -> None:
    """Everybody who can sign in, with a verified address and the demo's one password."""
    for person in people.people:
        if not User.objects.with_email(person.email).exists():
            make_person(person, now=now)


def make_person(person: DemoPerson, *, now: dt.datetime) -> None:
    """One person; editors and provider staff get what Wagtail asks of them."""
    first_day = max((one.joined_days_ago for one in person.memberships), default=0)
    user = User.objects.create_user(
        person.email,
        DEMO_PASSWORD,
        display_name=person.display_name,
        is_staff=person.works_for_us == "provider",
        is_superuser=person.works_for_us == "provider",
        joined_at=now - dt.timedelta(days=first_day),
    )
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    if person.works_for_us == "editor":
        user.groups.add(Group.objects.get(name="Editors"))


def load_settings(people: DemoPeople, *, now: dt.datetime) -> None:
    """Settings with teams and join links, and who works in them."""
    for one in people.settings:
        if not CareSetting.objects.filter(slug=one.slug).exists():
            make_setting(one, now=now)
    for person in people.people:
        user = User.objects.get_by_natural_key(person.email)
        for membership in person.memberships:
            make_membership(user, membership, now=now)


def make_setting(one: DemoSetting, *, now: dt.datetime) -> None:
    """One setting, its teams and its join link."""
    created_at = now - dt.timedelta(days=one.created_days_ago)
    care_setting = CareSetting.objects.create(
        name=one.name,
        slug=one.slug,
        kind=one.kind,
        address=one.address,
        safeguarding_lead_name=one.safeguarding_lead_name,
        safeguarding_lead_contact=one.safeguarding_lead_contact,
        created_at=created_at,
    )
    JoinLink.objects.create(care_setting=care_setting, created_at=created_at)
    for name in one.teams:
        Team.objects.create(care_setting=care_setting, name=name, slug=slugify(name), created_at=created_at)


def make_membership(user: User, one: DemoMembership, *, now: dt.datetime) -> None:
    """One person's work in one setting, unless it is there."""
    care_setting = CareSetting.objects.get(slug=one.setting)
    roles = {f"is_{role}": role in one.roles for role in ("owner", "manager", "facilitator", "practitioner")}
    membership, is_new = Membership.objects.get_or_create(
        user=user,
        care_setting=care_setting,
        defaults={**roles, "joined_at": now - dt.timedelta(days=one.joined_days_ago)},
    )
    if is_new:
        membership.teams.set(Team.objects.in_care_setting(care_setting).filter(name__in=one.teams))


def load_rentals(people: DemoPeople, products: list[ProductText], *, now: dt.datetime) -> None:
    """Rentals that provider staff granted, one term each."""
    months = {product.slug: product.months for product in products}
    provider = next(person for person in people.people if person.works_for_us == "provider")
    staff = User.objects.get_by_natural_key(provider.email)
    for setting in people.settings:
        for one in setting.rentals:
            rental, _ = Rental.objects.get_or_create(
                care_setting=CareSetting.objects.get(slug=setting.slug),
                product=Product.objects.get(slug=one.product),
            )
            if not rental.terms.exists():
                starts_on, ends_on = term_days(one, months=months[one.product], day=london_day(now))
                Term.objects.create(
                    rental=rental,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    granted_by=staff,
                    grant_reason=GRANT_REASON,
                )


def term_days(one: DemoRental, *, months: int, day: dt.date) -> tuple[dt.date, dt.date]:
    """The London days [starts_on, ends_on) of a rental, counted from the ``day`` of loading.

    A rental that ends in 20 days has its last day 20 days from now.
    """
    if one.started_days_ago is not None:
        starts_on = day - dt.timedelta(days=one.started_days_ago)
        return starts_on, add_months(starts_on, months)
    ends_on = day + dt.timedelta(days=(one.ends_in_days or 0) + 1)
    return add_months(ends_on, -months), ends_on
