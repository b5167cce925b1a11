"""What this room shows on a session page: one's own answers, and the team's actions."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from wagtail import hooks

from courses.models import SessionPage
from courses.panels import SessionPanel
from elearning.kept import form_token
from elearning.periods import london_day
from practice import outlines
from practice.session_panels import draw_plan, draw_reflect
from teams.models import Membership


@hooks.register("construct_session_panels")
def add_reflect_and_plan(
    request: HttpRequest,
    session_page: SessionPage,
    opening: Membership,
    panels: dict[str, SessionPanel | SafeString],
) -> None:
    """Fill the Reflect and Plan slots, for one statement: own answers, and teams with their open actions."""
    care_setting, token = opening.care_setting, form_token(request)
    answers, teams = outlines.answers_and_teams(opening, session_page, day=london_day(timezone.now()))
    panels["reflect"] = draw_reflect(
        session_page, answers, teams=teams, care_setting=care_setting, leads=opening.leads, token=token
    )
    panels["plan"] = draw_plan(session_page, teams=teams, care_setting=care_setting, token=token)
