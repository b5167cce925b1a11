"""Noting that a page changed, however it was changed: by an author, a command or a workflow."""

from django.utils import timezone
from wagtail.models import Page

from courses.services import note_change


def on_page_saved(sender: type, instance: object, *, raw: bool = False, **kwargs: object) -> None:
    """A page was saved, published, unpublished or deleted."""
    if isinstance(instance, Page) and instance.path and not raw:
        note_change(path=instance.path, now=timezone.now())


def on_page_moved(
    sender: type, instance: Page, parent_page_before: Page, parent_page_after: Page, **kwargs: object
) -> None:
    """A page went to another place, perhaps only up or down among its neighbours."""
    for path in {instance.path, parent_page_before.path, parent_page_after.path}:
        note_change(path=path, now=timezone.now())
