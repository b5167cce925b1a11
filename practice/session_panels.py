"""Reflect and Plan on a session page, the page that is opened most: drawn once, then filled in.

What is kept holds neither a person's words nor a setting's name: those stand in it as marks.
"""

from collections.abc import Callable
from functools import cache, partial
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
    marked, values = mark_care_setting(care_setting)
    values["token"] = token
    prompts, back = session_page.body.prompts, session_page.address
    states = [state_of(answers.get(prompt.pk)) for prompt in prompts]

    def draw() -> str:
        drawn = (draw_prompt(*one, back=back) for one in zip(prompts, states, strict=True))
        context = {
            "leads": leads,
            "care_setting": SimpleNamespace(**marked),
            "has_prompts": bool(prompts),
            "prompts": mark_safe("".join(drawn)),  # noqa: S308 - drawn by a template
            "facts": "1 prompt" if len(prompts) == 1 else f"{len(prompts)} prompts",
        }
        return render_to_string("practice/_reflect_panel.html", context)

    choices = choices_of_readers([(team.team_id, team.name) for team in teams])
    find_readers = cache(partial(readers_and_options, choices))
    for prompt in prompts:
        values |= values_of(prompt, answers.get(prompt.pk), find_readers)
    drawn_from = (leads, [tuple(prompt) for prompt in prompts], states, back, marked)
    return fill(keep("reflect", drawn_from, draw), values)


def state_of(answer: outlines.AnswerRow | None) -> dict[str, bool] | None:
    """What decides how the form of an answer looks, whosever answer it is."""
    return {"is_finished": answer.is_finished, "is_shared": answer.is_shared} if answer else None


def draw_prompt(prompt: Prompt, state: dict[str, bool] | None, *, back: str) -> str:
    """One prompt, with marks where ``values_of`` says what to put."""
    words = {name: mark(f"{name}_{prompt.pk}") for name in ("text", "version", "saved")}
    context = {
        "pk": prompt.pk,
        "question": prompt.text,
        "answer": words | state if state else None,
        "save_url": reverse("practice:save_reflection", args=[mark("slug"), prompt.pk]),
        "readers": mark(f"readers_{prompt.pk}"),
        "options": mark(f"options_{prompt.pk}"),
        "back": back,
        "csrf_token": mark("token"),
    }
    return render_to_string("practice/_reflect_prompt.html", context)


def values_of(
    prompt: Prompt,
    answer: outlines.AnswerRow | None,
    find_readers: Callable[[str], tuple[str, SafeString]],
) -> dict[str, object]:
    """What to put where ``draw_prompt`` has left marks."""
    pk = prompt.pk
    value = value_of_readers(answer.shared_with, answer.team_id) if answer else "nobody"
    readers, options = find_readers(value)
    values: dict[str, object] = {f"readers_{pk}": readers, f"options_{pk}": options}
    if answer:
        values[f"text_{pk}"] = answer.text
        values[f"version_{pk}"] = answer.version
        values[f"saved_{pk}"] = moment(answer.saved_at)
    return values


def readers_and_options(choices: list[tuple[str, str]], chosen: str) -> tuple[str, SafeString]:
    """Who can read an answer, in words, and the options of the select to change it."""
    return dict(choices).get(chosen, ""), draw_options(choices, chosen)


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


def mark_care_setting(care_setting: CareSetting) -> tuple[dict[str, str], dict[str, object]]:
    """What a panel shows of a setting: marks for what is known of it, and the values to put there."""
    values: dict[str, object] = {
        "slug": care_setting.slug,
        "name": care_setting.name,
        "safeguarding_lead_name": care_setting.safeguarding_lead_name,
        "safeguarding_lead_contact": care_setting.safeguarding_lead_contact,
    }
    return {name: mark(name) if value else "" for name, value in values.items()}, values
