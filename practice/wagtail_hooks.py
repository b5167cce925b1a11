"""What this room shows on a session page: one's own answers, and the team's actions."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks

from courses.models import SessionPage
from courses.panels import SessionPanel
from elearning.periods import london_day
from practice import outlines
from practice.forms import choices_of_readers, value_of_readers
from practice.models import Reflection
from teams.models import Membership

SELECTED = SafeString(" selected")


@hooks.register("construct_session_panels")
def add_reflect_and_plan(
    request: HttpRequest, session_page: SessionPage, opening: Membership, panels: dict[str, SessionPanel]
) -> None:
    """Fill the Reflect and Plan slots, for two statements: own answers, and teams with their open actions."""
    today = london_day(timezone.now())
    teams = outlines.teams_with_open_actions(opening, course_path=session_page.course_path, day=today)
    panels["reflect"] = SessionPanel(
        "practice/_reflect_panel.html", show_reflect(request, session_page, opening, teams)
    )
    panels["plan"] = SessionPanel(
        "practice/_plan_panel.html", show_plan(request, session_page, opening, teams)
    )


def show_reflect(
    request: HttpRequest, session_page: SessionPage, opening: Membership, teams: list[outlines.TeamRow]
) -> dict:
    """Each prompt with the asker's own answer and a form for it."""
    own = Reflection.objects.written_by(request.user).in_care_setting(opening.care_setting)
    answers = {one.prompt_id: one for one in own.on_session(session_page)}
    choices = choices_of_readers([(team.team_id, team.name) for team in teams])
    questions = []
    for prompt in session_page.body.prompts:
        answer = answers.get(prompt.pk)
        readers = value_of_readers(answer.shared_with, answer.team_id) if answer else "nobody"
        questions.append(
            {
                "pk": prompt.pk,
                "question": prompt.text,
                "answer": answer,
                "save_url": reverse("practice:save_reflection", args=[opening.care_setting.slug, prompt.pk]),
                "readers": dict(choices).get(readers, ""),
                "options": draw_options(choices, readers),
            }
        )
    return {
        "opening": opening,
        "care_setting": opening.care_setting,
        "questions": questions,
        "facts": "1 prompt" if len(questions) == 1 else f"{len(questions)} prompts",
        "back": session_page.address,
    }


def draw_options(choices: list[tuple[str, str]], chosen: str) -> SafeString:
    """The options of a select, for a page that has many of them."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SELECTED if value == chosen else "", label) for value, label in choices),
    )


def show_plan(
    request: HttpRequest, session_page: SessionPage, opening: Membership, teams: list[outlines.TeamRow]
) -> dict:
    """The asker's teams with what is open, the authors' ideas, and a form in one line."""
    return {
        "opening": opening,
        "care_setting": opening.care_setting,
        "session_page": session_page,
        "teams": teams,
        "course_slug": session_page.address.strip("/").split("/")[1],
        "ideas": session_page.body.ideas,
        "back": session_page.address,
    }
