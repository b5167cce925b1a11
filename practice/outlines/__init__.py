"""Wide queries: what a whole page needs in one statement, as rows of plain values.

Each is written once and named, for pages that people open all day stand on it; tests count statements.
"""

from practice.outlines.home import (
    COURSE_DEPTH,
    SECTION_DEPTH,
    SESSION_DEPTH,
    NeedRow,
    OverviewRow,
    PageRow,
    facilitators_of,
    needs_of,
    outline_of,
    overview_of,
)
from practice.outlines.plan import (
    ACTION_FIELDS,
    VERDICTS,
    ActionRow,
    ReviewRow,
    SessionRow,
    actions_of,
    courses_ever_rented_by,
    find_plan,
    last_day_of_rental,
    people_for,
    sessions_of,
)
from practice.outlines.session import (
    AnswerRow,
    TeamRow,
    answers_and_teams,
    find_own_answers,
    find_prompt,
    find_teams_with_open_actions,
    find_writer,
)

__all__ = [
    "ACTION_FIELDS",
    "COURSE_DEPTH",
    "SECTION_DEPTH",
    "SESSION_DEPTH",
    "VERDICTS",
    "ActionRow",
    "AnswerRow",
    "NeedRow",
    "OverviewRow",
    "PageRow",
    "ReviewRow",
    "SessionRow",
    "TeamRow",
    "actions_of",
    "answers_and_teams",
    "courses_ever_rented_by",
    "facilitators_of",
    "find_own_answers",
    "find_plan",
    "find_prompt",
    "find_teams_with_open_actions",
    "find_writer",
    "last_day_of_rental",
    "needs_of",
    "outline_of",
    "overview_of",
    "people_for",
    "sessions_of",
]
