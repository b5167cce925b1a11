"""Reflect and Plan on a session page, the page that is opened most: drawn once, then filled in.

What is kept holds neither a person's words nor a setting's name: those stand in it as marks.
"""

from collections.abc import Callable
from functools import cache
from html import escape
from types import SimpleNamespace

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from courses.bodies import Prompt
from courses.models import SessionPage
from elearning.kept import fill, keep, mark
from elearning.templatetags.design import moment
from practice import outlines
from practice.forms import choices_of_readers, value_of_readers
from teams.models import CareSetting

MARKED_ANSWER = {"text": mark("text"), "version": mark("version"), "saved": mark("saved")}


def draw_reflect(
    session_page: SessionPage,
    answers: dict[int | None, outlines.AnswerRow],
    *,
    teams: list[outlines.TeamRow],
    care_setting: CareSetting,
    leads: bool,
    token: str,
) -> SafeString:
    """Each prompt with the asker's own answer, by the prompt's id, and a form for it."""
    choices = choices_of_readers([(team.team_id, team.name) for team in teams])

    @cache
    def find_readers(value: str) -> dict[str, str]:
        return {"readers": dict(choices).get(value, ""), "options": draw_options(choices, value)}

    shown = {"token": token, "slug": care_setting.slug}
    back = session_page.address
    prompts = [
        draw_prompt(prompt, answers.get(prompt.pk), find_readers=find_readers, back=back, shown=shown)
        for prompt in session_page.body.prompts
    ]
    marked, values = mark_care_setting(care_setting)
    number = len(prompts)

    def draw() -> str:
        context = {
            "leads": leads,
            "care_setting": SimpleNamespace(**marked),
            "has_prompts": bool(number),
            "prompts": mark("prompts"),
            "facts": "1 prompt" if number == 1 else f"{number} prompts",
        }
        return render_to_string("practice/_reflect_panel.html", context)

    values["prompts"] = mark_safe("".join(prompts))  # noqa: S308 - drawn by draw_prompt
    return fill(keep("reflect", (leads, number, marked), draw), values)


def draw_prompt(
    prompt: Prompt,
    answer: outlines.AnswerRow | None,
    *,
    find_readers: Callable[[str], dict[str, str]],
    back: str,
    shown: dict[str, str],
) -> SafeString:
    """One prompt; what is kept of it is the same for everybody whose answer stands as far."""
    readers = value_of_readers(answer.shared_with, answer.team_id) if answer else "nobody"
    state = {"is_finished": answer.is_finished, "is_shared": answer.is_shared} if answer else None

    def draw() -> str:
        context = {
            "pk": prompt.pk,
            "question": prompt.text,
            "answer": MARKED_ANSWER | state if state else None,
            "save_url": reverse("practice:save_reflection", args=[mark("slug"), prompt.pk]),
            "readers": mark("readers"),
            "options": mark("options"),
            "back": back,
            "csrf_token": mark("token"),
        }
        return render_to_string("practice/_reflect_prompt.html", context)

    values: dict[str, object] = {**shown, **find_readers(readers)}
    if answer:
        values |= {"text": answer.text, "version": answer.version, "saved": moment(answer.saved_at)}
    return fill(keep("prompt", (prompt.pk, prompt.text, state, back), draw), values)


def draw_options(choices: list[tuple[str, str]], chosen: str) -> SafeString:
    """The options of a select, for a page that has many of them."""
    options = (
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
        for value, label in choices
    )
    return mark_safe("".join(options))  # noqa: S308 - escaped above


def draw_plan(
    session_page: SessionPage, *, teams: list[outlines.TeamRow], care_setting: CareSetting, token: str
) -> SafeString:
    """The asker's teams with what is open, the authors' ideas, and a form in one line."""
    marked, values = mark_care_setting(care_setting)
    ideas, back = session_page.body.ideas, session_page.address

    def draw() -> str:
        context = {
            "care_setting": SimpleNamespace(**marked),
            "session_page_id": session_page.pk,
            "teams": teams,
            "course_slug": back.strip("/").split("/")[1],
            "ideas": ideas,
            "back": back,
            "csrf_token": mark("token"),
        }
        return render_to_string("practice/_plan_panel.html", context)

    drawn_from = (session_page.pk, marked, back, [tuple(one) for one in (*teams, *ideas)])
    return fill(keep("plan", drawn_from, draw), {**values, "token": token})


def mark_care_setting(care_setting: CareSetting) -> tuple[dict[str, str], dict[str, str]]:
    """What a panel shows of a setting: marks for what is known of it, and the values to put there."""
    values = {
        "slug": care_setting.slug,
        "name": care_setting.name,
        "safeguarding_lead_name": care_setting.safeguarding_lead_name,
        "safeguarding_lead_contact": care_setting.safeguarding_lead_contact,
    }
    return {name: mark(name) if value else "" for name, value in values.items()}, values
