"""A film placed in a session."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.query import PageQuerySet
from wagtail.search import index

from courses.models import SessionPartPage
from video.models.clips import Clip
from video.querysets import ClipPageManager


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

    @property
    def card_seconds(self) -> int:
        """How long it plays, for the sum on the session page."""
        return self.clip.seconds

    @classmethod
    def cards(cls) -> PageQuerySet:
        """Clip pages with their films, for the session page; a withdrawn film leaves it."""
        return cls.objects.with_film().filter(clip__consent_withdrawn_at__isnull=True)

    @classmethod
    def samples(cls) -> PageQuerySet:
        """Clips that anybody may watch, and that can be watched today, with their films."""
        return cls.objects.with_film().samples_in("")

    @property
    def shown_age_range(self) -> str:
        """The page's own words, else the film's."""
        return self.age_range or self.clip.age_range

    @property
    def shown_kind_of_setting(self) -> str:
        """The page's own words, else the film's."""
        return self.kind_of_setting or self.clip.kind_of_setting


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
