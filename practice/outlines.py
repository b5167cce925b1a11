"""Wide queries: what a whole page needs in one statement, as rows of plain values.

Each is written once and named, for pages that people open all day stand on it; tests count statements.
"""

import datetime as dt
from functools import cache
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, DateTimeField, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Substr
from wagtail.models import Page

from accounts.models import User
from billing.models import Rental, Term
from courses.models import CoursePage, SessionPage
from courses.querysets import COURSE_PATH_LENGTH, SECTION_PATH_LENGTH, address_of
from elearning.kept_sql import Statement
from elearning.periods import last_day
from practice.models import ActionPlan, ActionReview, PlannedAction, Reflection
from teams.models import CareSetting, JoinRequest, Membership, Team

COURSE_DEPTH = COURSE_PATH_LENGTH // Page.steplen
SECTION_DEPTH = SECTION_PATH_LENGTH // Page.steplen
SESSION_DEPTH = SECTION_DEPTH + 1


class TeamRow(NamedTuple):
    """A team whose plan the asker may see, and how much of it is open for one course."""

    team_id: int
    name: str
    slug: str
    open: int
    overdue: int


def find_teams_with_open_actions(membership: Membership, *, course_path: str, day: dt.date) -> QuerySet:
    """The member's teams (a manager's: all), with open and overdue actions for the course at a tree path.

    Rows in the order of TeamRow.
    """
    is_open = Q(action_plans__course_page__path=course_path, action_plans__actions__status="open")
    is_overdue = is_open & Q(action_plans__actions__due_on__lt=day)
    return (
        Team.objects.visible_to_member(membership)
        .annotate(
            open=Count("action_plans__actions", filter=is_open),
            overdue=Count("action_plans__actions", filter=is_overdue),
        )
        .by_name()
        .values_list("pk", "name", "slug", "open", "overdue")
    )


class AnswerRow(NamedTuple):
    """One's own answer to a prompt, as the session page shows it; it answers as a Reflection does."""

    prompt_id: int | None
    text: str
    version: int
    status: str
    shared_with: str
    team_id: int | None
    saved_at: dt.datetime

    @property
    def is_shared(self) -> bool:
        """Whether anybody but the author may read it."""
        return self.shared_with != Reflection.SharedWith.NOBODY

    @property
    def is_finished(self) -> bool:
        """Whether the author has said that they are done."""
        return self.status == Reflection.Status.SENT


def find_own_answers(user: User, *, care_setting: CareSetting, session_page: SessionPage) -> QuerySet:
    """The person's own answers to a session's prompts in one setting, rows in the order of AnswerRow."""
    own = Reflection.objects.written_by(user).in_care_setting(care_setting).on_session(session_page)
    return own.values_list(*AnswerRow._fields)


# Where the values go in the statement of the page that people open most (elearning/kept_sql.py).
AUTHOR_MARK = -77_000_001
MEMBERSHIP_MARK = -77_000_002
CARE_SETTING_MARK = -77_000_003
SESSION_MARK = -77_000_004
COURSE_MARK = "the path of a course"
DAY_MARK = dt.date(1901, 1, 1)


def answers_and_teams(
    opening: Membership, session_page: SessionPage, *, day: dt.date
) -> tuple[dict[int | None, AnswerRow], list[TeamRow]]:
    """What ``find_own_answers`` and ``find_teams_with_open_actions`` find, in one statement kept as SQL.

    The answers by their prompt's id, the teams by name.
    """
    as_kept = connection.ops.adapt_datefield_value
    values = {
        AUTHOR_MARK: opening.user_id,
        MEMBERSHIP_MARK: opening.pk,
        CARE_SETTING_MARK: opening.care_setting_id,
        SESSION_MARK: session_page.pk,
        COURSE_MARK: session_page.course_path,
        as_kept(DAY_MARK): as_kept(day),
    }
    answers, teams = {}, []
    for is_team, *row in _answers_and_teams_statement(opening.manages).fetch(values):
        if is_team:
            team_id, name, is_open, slug, _, overdue, _ = row
            teams.append(TeamRow(team_id, name, slug, is_open, overdue))
        else:
            answers[row[0]] = AnswerRow(*row)
    return answers, teams


