"""What a session page shows of this room, and what saving an answer there asks first."""

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, DateTimeField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from accounts.models import User
from courses.models import ReflectivePrompt, SessionPage
from courses.querysets import opening_terms
from elearning.kept_sql import fields_of, kept, read_models
from practice.models import Reflection
from teams.models import CareSetting, Membership, Team


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


def answers_and_teams(
    opening: Membership, session_page: SessionPage, *, day: dt.date
) -> tuple[dict[int | None, AnswerRow], list[TeamRow]]:
    """What ``find_own_answers`` and ``find_teams_with_open_actions`` find, in one statement kept as SQL.

    The answers by their prompt's id, the teams by name.
    """
    rows = _answers_and_teams_rows(
        manages=opening.manages,
        author_id=opening.user_id,
        membership_id=opening.pk,
        care_setting_id=opening.care_setting_id,
        session_id=session_page.pk,
        course_path=session_page.course_path,
        day=day,
    )
    answers, teams = {}, []
    for is_team, *row in rows:
        if is_team:
            team_id, name, is_open, slug, _, overdue, _ = row
            teams.append(TeamRow(team_id, name, slug, is_open, overdue))
        else:
            answers[row[0]] = AnswerRow(*row)
    return answers, teams


@kept("manages")
def _answers_and_teams_rows(
    *,
    manages: bool,
    author_id: int,
    membership_id: int,
    care_setting_id: int,
    session_id: int,
    course_path: str,
    day: dt.date,
) -> QuerySet:
    """Both kinds of row one below the other: first a mark of the kind, then columns of the same types."""
    here = CareSetting(pk=care_setting_id)
    membership = Membership(pk=membership_id, care_setting=here, is_manager=manages)
    answers = find_own_answers(User(pk=author_id), care_setting=here, session_page=SessionPage(pk=session_id))
    teams = find_teams_with_open_actions(membership, course_path=course_path, day=day).annotate(
        is_team=Value(1), no_words=Value(""), never=Cast(None, DateTimeField())
    )
    rows = answers.annotate(is_team=Value(0)).values_list("is_team", *AnswerRow._fields)
    below = teams.values_list("is_team", "pk", "name", "open", "slug", "no_words", "overdue", "never")
    both = rows.order_by().union(below.order_by(), all=True)
    return both.order_by("is_team", "text", "prompt_id")


def find_prompt(prompt_id: int) -> ReflectivePrompt | None:
    """A prompt with its session, which is published or was."""
    rows = _prompt_rows(prompt_id=prompt_id)
    if not rows:
        return None
    prompt, prompt.session_page = read_models(rows[0], ReflectivePrompt, SessionPage)
    return prompt


@kept()
def _prompt_rows(*, prompt_id: int) -> QuerySet:
    was_published = Q(session_page__live=True) | Q(session_page__first_published_at__isnull=False)
    asked = ReflectivePrompt.objects.filter(was_published, pk=prompt_id)
    return asked.values_list(*fields_of(ReflectivePrompt), *fields_of(SessionPage, "session_page__"))


def find_writer(user: User, *, slug: str, section_path: str, day: dt.date) -> tuple[Membership | None, bool]:
    """Somebody's membership of a setting, perhaps past, and whether it opens the section on a London day."""
    rows = _writer_rows(
        user_id=user.pk,
        slug=slug,
        section_path=section_path,
        day=day,
        grace_days=settings.BILLING_GRACE_DAYS,
    )
    if not rows:
        return None, False
    *row, term_id = rows[0]
    membership, membership.care_setting = read_models(row, Membership, CareSetting)
    return membership, membership.is_standing and term_id is not None


@kept("day", "grace_days")
def _writer_rows(*, user_id: int, slug: str, section_path: str, day: dt.date, grace_days: int) -> QuerySet:
    """What billing's rule of which terms open reads besides the day, it is kept by: the days of grace."""
    mine = Membership.objects.for_user(User(pk=user_id)).at(slug)
    whole = [*fields_of(Membership), *fields_of(CareSetting, "care_setting__")]
    opens = opening_terms(section_path, day=day).values("pk")
    return mine.annotate(term_id=Subquery(opens[:1])).values_list(*whole, "term_id")
