"""What anyone may read: home, the catalogue, a course and its sections."""

from typing import ClassVar

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

from billing.models import Product
from courses.querysets import CoursePageManager, SectionPageManager

PLAIN_TEXT_FEATURES = ["bold", "italic", "ul", "ol", "link"]


class HomePage(Page):
    """The front page."""

    promise = models.CharField(max_length=300, blank=True)
    introduction = RichTextField(blank=True, features=PLAIN_TEXT_FEATURES)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("promise"), FieldPanel("introduction")]
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["courses.CourseIndexPage"]
    max_count = 1
    template = "courses/home_page.html"

    class Meta:
        verbose_name = "home page"


class CourseIndexPage(Page):
    """The catalogue."""

    introduction = RichTextField(blank=True, features=PLAIN_TEXT_FEATURES)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar = ["courses.HomePage"]
    subpage_types: ClassVar = ["courses.CoursePage"]
    max_count = 1
    template = "courses/course_index_page.html"

    class Meta:
        verbose_name = "catalogue"


class CoursePage(Page):
    """One course as anyone may read it: the promise, the price, the sections and sessions."""

    class Subject(models.TextChoices):
        KEY_PERSON = "key_person", "Key persons in the early years"
        KEY_WORKING = "key_working", "Key working with families"

    class Motif(models.TextChoices):
        KEY_PERSON = "key_person", "Key person"
        KEY_WORKING = "key_working", "Key working"
        DESIGNATED = "designated", "Designated key person"

    promise = models.TextField("promise", max_length=600, help_text="One paragraph: what will be different.")
    subject = models.CharField(max_length=20, choices=Subject, default=Subject.KEY_PERSON)
    motif = models.CharField("picture", max_length=20, choices=Motif, default=Motif.KEY_PERSON)
    who_for = RichTextField("who it is for", features=PLAIN_TEXT_FEATURES)
    how_long = models.CharField(max_length=300, help_text="How long a session and the whole course take.")
    principles = RichTextField(blank=True, features=PLAIN_TEXT_FEATURES)

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
    ]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("promise")]
    parent_page_types: ClassVar = ["courses.CourseIndexPage"]
    subpage_types: ClassVar = ["courses.SectionPage"]
    template = "courses/course_page.html"

    class Meta:
        verbose_name = "course"


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


class SectionPage(Page):
    """A part of a course that can be rented by itself; its sessions lie below it."""

    aim = models.CharField(max_length=300)
    blurb = models.TextField(max_length=600)
    pre_reading = RichTextField("reading beforehand", blank=True, features=PLAIN_TEXT_FEATURES)

    objects = SectionPageManager()

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("aim"),
        FieldPanel("blurb"),
        FieldPanel("pre_reading"),
        InlinePanel("product_sections", heading="Rented as part of", label="Product"),
    ]
    parent_page_types: ClassVar = ["courses.CoursePage"]
    subpage_types: ClassVar = ["courses.SessionPage"]
    template = "courses/section_page.html"

    class Meta:
        verbose_name = "section"


class ProductSection(models.Model):
    """That renting a product opens a section. Not revised with the page: what was paid for stays open."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="product_sections")
    section_page = ParentalKey(SectionPage, on_delete=models.PROTECT, related_name="product_sections")

    panels: ClassVar = [FieldPanel("product")]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "section_page"], name="courses_product_opens_section_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} opens {self.section_page_id}"
