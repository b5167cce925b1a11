"""What the printed guide and the printed sheets say; the screen shows the same.

Knows no models of this room: it is handed a page and the opening through which it was reached.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import segno
from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from elearning import printing
from elearning.periods import london_day
from facilitator_guides.querysets import terms_for_printing
from video.models import ClipPage
from video.models.clips import clip_store

if TYPE_CHECKING:
    from facilitator_guides.models import GuidePage, GuideStep, PrintedPage, TaskSheetPage
    from teams.models import Membership


logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TimedStep:
    """A step with its place in the session; ``starts`` and ``ends`` are minutes from the start."""

    number: int
    starts: int
    step: "GuideStep"

    @property
    def ends(self) -> int:
        """When the step ends, in minutes from the start."""
        return self.starts + self.step.minutes

    @property
    def starts_at(self) -> str:
        """When the step starts, as "0:25" after the start of the session."""
        return as_hours(self.starts)

    @property
    def ends_at(self) -> str:
        """When the step ends, as "0:40" after the start of the session."""
        return as_hours(self.ends)


@dataclass(frozen=True)
class PrintedFor:
    """For whom a print was made and how long they rent: every print carries both (R115)."""

    name: str
    last_day: dt.date | None


def as_hours(minutes: int) -> str:
    """75 minutes as "1:15"."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def running_order(steps: Iterable["GuideStep"]) -> list[TimedStep]:
    """The steps in order, each with its start."""
    order, starts = [], 0
    for number, step in enumerate(steps, 1):
        order.append(TimedStep(number, starts, step))
        starts += step.minutes or 0
    return order


def printed_for(opening: "Membership | None", *, section_path: str, day: dt.date) -> PrintedFor | None:
    """The setting's name and the rental's last day (one query); None in an author's preview."""
    if opening is None:
        return None
    term = terms_for_printing(opening.care_setting, section_path=section_path, day=day).first()
    return PrintedFor(opening.care_setting.name, term.last_day if term else None)


def guide_context(guide_page: "GuidePage", *, opening: "Membership | None") -> dict:
    """Everything that a guide shows, on the screen, in print and as PDF."""
    order = running_order(guide_page.steps.all())
    return {
        **paper_context(guide_page, opening=opening),
        "order": order,
        "total_minutes": order[-1].ends if order else 0,
        "ends_at": order[-1].ends_at if order else "",
        "flexible_minutes": sum(timed.step.minutes for timed in order if not timed.step.is_keep),
        "preparation": list(guide_page.preparation.all()),
        "materials": list(guide_page.materials.all()),
        "cards": list(guide_page.response_cards.all()),
        "clips": clips_beside(guide_page),
    }


def clips_beside(guide_page: "GuidePage") -> list[ClipPage]:
    """The clips of the guide's session, each with its film and its questions."""
    beside = ClipPage.objects.live().sibling_of(guide_page, inclusive=False)
    clips = list(beside.with_film().prefetch_related("pause_points").in_order())
    for clip_page in clips:
        clip_page.still_name = f"clip-{clip_page.pk}.jpg"  # what the paper calls its picture
    return clips


def stills(clips: Iterable[ClipPage]) -> dict[str, bytes]:
    """A picture of each clip that may be shown, by the name that the paper calls it: /files/<name>.

    A picture that cannot be read is left out: a guide without it is better than none.
    """
    found = {}
    for clip_page in clips:
        if clip_page.clip.is_playable and clip_page.clip.poster:
            try:
                with clip_store().open(clip_page.clip.poster) as file:
                    found[clip_page.still_name] = file.read()
            except OSError:
                logger.warning("The still of clip page %s cannot be read.", clip_page.pk)
    return found


def task_sheet_context(sheet_page: "TaskSheetPage", *, opening: "Membership | None") -> dict:
    """Everything that a task sheet shows."""
    return {**paper_context(sheet_page, opening=opening), "how_to": list(sheet_page.how_to.all())}


def paper_context(page: "PrintedPage", *, opening: "Membership | None") -> dict:
    """What every paper of a session carries: whose it is, which version, and how to find it again."""
    address = f"{settings.BASE_URL}{page.address}"
    return {
        "page": page,
        "session_page": page.get_session_page(),
        "printed_for": printed_for(opening, section_path=page.section_path, day=london_day(timezone.now())),
        "published_on": london_day(page.last_published_at) if page.last_published_at else None,
        "address": address,
        "address_in_words": address.partition("://")[2].rstrip("/"),
        "qr": qr_code(address),
        "pdf_url": page.print_address if printing.is_available() else "",
    }


def qr_code(address: str) -> SafeString:
    """The address as an SVG to scan. It has a title, as every picture on paper needs one."""
    title = "Square code that opens this page on a phone"
    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(border=0, dark="#20302f", title=title, omitsize=True))  # noqa: S308 - our own SVG
