"""What anyone may read: home, the catalogue, a course and its sections."""

from typing import ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

from billing.models import Product
from courses.outline import buying_options, first_open_session, outline_of
from courses.parts import find_sample
from courses.querysets import (
    CoursePageManager,
    ProductSectionQuerySet,
    PublicPageManager,
    SectionPageManager,
    address_of,
    read_rows,
)
from elearning.periods import london_day

PLAIN_TEXT_FEATURES = ["bold", "italic", "ul", "ol", "link"]
PROMOTE_PANELS = [
    MultiFieldPanel(
        [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
        heading="Address and search engines",
    )
]


class PublicPage(Page):
    """A page of the catalogue: anyone may read it, and nobody's copy differs unless they are signed in."""

    promote_panels: ClassVar = PROMOTE_PANELS
    private_page_options: ClassVar = []

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """The address within the site, without asking the database."""
        return address_of(self.url_path)


class HomePage(PublicPage):
    """The front page."""

    promise = models.CharField(
        max_length=300, blank=True, help_text="One sentence in large letters: what this is and for whom."
    )
    introduction = RichTextField(blank=True, features=PLAIN_TEXT_FEATURES)

    objects = PublicPageManager()

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("promise"), FieldPanel("introduction")]
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["courses.CourseIndexPage"]
    max_count = 1
    page_description = "The front page: what this is, the courses, how a session works, a sample clip."
    template = "courses/home_page.html"

    class Meta:
        verbose_name = "home page"

    @classmethod
    def get_menu_icon(cls) -> str:
        """The icon in the page explorer."""
        return "home"

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the courses and a sample clip."""
        return {
            **super().get_context(request, *args, **kwargs),
            "courses": list(CoursePage.objects.in_catalogue().with_price_from()),
            "sample": find_sample(self.path),
        }


class CourseIndexPage(PublicPage):
    """The catalogue."""

    introduction = RichTextField(blank=True, features=PLAIN_TEXT_FEATURES)

    objects = PublicPageManager()

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar = ["courses.HomePage"]
    subpage_types: ClassVar = ["courses.CoursePage"]
    max_count = 1
    page_description = "The catalogue: every course lies below it."
    template = "courses/course_index_page.html"

    class Meta:
        verbose_name = "catalogue"

    @classmethod
    def get_menu_icon(cls) -> str:
        """The icon in the page explorer."""
        return "list-ul"

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the courses."""
        return {
            **super().get_context(request, *args, **kwargs),
            "courses": list(CoursePage.objects.in_catalogue().with_price_from()),
        }


