"""What a setting's home page shows."""

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr
from wagtail.models import Page

from billing.models import Term
from courses.querysets import COURSE_PATH_LENGTH, SECTION_PATH_LENGTH, address_of
from elearning.kept_sql import kept
from practice.models import PlannedAction, SessionTally
from teams.models import CareSetting, JoinRequest, Membership, Team

COURSE_DEPTH = COURSE_PATH_LENGTH // Page.steplen


SECTION_DEPTH = SECTION_PATH_LENGTH // Page.steplen


SESSION_DEPTH = SECTION_DEPTH + 1


class NeedRow(NamedTuple):
    """An open action that needs somebody, as the setting's home shows it."""

    pk: int
    what: str
    due_on: dt.date
    needs_manager: bool
    what_is_needed: str
    who_id: int | None
    who_name: str
    who_left_at: dt.datetime | None
    team_name: str
    team_slug: str
    course_slug: str

    @property
    def is_of_former_member(self) -> bool:
        """Whether the person who took it on works here no more."""
        return bool(self.who_name) and (self.who_id is None or self.who_left_at is not None)


def needs_of(membership: Membership, day: dt.date, *, most: int) -> list[NeedRow]:
    """``PlannedAction.objects.that_need(membership, day)``, the first ``most`` of them."""
    rows = _need_rows(
        leads=membership.leads,
        manages=membership.manages,
        membership_id=membership.pk,
        care_setting_id=membership.care_setting_id,
        day=day,
        most=most,
    )
    return [NeedRow(*row) for row in rows]


@kept("leads", "manages", "most")
def _need_rows(
    *, leads: bool, manages: bool, membership_id: int, care_setting_id: int, day: dt.date, most: int
) -> QuerySet:
    member = Membership(pk=membership_id, care_setting_id=care_setting_id)
    member.is_facilitator, member.is_manager = leads, manages
    return PlannedAction.objects.that_need(member, day).values_list(
        "pk",
        "what",
        "due_on",
        "needs_manager",
        "what_is_needed",
        "who_id",
        "who_name",
        "who__left_at",
        "plan__team__name",
        "plan__team__slug",
        "plan__course_page__slug",
    )[:most]


def facilitators_of(teams: list[int]) -> list[tuple[int, str]]:
    """Who facilitates in these teams now: (team id, name)."""
    return list(
        Membership.objects.standing()
        .filter(is_facilitator=True, teams__in=teams)
        .order_by("user__display_name")
        .values_list("teams__pk", "user__display_name")
    )


class OverviewRow(NamedTuple):
    """The setting's counts, and of one team and session how many actions; team and course may be None."""

    people: int
    facilitators: int
    join_requests: int
    team_id: int | None
    team_name: str | None
    team_slug: str | None
    course_page_id: int | None
    course_title: str | None
    course_slug: str | None
    session_page_id: int | None
    actions: int
    open: int
    overdue: int


def overview_of(membership: Membership, day: dt.date) -> list[OverviewRow]:
    """One row for each team and session with planned actions; one at least, unless the member has no team."""
    rows = _overview_rows(
        manages=membership.manages,
        membership_id=membership.pk,
        care_setting_id=membership.care_setting_id,
        day=day,
    )
    return [OverviewRow(*row) for row in rows]


@kept("manages")
def _overview_rows(*, manages: bool, membership_id: int, care_setting_id: int, day: dt.date) -> QuerySet:
    """The counts of people name the setting itself, not the outer row: so the database counts once, and not
    again for every action.
    """
    standing = Membership.objects.standing().filter(care_setting_id=care_setting_id)
    requests = JoinRequest.objects.undecided().filter(care_setting_id=care_setting_id)
    plans = "teams__action_plans"
    is_open = Q(teams__action_plans__actions__status="open")
    places = CareSetting.objects.filter(pk=care_setting_id)
    if not manages:
        member = Membership(pk=membership_id, care_setting_id=care_setting_id)
        own_teams = Team.objects.visible_to_member(member).values("pk")
        places = places.filter(Q(teams__in=own_teams) | Q(teams__isnull=True))
    return (
        places.annotate(
            people=_count_of(standing, "care_setting"),
            facilitators=_count_of(standing.filter(is_facilitator=True), "care_setting"),
            requests=_count_of(requests, "care_setting"),
        )
        .values_list(
            "people",
            "facilitators",
            "requests",
            "teams__pk",
            "teams__name",
            "teams__slug",
            f"{plans}__course_page_id",
            f"{plans}__course_page__title",
            f"{plans}__course_page__slug",
            f"{plans}__actions__session_page_id",
        )
        .annotate(
            actions=Count(f"{plans}__actions"),
            open=Count(f"{plans}__actions", filter=is_open),
            overdue=Count(f"{plans}__actions", filter=is_open & Q(**{f"{plans}__actions__due_on__lt": day})),
        )
        .order_by("teams__name", "teams__pk", f"{plans}__course_page__title")
    )


class PageRow(NamedTuple):
    """A course, section or session that a setting rents now."""

    pk: int
    path: str
    depth: int
    title: str
    slug: str
    url_path: str
    aim: str | None
    minutes: int | None
    finished_by: int

    @property
    def address(self) -> str:
        """Where it is on the site: the tree's path without the home page."""
        return address_of(self.url_path)


def outline_of(care_setting: CareSetting, day: dt.date) -> list[PageRow]:
    """Courses, sections and sessions that are open to the setting on the London ``day``, in order.

    ``finished_by`` says of a session how many people here finished a reflection: a number, never who.
    """
    rows = _outline_rows(care_setting_id=care_setting.pk, day=day, grace_days=settings.BILLING_GRACE_DAYS)
    return [PageRow(*row) for row in rows]


@kept("day", "grace_days")
def _outline_rows(*, care_setting_id: int, day: dt.date, grace_days: int) -> QuerySet:
    """What billing's rule of which terms open reads besides the day, it is kept by: the days of grace."""
    care_setting = CareSetting(pk=care_setting_id)
    section = "rental__product__product_sections__section_page__path"
    live = Term.objects.opening_on(day).of_care_setting(care_setting)
    opens_it = live.filter(**{section: Substr(OuterRef("path"), 1, SECTION_PATH_LENGTH)})
    opens_part_of_it = live.filter(**{f"{section}__startswith": OuterRef("path")})
    finished = SessionTally.objects.filter(care_setting=care_setting, session_page=OuterRef("pk"))
    return (
        Page.objects.live()
        .filter(depth__range=(COURSE_DEPTH, SESSION_DEPTH))
        .filter(Q(Exists(opens_it)) | Q(Q(depth=COURSE_DEPTH) & Q(Exists(opens_part_of_it))))
        .annotate(finished_by=Coalesce(Subquery(finished.values("people")), 0))
        .order_by("path")
        .values_list(
            "pk",
            "path",
            "depth",
            "title",
            "slug",
            "url_path",
            "sessionpage__aim",
            "sessionpage__minutes",
            "finished_by",
        )
    )


def _count_of(rows: QuerySet, of: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(of).annotate(number=Count("pk")).values("number")), 0)
