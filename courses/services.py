"""What happens to courses besides an author's saving."""

import datetime as dt

from django.core.cache import caches

from courses.models import SectionPage


def note_change(*, path: str, now: dt.datetime) -> None:
    """Note that something shown around or below the page at a tree ``path`` changed at ``now``.

    Session pages are rendered once for each state of their section, and the state is a stamp in the database:
    every process renders anew on its next request. The public pages of the catalogue are kept in each process
    for a minute at most, as their ``max-age`` promises; this process forgets them at once.
    """
    SectionPage.objects.around(path).update(contents_changed_at=now)
    caches["bodies"].clear()
