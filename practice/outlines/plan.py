"""What the page and the papers of a team action plan show."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from accounts.models import User
from billing.models import Rental, Term
from courses.models import CoursePage, SessionPage
from courses.querysets import address_of
from elearning.kept_sql import fields_of, kept, read_models
from elearning.periods import last_day
from practice.models import ActionPlan, ActionReview, PlannedAction
from teams.models import CareSetting, Membership, Team


def find_plan(user: User, *, care_setting: CareSetting, team: str, course: str) -> ActionPlan | None:
    """The plan of a team and a course, by their slugs, with both, if the person may see it."""
    rows = _plan_rows(user_id=user.pk, care_setting_id=care_setting.pk, team=team, course=course)
    if not rows:
        return None
    plan, plan.team, plan.course_page = read_models(rows[0], ActionPlan, Team, CoursePage)
    plan.team.care_setting = care_setting
    return plan


@kept()
def _plan_rows(*, user_id: int, care_setting_id: int, team: str, course: str) -> QuerySet:
    seen = ActionPlan.objects.visible_to(User(pk=user_id)).in_care_setting(CareSetting(pk=care_setting_id))
    beside = [*fields_of(Team, "team__"), *fields_of(CoursePage, "course_page__")]
    return seen.at(team, course).values_list(*fields_of(ActionPlan), *beside)[:1]


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
    actions = [ActionRow._make((*row, [])) for row in _action_rows(plan_id=plan.pk)]
    threads = {action.pk: action.reviews for action in actions}
    for action_id, *review in _review_rows(plan_id=plan.pk):
        threads[action_id].append(ReviewRow(*review))
    return actions


@kept()
def _action_rows(*, plan_id: int) -> QuerySet:
    return PlannedAction.objects.of_plan(ActionPlan(pk=plan_id)).in_plan_order().values_list(*ACTION_FIELDS)


@kept()
def _review_rows(*, plan_id: int) -> QuerySet:
    reviews = ActionReview.objects.of_plan(ActionPlan(pk=plan_id)).oldest_first()
    return reviews.values_list("action_id", *ReviewRow._fields)


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
    rows = _session_rows(plan_id=plan.pk or 0, first=course_page.path, last=f"{course_page.path}ZZZZZZZZ")
    return [SessionRow(*row) for row in rows]


@kept()
def _session_rows(*, plan_id: int, first: str, last: str) -> QuerySet:
    """Sessions by their place in the tree, from ``first`` to ``last``."""
    is_used = Exists(PlannedAction.objects.filter(plan_id=plan_id, session_page=OuterRef("pk")))
    pages = SessionPage.objects.filter(Q(live=True) | Q(is_used), path__range=(first, last))
    return pages.in_order().values_list("pk", "title", "url_path", "live")


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
