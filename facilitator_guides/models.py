"""What a facilitator reads and prints: the guide of a session, and its task sheets."""

from collections.abc import Callable
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from courses.models import SessionPage, SessionPartPage
from courses.querysets import address_of
from elearning import printing
from facilitator_guides import printouts
from facilitator_guides.blocks import SheetBlocks
from facilitator_guides.forms import GuidePageForm
from facilitator_guides.querysets import PrintedPageManager

WORDS_FEATURES = ["bold", "italic", "ul", "ol"]
GUIDE_SLUG = "guide"
COURSE_DEPTH = 4  # below the tree's root, the home page and the catalogue


class PrintedPage(SessionPartPage):
    """A part of a session that is read on the screen, printed, and downloaded as PDF: one gate for all."""

    objects = PrintedPageManager()

    class Meta:
        abstract = True

    @property
    def print_address(self) -> str:
        """Where printing starts: the PDF, or the page itself on a machine that cannot make PDFs."""
        return f"{self.address.rstrip('/')}.pdf" if printing.is_available() else self.address

    def get_session_page(self) -> SessionPage:
        """The session that this part belongs to (one query)."""
        return SessionPage.objects.get(path=self.session_path)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the way back (one query) and the setting for which the page was opened."""
        opening = getattr(request, "opening", None)
        above = Page.objects.ancestor_of(self).filter(depth__gte=COURSE_DEPTH).order_by("path")
        trail = [(title, address_of(url_path)) for title, url_path in above.values_list("title", "url_path")]
        context = super().get_context(request, *args, **kwargs)
        return {**context, "opening": opening, "membership": opening, "trail": trail}

    def serve_opened(
        self, request: HttpRequest, answer: Callable[..., HttpResponse] | None = None, **kwargs: object
    ) -> HttpResponse:
        """Answer with the page itself, or with what ``answer`` makes of it once the gate has said yes."""
        if answer is not None:
            return answer(request, self)
        return super().serve_opened(request, **kwargs)


class GuidePage(PrintedPage):
    """The timed plan for leading a session."""

    aim = models.CharField(
        max_length=400, help_text="What is different when the session ends. One sentence for the facilitator."
    )
    closing = RichTextField(
        "closing words",
        blank=True,
        features=WORDS_FEATURES,
        help_text="What to say at the end, in inverted commas.",
    )

    part = "guide"
    is_for_leaders = True
    card_template = "facilitator_guides/_guide_card.html"
    template = "facilitator_guides/guide_page.html"
    base_form_class = GuidePageForm
    max_count_per_parent = 1
    page_description = "The timed plan for leading this session: one guide for each session."

    content_panels: ClassVar = [
        HelpPanel(
            "The minutes of all steps together must be the length of the session before the guide can be "
            "published. A draft always saves.",
            heading="Before you publish",
        ),
        FieldPanel("title", help_text="For your lists. Readers see the session’s title."),
        FieldPanel("aim"),
        MultiFieldPanel(
            [
                InlinePanel("preparation", heading="Preparation", label="Thing to do beforehand"),
                InlinePanel("materials", heading="Materials", label="Thing to bring"),
            ],
            heading="Before the session",
        ),
        InlinePanel("steps", heading="Running order", label="Step"),
        InlinePanel("response_cards", heading="If this comes up", label="Card"),
        FieldPanel("closing"),
    ]
    promote_panels: ClassVar = []
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("aim")]

    class Meta:
        verbose_name = "facilitator guide"

    def full_clean(self, *args, **kwargs) -> None:
        """Keep the address …/<session>/guide/, which people learn by heart and posters carry."""
        self.slug = GUIDE_SLUG
        super().full_clean(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add what the screen and the paper both show."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, **printouts.guide_context(self, opening=context["opening"])}


class GuidePreparation(Orderable):
    """One thing to do before the session."""

    guide_page = ParentalKey(GuidePage, on_delete=models.CASCADE, related_name="preparation")
    text = models.CharField("what to do", max_length=300)

    panels: ClassVar = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text


class GuideMaterial(Orderable):
    """One thing to bring to the session."""

    guide_page = ParentalKey(GuidePage, on_delete=models.CASCADE, related_name="materials")
    text = models.CharField("what to bring", max_length=200)

    panels: ClassVar = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text


class GuideStep(Orderable):
    """One timed step of a session. A keep step is never left out; a flexible one may be, for want of time."""

    class Activity(models.TextChoices):
        WATCH = "watch", "Watch"
        TALK = "talk", "Talk"
        REFLECT = "reflect", "Reflect"
        PLAN = "plan", "Plan"

    guide_page = ParentalKey(GuidePage, on_delete=models.CASCADE, related_name="steps")
    title = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(240)])
    is_keep = models.BooleanField(
        "keep", default=True, help_text="Keep: never leave this out. Otherwise flexible, if time runs short."
    )
    activity = models.CharField(max_length=10, choices=Activity, default=Activity.TALK)
    what_happens = RichTextField(
        "what happens and what to say",
        features=WORDS_FEATURES,
        help_text="What to say stands in inverted commas.",
    )
    watch_for = models.CharField(
        max_length=400, blank=True, help_text="What may go wrong or be missed, and what to do about it."
    )
    you_need = models.CharField(max_length=200, blank=True, help_text="What must lie ready for this step.")

    panels: ClassVar = [
        FieldPanel("title"),
        FieldPanel("minutes"),
        FieldPanel("is_keep"),
        FieldPanel("activity"),
        FieldPanel("what_happens"),
        FieldPanel("watch_for"),
        FieldPanel("you_need"),
    ]

    def __str__(self) -> str:
        return self.title


class GuideCard(Orderable):
    """What a facilitator may answer when something difficult comes up."""

    guide_page = ParentalKey(GuidePage, on_delete=models.CASCADE, related_name="response_cards")
    title = models.CharField("if this comes up", max_length=160)
    response = models.TextField("you could say", max_length=800)

    panels: ClassVar = [FieldPanel("title"), FieldPanel("response")]

    def __str__(self) -> str:
        return self.title


class TaskSheetPage(PrintedPage):
    """A printable activity for participants."""

    purpose = models.CharField(max_length=300, help_text="What the sheet helps people do. One sentence.")
    blocks = StreamField(SheetBlocks(), verbose_name="what is on the sheet")

    part = "task_sheet"
    card_template = "facilitator_guides/_task_sheet_card.html"
    template = "facilitator_guides/task_sheet_page.html"
    page_description = "A sheet to print and write on: tables, boxes, things to tick, cards to cut out."

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("purpose"),
        InlinePanel("how_to", heading="How to use it", label="Step", max_num=8),
        FieldPanel("blocks"),
    ]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("purpose")]

    class Meta:
        verbose_name = "task sheet"

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add what the screen and the paper both show."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, **printouts.task_sheet_context(self, opening=context["opening"])}


class TaskSheetInstruction(Orderable):
    """One step of how to use a sheet."""

    task_sheet_page = ParentalKey(TaskSheetPage, on_delete=models.CASCADE, related_name="how_to")
    text = models.CharField("what to do", max_length=300)

    panels: ClassVar = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text
