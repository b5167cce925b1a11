"""Load the parts of a session: clip pages, the guide, task sheets."""

import markdown

from courses.models import SessionPage
from elearning.demo.records import ClipText, GuideText, SheetBlockText, TaskSheetText
from facilitator_guides.blocks import CELL_SEPARATOR
from facilitator_guides.models import (
    GuideCard,
    GuideMaterial,
    GuidePage,
    GuidePreparation,
    GuideStep,
    TaskSheetInstruction,
    TaskSheetPage,
)
from video.models import Clip, ClipPage, PausePoint
from video.services import DrawnFilm

# Which fields of a record each kind of block has, besides its heading.
BLOCK_FIELDS = {
    "table": ("columns", "rows", "blank_rows"),
    "boxes": ("labels",),
    "checklist": ("items",),
    "lines": ("label", "count"),
    "cards": ("items",),
    "text": ("text",),
}


def add_part(session_page: SessionPage, part: ClipPage | GuidePage | TaskSheetPage) -> None:
    """Put a part below its session and publish it."""
    part.live = False
    session_page.add_child(instance=part)
    part.save_revision().publish()


def add_clip_page(session_page: SessionPage, clip: ClipText, film: DrawnFilm, *, is_sample: bool) -> None:
    """One film placed in a session, with where it stops to talk, moved from the story to the film's clock."""
    page = ClipPage(
        title=clip.title,
        slug=clip.slug,
        clip=Clip.objects.from_film(clip.film).get(),
        what_to_look_for=clip.what_to_look_for,
        age_range=clip.age_range,
        kind_of_setting=clip.kind_of_setting,
        is_sample=is_sample,
    )
    page.pause_points = [
        PausePoint(at_seconds=film.second_of(one.at_seconds), question=one.question, sort_order=order)
        for order, one in enumerate(clip.pause_points)
    ]
    add_part(session_page, page)


def add_guide_page(session_page: SessionPage, guide: GuideText) -> None:
    """The guide of a session."""
    page = GuidePage(title="Facilitator guide", slug="guide", aim=guide.aim, closing=rich(guide.closing))
    page.preparation = [
        GuidePreparation(text=text, sort_order=order) for order, text in enumerate(guide.preparation)
    ]
    page.materials = [
        GuideMaterial(text=text, sort_order=order) for order, text in enumerate(guide.materials)
    ]
    page.steps = [
        GuideStep(
            title=one.title,
            minutes=one.minutes,
            is_keep=one.is_keep,
            activity=one.activity,
            what_happens=rich(one.what_happens),
            watch_for=one.watch_for,
            you_need=one.you_need,
            sort_order=order,
        )
        for order, one in enumerate(guide.steps)
    ]
    page.response_cards = [
        GuideCard(title=one.title, response=one.response, sort_order=order)
        for order, one in enumerate(guide.cards)
    ]
    add_part(session_page, page)


def add_task_sheet_page(session_page: SessionPage, sheet: TaskSheetText) -> None:
    """One task sheet of a session."""
    page = TaskSheetPage(title=sheet.title, slug=sheet.slug, purpose=sheet.purpose)
    page.how_to = [
        TaskSheetInstruction(text=text, sort_order=order) for order, text in enumerate(sheet.how_to)
    ]
    page.blocks = [(block.type, block_value(block)) for block in sheet.blocks]
    add_part(session_page, page)


def block_value(block: SheetBlockText) -> dict:
    """A record of a block as the value that the sheet's StreamField takes."""
    value = {"heading": block.heading, **{name: getattr(block, name) for name in BLOCK_FIELDS[block.type]}}
    if block.type == "table":
        value["rows"] = [f" {CELL_SEPARATOR} ".join(row) for row in block.rows]
    return value


def rich(text: str) -> str:
    """Markdown as the HTML of a rich text field."""
    return markdown.markdown(text)
