"""What a setting rents: sessions and the parts below them, behind one gate."""

from typing import ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

from courses.gate import serve_behind_gate
from courses.models.catalogue import PLAIN_TEXT_FEATURES
from courses.querysets import COURSE_PATH_LENGTH, SECTION_PATH_LENGTH, SessionPageManager


class GatedPage(Page):
    """A page that opens only to members of a setting with a live term, whatever door they come by."""

    is_for_leaders = False  # guides are: facilitators and managers only (R102)

    class Meta:
        abstract = True

    @property
    def section_path(self) -> str:
        """The tree path of the section this page lies in."""
        return self.path[:SECTION_PATH_LENGTH]

    @property
    def course_path(self) -> str:
        """The tree path of the course this page lies in."""
        return self.path[:COURSE_PATH_LENGTH]

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Ask the gate before the page or any address below it answers."""
        return serve_behind_gate(request, self, *args, **kwargs)

    def serve_opened(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer once the gate has said yes; ``request.opening`` says for which setting."""
        return super().serve(request, *args, **kwargs)


class SessionPage(GatedPage):
    """One session: watch, talk, reflect, plan."""

    aim = models.CharField(max_length=300, help_text="One sentence, starting with a verb.")
    blurb = models.TextField(max_length=600, help_text="Two sentences for the catalogue.")
    minutes = models.PositiveSmallIntegerField("length in minutes", default=75)
    connects = models.CharField(
        "how it connects",
        max_length=300,
        blank=True,
        help_text="One sentence: the course's principles, and the session before.",
    )
    between = RichTextField("between sessions", blank=True, features=PLAIN_TEXT_FEATURES)

    objects = SessionPageManager()

    content_panels: ClassVar = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("aim"), FieldPanel("minutes"), FieldPanel("connects")], heading="This session"
        ),
        FieldPanel("blurb"),
        InlinePanel("outcomes", heading="Afterwards people can", label="Outcome"),
        InlinePanel("prompts", heading="Reflect: four to six prompts", label="Prompt", max_num=6),
        InlinePanel("starter_actions", heading="Plan: ideas to start from", label="Idea"),
        FieldPanel("between"),
    ]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("aim")]
    parent_page_types: ClassVar = ["courses.SectionPage"]
    subpage_types: ClassVar = [
        "video.ClipPage",
        "facilitator_guides.GuidePage",
        "facilitator_guides.TaskSheetPage",
    ]
    template = "courses/session_page.html"

    class Meta:
        verbose_name = "session"


class SessionOutcome(Orderable):
    """One thing that people can do after a session."""

    session_page = ParentalKey(SessionPage, on_delete=models.CASCADE, related_name="outcomes")
    text = models.CharField("outcome", max_length=200)

    panels: ClassVar = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text


class ReflectivePrompt(Orderable):
    """A question that a person answers for themselves."""

    session_page = ParentalKey(SessionPage, on_delete=models.CASCADE, related_name="prompts")
    text = models.CharField("question", max_length=300)

    panels: ClassVar = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text


class StarterAction(Orderable):
    """An action that an author suggests; a team adopts it, then makes it its own."""

    session_page = ParentalKey(SessionPage, on_delete=models.CASCADE, related_name="starter_actions")
    what = models.CharField(max_length=200)
    why = models.CharField(max_length=300, blank=True)
    how_we_will_know = models.CharField(max_length=300, blank=True)

    panels: ClassVar = [FieldPanel("what"), FieldPanel("why"), FieldPanel("how_we_will_know")]

    def __str__(self) -> str:
        return self.what


class SessionPartPage(GatedPage):
    """A clip, guide or task sheet below a session. ``part`` lets lower rooms count what they cannot import."""

    part = ""  # "clip", "guide" or "task_sheet"
    card_template = ""  # how the part shows itself on the session page

    parent_page_types: ClassVar = ["courses.SessionPage"]
    subpage_types: ClassVar = []

    class Meta:
        abstract = True
