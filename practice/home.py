"""A setting's home page put together from four wide queries; everything here is counting and sorting."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby

from django.urls import reverse
from django.utils.safestring import SafeString

from billing.services.rentals import RentalSummary, rental_summary
from elearning import printing
from practice import outlines
from practice.matrix_rows import draw_rows
from practice.outlines import COURSE_DEPTH, SECTION_DEPTH, NeedRow, OverviewRow, PageRow
from practice.policies import may_see_counts
from teams.models import Membership
from teams.policies import may_manage_people

NEEDS_SHOWN = 12


@dataclass
class SectionOnHome:
    """A section that the setting rents, and its sessions."""

    page: PageRow
    sessions: list[PageRow] = field(default_factory=list)


@dataclass
class CourseOnHome:
    """A course of which the setting rents something."""

    page: PageRow
    sections: list[SectionOnHome] = field(default_factory=list)

    @property
    def sessions(self) -> list[PageRow]:
        """Every session that is open, in order."""
        return [session for section in self.sections for session in section.sessions]


@dataclass
class PlanOnHome:
    """A team's plan for one course, in numbers; ``last`` is the furthest session it has planned from."""

    course_title: str
    course_slug: str
    actions: int = 0
    open: int = 0
    overdue: int = 0
    last: PageRow | None = None
    carry_on: PageRow | None = None


@dataclass
class TeamOnHome:
    """A team and its plans."""

    name: str
    slug: str
    plans: list[PlanOnHome] = field(default_factory=list)


@dataclass
class MatrixOnHome:
    """Sessions by teams of one course: how many actions each team planned, how many people reflected."""

    course: CourseOnHome
    teams: list[str]
    rows: list[tuple[PageRow, list[int]]]

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.course.page.title}: where each team is"

    @property
    def drawn_rows(self) -> SafeString:
        """The body of the table."""
        return draw_rows(self.rows)


@dataclass
class Home:
    """All that the page shows; ``needs`` are open actions, each with its address."""

    people: int
    facilitators: int
    join_requests: int
    needs: list[tuple[NeedRow, str]]
    more_needs: int
    teams: list[TeamOnHome]
    courses: list[CourseOnHome]
    matrices: list[MatrixOnHome]
    rentals: list[RentalSummary]
    today: dt.date
    can_make_pdf: bool

    @property
    def ending(self) -> list[RentalSummary]:
        """Rentals that end soon and can be renewed; of those that have ended, the banner above tells."""
        return [
            rental
            for rental in self.rentals
            if rental.is_open and rental.may_renew and not rental.is_in_grace
        ]

    @property
    def carry_on(self) -> PageRow | None:
        """The next session of the first team that has one."""
        plans = [plan for team in self.teams for plan in team.plans]
        return next((plan.carry_on for plan in plans if plan.carry_on), None)

    @property
    def is_new(self) -> bool:
        """Whether the setting still has to be set up: nothing was ever rented, or nobody else is there."""
        return not self.rentals or self.people < 2


def find_home(membership: Membership, today: dt.date) -> Home:
    """All of the home page of a member's setting on the London day ``today``, in four statements."""
    overview = outlines.overview_of(membership, today)
    courses = course_tree(outlines.outline_of(membership.care_setting, today))
    needs = outlines.needs_of(membership, today, most=NEEDS_SHOWN + 1)
    first = overview[0] if overview else None
    return Home(
        people=first.people if first else 0,
        facilitators=first.facilitators if first else 0,
        join_requests=first.join_requests if first and may_manage_people(membership) else 0,
        needs=_with_addresses(needs[:NEEDS_SHOWN], membership.care_setting.slug),
        more_needs=max(0, len(needs) - NEEDS_SHOWN),
        teams=_teams(overview, courses),
        courses=courses,
        matrices=_matrices(overview, courses) if may_see_counts(membership) else [],
        rentals=rental_summary(membership.care_setting, today),
        today=today,
        can_make_pdf=printing.is_available(),
    )


def _with_addresses(needs: list[NeedRow], slug: str) -> list[tuple[NeedRow, str]]:
    """Each with its address, below that of its plan, which is worked out once for many actions."""
    plans = {
        (team, course): reverse("practice:plan", args=[slug, team, course])
        for team, course in {(need.team_slug, need.course_slug) for need in needs}
    }
    return [(need, f"{plans[need.team_slug, need.course_slug]}actions/{need.pk}/") for need in needs]


def course_tree(rows: list[PageRow]) -> list[CourseOnHome]:
    """Courses, sections and sessions as a tree, from rows in the order of their paths."""
    courses: list[CourseOnHome] = []
    for row in rows:
        if row.depth == COURSE_DEPTH:
            courses.append(CourseOnHome(row))
        elif row.depth == SECTION_DEPTH and courses:
            courses[-1].sections.append(SectionOnHome(row))
        elif courses and courses[-1].sections:
            courses[-1].sections[-1].sessions.append(row)
    return courses


def _teams(overview: list[OverviewRow], courses: list[CourseOnHome]) -> list[TeamOnHome]:
    teams = []
    rows = [row for row in overview if row.team_id]
    for (_, name, slug), of_team in groupby(
        rows, key=lambda row: (row.team_id, row.team_name, row.team_slug)
    ):
        plans = {one.page.pk: PlanOnHome(one.page.title, one.page.slug) for one in courses}
        planned: dict[int, set[int]] = defaultdict(set)
        for row in of_team:
            if row.course_page_id is None:
                continue
            plan = plans.setdefault(
                row.course_page_id, PlanOnHome(row.course_title or "", row.course_slug or "")
            )
            plan.actions += row.actions
            plan.open += row.open
            plan.overdue += row.overdue
            planned[row.course_page_id].add(row.session_page_id or 0)
        for course in courses:
            _say_where(plans[course.page.pk], course.sessions, planned[course.page.pk])
        teams.append(TeamOnHome(name or "", slug or "", list(plans.values())))
    return teams


def _say_where(plan: PlanOnHome, sessions: list[PageRow], planned: set[int]) -> None:
    """The furthest session that the team planned from, and the one after it."""
    numbers = [number for number, session in enumerate(sessions) if session.pk in planned]
    here = max(numbers, default=-1)
    plan.last = sessions[here] if here >= 0 else None
    plan.carry_on = sessions[here + 1] if here + 1 < len(sessions) else None


def _matrices(overview: list[OverviewRow], courses: list[CourseOnHome]) -> list[MatrixOnHome]:
    teams = list(dict.fromkeys((row.team_id, row.team_name or "") for row in overview if row.team_id))
    actions = {(row.team_id, row.session_page_id): row.actions for row in overview}
    return [
        MatrixOnHome(
            course,
            [name for _, name in teams],
            [
                (session, [actions.get((team_id, session.pk), 0) for team_id, _ in teams])
                for session in course.sessions
            ],
        )
        for course in courses
    ]
