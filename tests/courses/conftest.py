"""A session with all its parts, and what people try."""

import pytest
from wagtail.models import Page

from courses.models import SessionPage
from facilitator_guides.models import GuidePage, TaskSheetPage
from video.models import Clip, ClipPage


def add_parts(session_page: SessionPage, **clip_fields: object) -> dict[str, Page]:
    """A clip, a guide and a task sheet below a session, all live."""
    clip = Clip.objects.create(title="Everyday care, the film", duration_ms=48_000, state=Clip.State.READY)
    parts = {
        "clip": ClipPage(
            title="A nappy change", slug="a-nappy-change", clip=clip, what_to_look_for="Waits.", **clip_fields
        ),
        "guide": GuidePage(title="Facilitator guide", slug="guide", aim="Lead it."),
        "task_sheet": TaskSheetPage(title="Slow-motion notes", slug="slow-motion-notes", purpose="Look."),
    }
    for page in parts.values():
        session_page.add_child(instance=page)
    return parts


@pytest.fixture
def parts(course):
    """The parts of the course's session."""
    return add_parts(course.session_page)


@pytest.fixture
def make_parts(db):
    """Put parts below any session."""
    return add_parts