@cache
def _answers_and_teams_statement(manages: bool) -> Statement:
    """Both kinds of row one below the other: first a mark of the kind, then columns of the same types."""
    here = CareSetting(pk=CARE_SETTING_MARK)
    marked = Membership(pk=MEMBERSHIP_MARK, care_setting=here, is_manager=manages)
    answers = find_own_answers(
        User(pk=AUTHOR_MARK), care_setting=here, session_page=SessionPage(pk=SESSION_MARK)
    )
    teams = find_teams_with_open_actions(marked, course_path=COURSE_MARK, day=DAY_MARK).annotate(
        is_team=Value(1), no_words=Value(""), never=Cast(None, DateTimeField())
    )
    rows = answers.annotate(is_team=Value(0)).values_list("is_team", *AnswerRow._fields)
    below = teams.values_list("is_team", "pk", "name", "open", "slug", "no_words", "overdue", "never")
    return Statement(
        rows.order_by().union(below.order_by(), all=True).order_by("is_team", "text", "prompt_id")
    )


class ReviewRow(NamedTuple):
    """How an action went, on a day."""

    reviewed_on: dt.date
    verdict: str
    note: str
    by_name: str

    @property
    def verdict_in_words(self) -> str:
        """The verdict as people are told it."""
        return VERDICTS[self.verdict]


class ActionRow(NamedTuple):
    """An action as a plan with hundreds of them shows it; it answers as a PlannedAction does."""

    pk: int
    what: str
    why: str
    session_page_id: int | None
    who_id: int | None
    who_name: str
    who_left_at: dt.datetime | None
    due_on: dt.date
    how_we_will_know: str
    needs_manager: bool
    what_is_needed: str
    status: str
    created_at: dt.datetime
    reviews: list[ReviewRow]

    @property
    def is_open(self) -> bool:
        """Whether it still is to be done."""
        return self.status == "open"

    @property
    def is_of_former_member(self) -> bool:
        """Whether the person who took it on works here no more."""
        return bool(self.who_name) and (self.who_id is None or self.who_left_at is not None)

    def is_overdue_on(self, day: dt.date) -> bool:
        """Whether it should have been done before the London ``day``."""
        return self.is_open and self.due_on < day


VERDICTS: dict[str, str] = {one.value: str(one.label) for one in ActionReview.Verdict}
ACTION_FIELDS = tuple("who__left_at" if name == "who_left_at" else name for name in ActionRow._fields[:-1])


def actions_of(plan: ActionPlan) -> list[ActionRow]:
    """The plan's actions in plan order with their reviews, oldest first, in two statements."""
    if plan.pk is None:
        return []
    rows = PlannedAction.objects.of_plan(plan).in_plan_order().values_list(*ACTION_FIELDS)
    actions = [ActionRow._make((*row, [])) for row in rows]
    threads = {action.pk: action.reviews for action in actions}
    reviews = ActionReview.objects.of_plan(plan).oldest_first()
    for action_id, *review in reviews.values_list("action_id", *ReviewRow._fields):
        threads[action_id].append(ReviewRow(*review))
    return actions


class SessionRow(NamedTuple):
    """A session of a course."""

    pk: int
    title: str
    url_path: str
    is_live: bool

    @property
    def address(self) -> str:
        """Where it is on the site; nowhere if it is not published."""
        return address_of(self.url_path) if self.is_live else ""


def sessions_of(course_page: CoursePage, *, plan: ActionPlan) -> list[SessionRow]:
    """A course's published sessions in the authors' order, and others that the plan already speaks of."""
    is_used = Exists(PlannedAction.objects.filter(plan_id=plan.pk, session_page=OuterRef("pk")))
    rows = (
        SessionPage.objects.filter(Q(live=True) | Q(is_used), path__startswith=course_page.path)
        .in_order()
        .values_list("pk", "title", "url_path", "live")
    )
    return [SessionRow(*row) for row in rows]


