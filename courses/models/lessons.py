"""What a setting rents: sessions and the parts below them, behind one gate."""

from typing import ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.query import PageQuerySet
from wagtail.search import index

from courses.gate import serve_behind_gate
from courses.models.catalogue import PLAIN_TEXT_FEATURES, PROMOTE_PANELS
from courses.panels import show_session
from courses.publishing import MissingPanel, SessionPageForm, refuse_unfinished
from courses.querysets import (
    COURSE_PATH_LENGTH,
    SECTION_PATH_LENGTH,
    SESSION_PATH_LENGTH,
    SessionPageManager,
    address_of,
)


class GatedPage(Page):
    """A page that opens only to members of a setting with a live term, whatever door they come by."""

    is_for_leaders = False  # guides are: facilitators and managers only (R102)
    is_sample = False  # a clip may be: anybody may open it

    private_page_options: ClassVar = []  # the gate decides, not Wagtail's passwords and groups

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """The address within the site, "/courses/…/", without asking the database."""
        return address_of(self.url_path)

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

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show a draft in Wagtail through the same gate, which lets editors by."""
        request.is_preview = True
        return self.serve(request)

    def serve_opened(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer once the gate has said yes; ``request.opening`` says for which setting."""
        return super().serve(request, *args, **kwargs)


class SessionPage(GatedPage):
    """One session: watch, talk, reflect, plan."""

    aim = models.CharField(
        max_length=300, help_text="One sentence that starts with a verb: what the team will do or agree."
    )
    blurb = models.TextField(
        max_length=600, help_text="Two sentences for the course page, which everyone may read before renting."
    )
    minutes = models.PositiveSmallIntegerField(
        "length in minutes", default=75, help_text="The minutes of the guide's steps add up to this."
    )
    connects = models.CharField(
        "how it connects",
        max_length=300,
        blank=True,
        help_text="One sentence: how it goes with the course's principles and with the session before.",
    )
    between = RichTextField(
        "between sessions",
        blank=True,
        features=PLAIN_TEXT_FEATURES,
        help_text="What to try or read before the next session. Stands at the foot of the session page.",
    )

    is_announced = models.BooleanField(
        "announced",
        default=False,
        help_text="While it is a draft: show its title and blurb on the course page, marked “being written”.",
    )

    objects = SessionPageManager()

    base_form_class = SessionPageForm
    content_panels: ClassVar = [
        MissingPanel(),
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("aim"), FieldPanel("minutes"), FieldPanel("connects")],
            heading="This session",
            icon="date",
        ),
        MultiFieldPanel(
            [FieldPanel("blurb"), FieldPanel("is_announced")], heading="On the course page", icon="openquote"
        ),
        InlinePanel("outcomes", heading="Afterwards people can", label="Outcome", icon="tick"),
        InlinePanel(
            "prompts",
            heading="Reflect: four to six prompts",
            label="Prompt",
            icon="help",
            max_num=6,
            help_text="People answer each for themselves. Ask about their own practice; no right answers.",
        ),
        InlinePanel(
            "starter_actions",
            heading="Plan: ideas to start from",
            label="Idea",
            icon="list-ol",
            help_text="A team can take one over and then change it.",
        ),
        FieldPanel("between", icon="redirect"),
    ]
    promote_panels: ClassVar = PROMOTE_PANELS
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("aim")]
    parent_page_types: ClassVar = ["courses.SectionPage"]
    subpage_types: ClassVar = [
        "video.ClipPage",
        "facilitator_guides.GuidePage",
        "facilitator_guides.TaskSheetPage",
    ]
    page_description = "One team session: clips to watch, a guide to lead it, prompts and ideas for the plan."
    template = "courses/session_page.html"

    class Meta:
        verbose_name = "session"

    @classmethod
    def get_menu_icon(cls) -> str:
        """The icon in the page explorer."""
        return "group"

    def serve_opened(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer with the session page: the same by both doors and in a preview."""
        return show_session(request, self)

    def publish(self, revision, *args, **kwargs) -> None:
        """Publish, unless something is missing (R13); every way to publish without a form ends here."""
        refuse_unfinished(revision.as_object())
        super().publish(revision, *args, **kwargs)


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
    """A clip, guide or task sheet below a session.

    ``part`` lets lower rooms count and list what they cannot import. The card of a part is rendered into the
    session page's body, which is kept and shown to many: nothing personal, no form and nothing that runs out
    may stand in it. When something on the card changes without the page being saved (a film is ready, a
    consent is withdrawn), call ``courses.services.note_change(path=page.path, now=…)``.
    """

    part = ""  # "clip", "guide" or "task_sheet"
    card_template = ""  # how the part shows itself on the session page; gets ``page``

    card_seconds = 0  # how long a clip plays, for the sum on the session page

    parent_page_types: ClassVar = ["courses.SessionPage"]
    subpage_types: ClassVar = []

    class Meta:
        abstract = True

    @property
    def session_path(self) -> str:
        """The tree path of the session this part belongs to."""
        return self.path[:SESSION_PATH_LENGTH]

    @classmethod
    def cards(cls) -> PageQuerySet:
        """Every page of this kind with all that its card reads, so that cards cost no query each."""
        return cls.objects.all()

    @classmethod
    def samples(cls) -> PageQuerySet:
        """Those that anybody may open without renting; only clips have any."""
        return cls.objects.none()
