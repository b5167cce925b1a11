"""Acts of those who lead, and of those who print a sheet."""

from tests.house.acts import Act

SESSION = {"course": "the-key-person-approach", "section": "section-two", "session_page": "everyday-care"}

ACTS = [
    Act(
        "facilitator_guides:guide_pdf",
        {"fred": 200, "maya": 200},
        otherwise=403,
        kwargs=lambda request: SESSION,
        fixtures=("rental", "guide_page"),
    ),
    Act(
        "facilitator_guides:guide_pdf",
        {},
        otherwise=403,
        kwargs=lambda request: SESSION,
        fixtures=("guide_page",),
        note="without a rental",
    ),
    Act(
        "facilitator_guides:guide_pdf",
        {},
        kwargs=lambda request: {**SESSION, "session_page": "another"},
        fixtures=("rental", "guide_page"),
        note="of a session that is not there",
    ),
    Act(
        "facilitator_guides:task_sheet_pdf",
        {"priya": 200, "fred": 200, "maya": 200, "noor": 200},
        otherwise=403,
        kwargs=lambda request: {**SESSION, "task_sheet": "one-day"},
        fixtures=("rental", "task_sheet"),
    ),
    Act(
        "facilitator_guides:task_sheet_pdf",
        {},
        otherwise=403,
        kwargs=lambda request: {**SESSION, "task_sheet": "one-day"},
        fixtures=("task_sheet",),
        note="without a rental",
    ),
]
