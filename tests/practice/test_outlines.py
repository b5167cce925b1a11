"""Statements kept as SQL: each finds what the queryset that it was made from finds."""

import datetime as dt

from billing.services import rentals
from practice.outlines import home as of_home
from practice.outlines import plan as of_plan
from practice.outlines import session as of_session
from practice.services import reflections
from teams import access
from teams.models import Membership
from tests import factories as make


def test_every_kept_statement_finds_what_its_queryset_finds(
    rental, plan, course, maya, priya, fred, reflection, today
):
    make.make_action(plan, due_on=today - dt.timedelta(days=3), needs_manager=True)
    make.make_action(plan, session_page=course.session_page)
    for membership in Membership.objects.select_related("user", "care_setting"):
        care_setting_id, slug = membership.care_setting_id, membership.care_setting.slug
        who = {"manages": membership.manages, "membership_id": membership.pk}
        path = course.session_page.course_path
        asked = [
            (access._membership_rows, {"user_id": membership.user_id, "slug": slug}),
            (rentals._term_rows, {"care_setting_id": care_setting_id, "on_a_live_site": False}),
            (
                of_home._need_rows,
                {
                    **who,
                    "leads": membership.leads,
                    "care_setting_id": care_setting_id,
                    "day": today,
                    "most": 5,
                },
            ),
            (of_home._overview_rows, {**who, "care_setting_id": care_setting_id, "day": today}),
            (
                of_home._outline_rows,
                {"care_setting_id": care_setting_id, "day": today, "grace_days": 14},
            ),
            (
                of_session._answers_and_teams_rows,
                {
                    **who,
                    "author_id": membership.user_id,
                    "care_setting_id": care_setting_id,
                    "session_id": course.session_page.pk,
                    "course_path": path,
                    "day": today,
                },
            ),
            (of_session._prompt_rows, {"prompt_id": reflection.prompt_id}),
            (
                reflections._own_rows,
                {
                    "author_id": membership.user_id,
                    "care_setting_id": care_setting_id,
                    "prompt_id": reflection.prompt_id,
                },
            ),
            (
                of_session._writer_rows,
                {
                    "user_id": membership.user_id,
                    "slug": slug,
                    "section_path": course.section.path,
                    "day": today,
                    "grace_days": 14,
                },
            ),
            (of_plan._action_rows, {"plan_id": plan.pk}),
            (of_plan._review_rows, {"plan_id": plan.pk}),
            (of_plan._session_rows, {"plan_id": plan.pk, "first": path, "last": path + "ZZZZ"}),
            (
                of_plan._plan_rows,
                {
                    "user_id": membership.user_id,
                    "care_setting_id": care_setting_id,
                    "team": plan.team.slug,
                    "course": plan.course_page.slug,
                },
            ),
        ]
        for rows, values in asked:
            assert rows(**values) == list(rows.__wrapped__(**values)), rows.__name__
