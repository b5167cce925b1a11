"""The gate before every lesson page: who comes through, for which setting, and what others are told.

Two doors lead to it: the address patterns of courses/urls.py, which find a session in one query, and
Wagtail's own route, by which parts of a session and previews come. Both end in ``serve_behind_gate``.
"""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from courses import refusals
from courses.policies import may_open_lesson, may_preview_lessons
from courses.querysets import openings_of, products_of, rentals_of
from courses.refusals import Refusal
from elearning.periods import london_day
from teams.models import CareSetting, Membership

if TYPE_CHECKING:
    from courses.models import GatedPage

PREFERRED_SETTING = "care_setting"  # the key in the browser session: the slug where the person last worked
CHOOSE_SETTING = "at"  # the name in the query string: ?at=<slug> chooses a setting and is remembered


def find_openings(request: HttpRequest, page: "GatedPage") -> list[Membership]:
    """Return the asker's memberships, with their settings, that open the page's section today, oldest first.

    Costs no query where the page's own query has brought them along (``with_openings``).
    """
    if not request.user.is_authenticated:
        return []
    if hasattr(page, "openings_json"):
        return read_openings(page.openings_json)
    openings = openings_of(page.section_path, user=request.user, day=london_day(timezone.now()))
    return list(openings.select_related("care_setting").order_by("pk"))


def read_openings(rows: list[dict] | None) -> list[Membership]:
    """Turn what ``openings_as_json`` brought into the memberships that a query of the gate's own would find.

    Only the listed columns are there; any other is loaded from the database when it is asked for.
    """
    openings = []
    for row in sorted(rows or [], key=lambda row: row["id"]):
        setting_row, ends_on = row.pop("care_setting"), row.pop("term_ends_on")
        row |= {name: bool(value) for name, value in row.items() if name.startswith("is_")}
        opening = read_row(Membership, row)
        opening.care_setting = read_row(CareSetting, setting_row)
        opening.term_ends_on = dt.date.fromisoformat(ends_on)  # what the banner of the days of grace asks for
        openings.append(opening)
    return openings


def read_row(model: type[Model], row: dict) -> Model:
    """Make a ``model`` from its row in JSON.

    Django takes values in the order of the model's columns; PostgreSQL keeps a JSON object's keys in an order
    of its own.
    """
    names = [field.attname for field in model._meta.concrete_fields if field.attname in row]
    return model.from_db("default", names, [row[name] for name in names])


def choose_opening(
    request: HttpRequest, openings: list[Membership], page: "GatedPage | None" = None
) -> Membership | None:
    """Choose for which setting the asker works here: the one in ``?at=``, else where they last worked.

    A choice in the address is remembered in the browser session. Of several that are left, one that opens
    ``page`` goes before one that does not: who leads in one setting and practises in another finds the guide.
    """
    wanted = request.GET.get(CHOOSE_SETTING, "")
    chosen = next((one for one in openings if one.care_setting.slug == wanted), None)
    if chosen:
        if request.session.get(PREFERRED_SETTING) != wanted:
            request.session[PREFERRED_SETTING] = wanted
        return chosen
    if len(openings) < 2:
        return openings[0] if openings else None
    candidates = [one for one in openings if page is None or may_open_lesson(one, page)] or openings
    preferred = request.session.get(PREFERRED_SETTING)
    return next((one for one in candidates if one.care_setting.slug == preferred), candidates[0])


def serve_behind_gate(request: HttpRequest, page: "GatedPage", *args, **kwargs) -> HttpResponse:
    """Serve ``page`` if the asker may open it; else say why not and what to do, with status 403.

    Sets ``request.opening`` (a membership with its setting; None in a preview and for a sample) and
    ``request.openings`` (all that would do, for choosing another setting).
    """
    request.opening, request.openings = None, []
    if getattr(request, "is_preview", False) and may_preview_lessons(request.user):
        return page.serve_opened(request, *args, **kwargs)
    request.openings = find_openings(request, page)
    request.opening = choose_opening(request, request.openings, page)
    if may_open_lesson(request.opening, page):
        return page.serve_opened(request, *args, **kwargs)
    return refuse(request, page)


def refuse(request: HttpRequest, page: "GatedPage") -> HttpResponse:
    """Say why a lesson page stays closed and what the asker can do about it."""
    context = {"page": page, "refusal": explain(request, page)}
    response = render(request, "courses/closed.html", context, status=403)
    patch_cache_control(response, private=True, no_store=True)  # they may come back signed in
    return response


def explain(request: HttpRequest, page: "GatedPage") -> Refusal:
    """Find out why the page is closed to the asker: the first reason that they can do something about."""
    if not request.user.is_authenticated:
        return refusals.for_a_stranger(page)
    if request.opening:
        return refusals.for_somebody_who_does_not_lead(
            page, request.opening, managers_of(request.opening.care_setting)
        )
    memberships = list(
        Membership.objects.standing().for_user(request.user).select_related("care_setting").order_by("pk")
    )
    if not memberships:
        if may_preview_lessons(request.user):
            return refusals.for_an_editor(page)
        return refusals.for_somebody_without_a_setting(page)
    product = products_of(page.section_path).first()
    ended = had_rented(memberships, page)
    chosen = choose_membership(request, ended or memberships)
    say = refusals.after_the_end if ended else refusals.without_a_rental
    return say(page, chosen, product, managers_of(chosen.care_setting))


def choose_membership(request: HttpRequest, memberships: list[Membership]) -> Membership:
    """The one to speak about: where they last worked, else one where they can rent, else the first."""
    preferred = request.session.get(PREFERRED_SETTING)
    return min(memberships, key=lambda one: (one.care_setting.slug != preferred, not one.manages))


def managers_of(care_setting: CareSetting) -> list[str]:
    """Whom to ask in a setting: the names of its managers."""
    managing = Membership.objects.standing().in_care_setting(care_setting).managing().by_name()
    return list(managing.values_list("user__display_name", flat=True)[:3])


def had_rented(memberships: list[Membership], page: "GatedPage") -> list[Membership]:
    """Return the memberships whose setting rented the page's section once: for them it has ended."""
    if not memberships:
        return []
    settings = [one.care_setting_id for one in memberships]
    rented = set(rentals_of(page.section_path, settings).values_list("care_setting_id", flat=True))
    return [one for one in memberships if one.care_setting_id in rented]
