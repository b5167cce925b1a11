"""A film placed in a session."""

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page
from wagtail.query import PageQuerySet
from wagtail.search import index

from courses.models import SessionPartPage
from courses.querysets import COURSE_PATH_LENGTH, address_of
from video.models.clips import Clip
from video.querysets import ClipPageManager

if TYPE_CHECKING:
    from accounts.models import User

RESUME_AFTER_MS = 4000


class ClipPage(SessionPartPage):
    """An observation clip placed in a session."""

    clip = models.ForeignKey(Clip, verbose_name="film", on_delete=models.PROTECT, related_name="clip_pages")
    what_to_look_for = models.CharField(
        max_length=300, help_text="One or two sentences, read before watching. Ask for what can be seen."
    )
    age_range = models.CharField(
        "age of the children", max_length=60, blank=True, help_text="Empty: as the film says."
    )
    kind_of_setting = models.CharField(max_length=80, blank=True, help_text="Empty: as the film says.")
    is_sample = models.BooleanField(
        "sample",
        default=False,
        help_text="Anybody may watch it, from the course page, without renting. One for each course.",
    )

    objects = ClipPageManager()

    part = "clip"
    card_template = "video/_clip_card.html"
    template = "video/clip_page.html"
    content_panels: ClassVar = [
        *SessionPartPage.content_panels,
        FieldPanel("clip"),
        FieldPanel("what_to_look_for"),
        MultiFieldPanel(
            [FieldPanel("age_range"), FieldPanel("kind_of_setting")], heading="Where it was filmed"
        ),
        InlinePanel(
            "pause_points",
            heading="Stop and talk",
            label="Stop",
            help_text="The film stops here and shows a question to talk about.",
        ),
        FieldPanel("is_sample"),
    ]
    search_fields: ClassVar = [*SessionPartPage.search_fields, index.SearchField("what_to_look_for")]

    class Meta:
        verbose_name = "clip page"

    @classmethod
    def cards(cls) -> PageQuerySet:
        """Clip pages with their films, which the card reads; a withdrawn film leaves the session page."""
        return cls.objects.with_film().with_consent()

    @classmethod
    def samples(cls) -> PageQuerySet:
        """Those that anybody may watch."""
        return cls.objects.with_film().samples()

    @property
    def card_seconds(self) -> int:
        """How long the film plays; 0 while it is not known or may not be shown."""
        return self.clip.seconds if self.clip.is_playable else 0

    @property
    def poster_address(self) -> str:
        """Where the gated poster lies; empty while there is none. Nothing in it runs out."""
        is_there = self.pk and self.clip.poster and self.clip.is_playable
        return reverse("video:poster", args=[self.pk]) if is_there else ""

    @property
    def shown_age_range(self) -> str:
        """The page's own words, else the film's."""
        return self.age_range or self.clip.age_range

    @property
    def shown_kind_of_setting(self) -> str:
        """The page's own words, else the film's."""
        return self.kind_of_setting or self.clip.kind_of_setting

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the way back, the clips beside this one, and how far the person got (three queries)."""
        opening = getattr(request, "opening", None)
        course_depth = COURSE_PATH_LENGTH // Page.steplen
        above = Page.objects.ancestor_of(self).filter(depth__gte=course_depth).order_by("path")
        trail = [(title, address_of(url_path)) for title, url_path in above.values_list("title", "url_path")]
        siblings = list(type(self).cards().sibling_of(self).live().in_order()) if opening else []
        places = [one.pk for one in siblings]
        here = places.index(self.pk) if self.pk in places else None
        context = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "opening": opening,
            "membership": opening,
            "trail": trail,
            "number": None if here is None else here + 1,
            "count": len(siblings),
            "next_clip": siblings[here + 1] if here is not None and here + 1 < len(siblings) else None,
            "stops": sorted(self.pause_points.all(), key=lambda stop: stop.at_seconds),
            "resume_ms": self.resume_ms_of(request.user),
        }

    def resume_ms_of(self, user: "User") -> int:
        """Where the person stopped, in milliseconds; 0 at the start, near the end, or for nobody."""
        if not self.pk or not user.is_authenticated:
            return 0
        found = self.watched_seconds.of(user, self.pk).values_list("position_ms", flat=True)
        position = found.first() or 0
        is_in_between = RESUME_AFTER_MS <= position <= self.clip.duration_ms - RESUME_AFTER_MS
        return position if is_in_between else 0


class PausePoint(Orderable):
    """A moment where the film stops for a question."""

    clip_page = ParentalKey(ClipPage, on_delete=models.CASCADE, related_name="pause_points")
    at_seconds = models.PositiveSmallIntegerField(
        "seconds from the start", validators=[MaxValueValidator(600)]
    )
    question = models.CharField(max_length=300)

    panels: ClassVar = [FieldPanel("at_seconds"), FieldPanel("question")]

    def __str__(self) -> str:
        return self.question

    @property
    def clock(self) -> str:
        """The moment as "0:14"."""
        return f"{self.at_seconds // 60}:{self.at_seconds % 60:02}"
