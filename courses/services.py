"""What happens to courses besides an author's saving."""

import datetime as dt

from django.core.cache import caches

from courses.models import SectionPage


def note_change(*, path: str, now: dt.datetime) -> None:
    """Note that something shown around or below the page at a tree ``path`` changed at ``now``.

    Only for what changes without a page being published: session pages are rendered once for each state of
    their section (``courses.querysets.section_state``), and every process sees the new state at once.
    """
    SectionPage.objects.around(path).update(contents_changed_at=now)
    forget_public_pages()


def forget_public_pages() -> None:
    """Forget the kept public pages in this process; others do within the minute that ``max-age`` promises."""
    caches["bodies"].clear()