class CoursePage(PublicPage):
    """One course as anyone may read it: the promise, the price, the sections and sessions."""

    class Subject(models.TextChoices):
        KEY_PERSON = "key_person", "Key persons in the early years"
        KEY_WORKING = "key_working", "Key working with families"

    class Motif(models.TextChoices):
        KEY_PERSON = "key_person", "Key person"
        KEY_WORKING = "key_working", "Key working"
        DESIGNATED = "designated", "Designated key person"

    promise = models.TextField("promise", max_length=600, help_text="One paragraph: what will be different.")
    subject = models.CharField(
        max_length=20,
        choices=Subject,
        default=Subject.KEY_PERSON,
        help_text="Said on the course page, so that nobody rents the wrong one.",
    )
    motif = models.CharField("picture", max_length=20, choices=Motif, default=Motif.KEY_PERSON)
    who_for = RichTextField("who it is for", features=PLAIN_TEXT_FEATURES)
    how_long = models.CharField(max_length=300, help_text="How long a session and the whole course take.")
    principles = RichTextField(
        blank=True, features=PLAIN_TEXT_FEATURES, help_text="What the whole course rests on: two to four."
    )

    objects = CoursePageManager()

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("promise"),
        MultiFieldPanel([FieldPanel("subject"), FieldPanel("motif")], heading="Kind of course"),
        FieldPanel("who_for"),
        FieldPanel("how_long"),
        InlinePanel("outcomes", heading="What you will be able to do", label="Outcome", min_num=1),
        FieldPanel("principles"),
        InlinePanel("questions", heading="Questions and answers", label="Question"),
        HelpPanel(
            "Prices come from the products that open this course's sections. The sample clip is the first "
            "clip of the course whose page is marked as a sample.",
            heading="Prices and the sample clip",
        ),
    ]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("promise")]
    parent_page_types: ClassVar = ["courses.CourseIndexPage"]
    subpage_types: ClassVar = ["courses.SectionPage"]
    page_description = "A course as anyone may read it before renting. Its sections lie below it."
    template = "courses/course_page.html"

    class Meta:
        verbose_name = "course"

    @classmethod
    def get_menu_icon(cls) -> str:
        """The icon in the page explorer."""
        return "folder-open-inverse"

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the buying options, the outline, a sample clip, and what is open to a signed-in person."""
        open_paths = open_section_paths(request, self.path)
        outline = outline_of(self.path, open_paths=open_paths)
        return {
            **super().get_context(request, *args, **kwargs),
            "trail": [("Courses", "/courses/")],
            "outcomes": read_rows(self, "outcome_rows", "outcomes"),
            "questions": read_rows(self, "question_rows", "questions"),
            "options": buying_options(self.path),
            "outline": outline,
            "is_open": bool(open_paths),
            "first_open": first_open_session(outline),
            "sample": find_sample(self.path),
        }


class CourseOutcome(Orderable):
    """One thing that people will be able to do."""

    course_page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="outcomes")
    text = models.CharField("outcome", max_length=200)

    panels: ClassVar = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text


class CourseQuestion(Orderable):
    """A question people ask before they rent, and its answer."""

    course_page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="questions")
    question = models.CharField(max_length=200)
    answer = RichTextField(features=PLAIN_TEXT_FEATURES)

    panels: ClassVar = [FieldPanel("question"), FieldPanel("answer")]

    def __str__(self) -> str:
        return self.question


class SectionPage(PublicPage):
    """A part of a course that can be rented by itself; its sessions lie below it."""

    aim = models.CharField(max_length=300, help_text="One sentence: what the team has when it is through.")
    blurb = models.TextField(max_length=600, help_text="Two or three sentences for the course page.")
    pre_reading = RichTextField(
        "reading beforehand",
        blank=True,
        features=PLAIN_TEXT_FEATURES,
        help_text="For people whose setting rents it: what to read or look at before the first session.",
    )
    contents_changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SectionPageManager()

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("aim"),
        FieldPanel("blurb"),
        FieldPanel("pre_reading"),
    ]
    parent_page_types: ClassVar = ["courses.CoursePage"]
    subpage_types: ClassVar = ["courses.SessionPage"]
    page_description = "A part of a course that can be rented by itself. Its sessions lie below it."
    template = "courses/section_page.html"

    class Meta:
        verbose_name = "section"

    @classmethod
    def get_menu_icon(cls) -> str:
        """The icon in the page explorer."""
        return "folder-inverse"

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the sessions and the buying options; for a setting that rents it, the ways in."""
        open_paths = open_section_paths(request, self.path)
        is_preview = getattr(request, "is_preview", False)
        outline = outline_of(self.path, open_paths=open_paths)
        course = CoursePage.objects.above(self.path).first()
        return {
            **super().get_context(request, *args, **kwargs),
            "sessions": outline[0]["sessions"] if outline else [],
            "options": buying_options(self.path),
            "course": course,
            "trail": [("Courses", "/courses/"), (course.title, course.address)],
            "is_open": bool(open_paths) or is_preview,
        }


class ProductSection(models.Model):
    """That renting a product opens a section. Not revised with the page: what was paid for stays open."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="product_sections")
    section_page = models.ForeignKey(
        SectionPage, verbose_name="section", on_delete=models.PROTECT, related_name="product_sections"
    )

    objects = ProductSectionQuerySet.as_manager()

    panels: ClassVar = [FieldPanel("product"), FieldPanel("section_page")]

    class Meta:
        verbose_name = "what a product opens"
        verbose_name_plural = "what products open"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "section_page"], name="courses_product_opens_section_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} opens {self.section_page}"


def open_section_paths(request: HttpRequest, path: str) -> set[str]:
    """Tree paths of the sections at or below ``path`` that the asker may open today."""
    if not request.user.is_authenticated:
        return set()
    sections = SectionPage.objects.open_to(request.user, london_day(timezone.now()))
    return set(sections.at_or_below(path).values_list("path", flat=True))
