"""The gate before every file of a film: the page's own gate, and the consent of everyone filmed.

Playlists, captions, posters and addresses of films all come through here, on every request.
"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils import timezone

from courses.gate import choose_opening, explain, find_openings
from elearning.periods import london_day
from video.models import ClipPage
from video.policies import may_play_clip, may_show_film

BIGGEST_ID = 2**63 - 1  # SQLite gives up on larger numbers
WITHDRAWN = (
    "This clip is no longer shown: somebody in it has taken back their consent. "
    "The talk, the prompts and the plan of this session go on without it."
)
NOT_READY = "This clip is being prepared. Try again in a few minutes."


@dataclass(frozen=True)
class Closed(Exception):  # noqa: N818 - an answer, not a mistake
    """The clip stays closed to the asker. ``code`` is for the player, the rest for a person."""

    code: str
    title: str
    reason: str
    status: int = 403


def find_clip_page(request: HttpRequest, pk: int) -> ClipPage:
    """Return the clip page with its film, if the asker may play it now.

    Raises Http404 where there is no such page, and Closed with the reason where there is. Also brings what
    the asker has watched, in the same query.
    """
    if pk > BIGGEST_ID:
        raise Http404("No such clip.")
    pages = ClipPage.objects.with_film().with_watching_of(request.user)
    found = pages.with_openings(user=request.user, day=london_day(timezone.now())).filter(pk=pk).first()
    if found is None:
        raise Http404("No such clip.")
    refuse_unless_open(request, found)
    return found


def refuse_unless_open(request: HttpRequest, clip_page: ClipPage) -> None:
    """Raise Closed unless the asker may play the clip now; Http404 for a draft that is not theirs to see."""
    request.openings = find_openings(request, clip_page)
    request.opening = choose_opening(request, request.openings, clip_page)
    if not may_play_clip(request.user, request.opening, clip_page):
        if not clip_page.live:
            raise Http404("No such clip.")
        refusal = explain(request, clip_page)
        raise Closed("closed", refusal.title, " ".join(refusal.lines))
    if not may_show_film(clip_page.clip):
        raise Closed("withdrawn", "This clip is no longer shown", WITHDRAWN)
    if not clip_page.clip.is_ready:
        raise Closed("not_ready", "This clip is not ready yet", NOT_READY, status=409)
