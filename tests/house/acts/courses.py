"""Acts of courses: public pages for everybody, sessions for members of a setting that rents them."""

from tests.house.acts import Act

COURSE = {"course": "the-key-person-approach"}
SECTION = {**COURSE, "section": "section-two"}
SESSION = {**SECTION, "session": "everyday-care"}
PUBLIC = {"stranger": 200}
CLOSED = {"stranger": 403}
MEMBERS = dict.fromkeys(("priya", "fred", "maya", "noor"), 200)

ACTS = [
    Act("courses:home_page", PUBLIC, otherwise=200, fixtures=("course",)),
    Act("courses:home_page", {"stranger": 405}, otherwise=405, fixtures=("course",), method="post"),
    Act("courses:course_index_page", PUBLIC, otherwise=200, fixtures=("course",)),
    Act("courses:course_page", PUBLIC, otherwise=200, kwargs=lambda request: COURSE, fixtures=("course",)),
    Act("courses:section_page", PUBLIC, otherwise=200, kwargs=lambda request: SECTION, fixtures=("course",)),
    Act(
        "courses:section_page",
        {"stranger": 404},
        kwargs=lambda request: {**COURSE, "section": "absent"},
        fixtures=("course",),
        note="absent",
    ),
    Act(
        "courses:session_page",
        {**CLOSED, **MEMBERS},
        otherwise=403,
        kwargs=lambda request: SESSION,
        fixtures=("rental",),
        note="of a running rental",
    ),
    Act(
        "courses:session_page",
        CLOSED,
        otherwise=403,
        kwargs=lambda request: SESSION,
        fixtures=("course",),
        note="without a rental",
    ),
    Act(
        "courses:session_page",
        {"stranger": 405},
        otherwise=405,
        kwargs=lambda request: SESSION,
        fixtures=("rental",),
        method="post",
    ),
    Act(
        "courses:session_page",
        {"stranger": 404},
        kwargs=lambda request: {**SECTION, "session": "absent"},
        fixtures=("rental",),
        note="absent",
    ),
]