def people_for(team: Team) -> QuerySet[Membership]:
    """Who can take an action on: the setting's people, each with ``is_in_team`` and their user, by name."""
    in_team = Membership.objects.in_team(team).filter(pk=OuterRef("pk"))
    return (
        Membership.objects.standing()
        .filter(care_setting_id=team.care_setting_id)
        .select_related("user")
        .annotate(is_in_team=Exists(in_team))
        .by_name()
    )


def facilitators_of(teams: list[int]) -> list[tuple[int, str]]:
    """Who facilitates in these teams now: (team id, name)."""
    return list(
        Membership.objects.standing()
        .filter(is_facilitator=True, teams__in=teams)
        .order_by("user__display_name")
        .values_list("teams__pk", "user__display_name")
    )


def courses_ever_rented_by(care_setting: CareSetting) -> QuerySet[CoursePage]:
    """Courses of which the setting rents or once rented a section."""
    section = "product__product_sections__section_page__path__startswith"
    rented = Rental.objects.for_care_setting(care_setting).filter(**{section: OuterRef("path")})
    return CoursePage.objects.filter(Exists(rented)).order_by("path")


def last_day_of_rental(care_setting: CareSetting, course_page: CoursePage) -> dt.date | None:
    """The last London day, perhaps past, on which the setting has any of the course. None if it never had."""
    section = "rental__product__product_sections__section_page__path__startswith"
    terms = Term.objects.counting().of_care_setting(care_setting).filter(**{section: course_page.path})
    ends_on = terms.aggregate(latest=Max("ends_on"))["latest"]
    return last_day(ends_on) if ends_on else None


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
    """One row for each team and session with planned actions; one at least, unless the member has no team.

    The counts of people name the setting itself, not the outer row: so the database counts once, and not
    again for every action.
    """
    here = membership.care_setting_id
    standing = Membership.objects.standing().filter(care_setting_id=here)
    plans = "teams__action_plans"
    is_open = Q(teams__action_plans__actions__status="open")
    settings = CareSetting.objects.filter(pk=membership.care_setting_id)
    if not membership.manages:
        own_teams = Team.objects.visible_to_member(membership).values("pk")
        settings = settings.filter(Q(teams__in=own_teams) | Q(teams__isnull=True))
    rows = (
        settings.annotate(
            people=_count_of(standing, "care_setting"),
            facilitators=_count_of(standing.filter(is_facilitator=True), "care_setting"),
            requests=_count_of(JoinRequest.objects.undecided().filter(care_setting_id=here), "care_setting"),
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
    return [OverviewRow(*row) for row in rows]


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
    section = "rental__product__product_sections__section_page__path"
    live = Term.objects.opening_on(day).of_care_setting(care_setting)
    opens_it = live.filter(**{section: Substr(OuterRef("path"), 1, SECTION_PATH_LENGTH)})
    opens_part_of_it = live.filter(**{f"{section}__startswith": OuterRef("path")})
    finished = (
        Reflection.objects.in_care_setting(care_setting)
        .filter(session_page=OuterRef("pk"), status=Reflection.Status.SENT)
        .order_by()
        .values("session_page")
        .annotate(number=Count("author", distinct=True))
        .values("number")
    )
    rows = (
        Page.objects.live()
        .filter(depth__range=(COURSE_DEPTH, SESSION_DEPTH))
        .filter(Q(Exists(opens_it)) | Q(Q(depth=COURSE_DEPTH) & Q(Exists(opens_part_of_it))))
        .annotate(finished_by=Coalesce(Subquery(finished), 0))
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
    return [PageRow(*row) for row in rows]


def _count_of(rows: QuerySet, of: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(of).annotate(number=Count("pk")).values("number")), 0)
