"""The kinds of part that a session has, found without importing the rooms above that define them."""

from functools import cache

from django.apps import apps
from wagtail.models import Page

PARTS = ("clip", "guide", "task_sheet")


@cache
def part_models() -> tuple[type[Page], ...]:
    """The models of session parts, in the order in which a session shows them."""
    models = [model for model in apps.get_models() if getattr(model, "part", "") in PARTS]
    return tuple(sorted(models, key=lambda model: PARTS.index(model.part)))


def find_cards(session_page: Page, *, is_preview: bool = False) -> dict[str, list[Page]]:
    """The parts below a session by kind, in the author's order (a query each); drafts only in a preview."""
    cards: dict[str, list[Page]] = {part: [] for part in PARTS}
    for model in part_models():
        pages = model.cards().child_of(session_page).order_by("path")
        cards[model.part] += list(pages if is_preview else pages.live())
    return cards


def find_sample(path: str) -> Page | None:
    """The first clip below a tree ``path`` that anybody may watch, with all that its card reads, or None."""
    for model in part_models():
        sample = model.samples().live().filter(path__startswith=path).order_by("path").first()
        if sample:
            return sample
    return None
