"""Load the demo's pages: home, catalogue, courses, sections, sessions with their parts, and the films."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import format_html_join
from wagtail.models import Page, Site

from billing.models import Product
from courses.models import (
    CourseIndexPage,
    CourseOutcome,
    CoursePage,
    CourseQuestion,
    HomePage,
    ProductSection,
    ReflectivePrompt,
    SectionPage,
    SessionOutcome,
    SessionPage,
    StarterAction,
)
from elearning.demo.content import load_courses, load_products, load_session
from elearning.demo.load_parts import add_clip_page, add_guide_page, add_task_sheet_page, rich
from elearning.demo.records import CourseText, SectionText, SessionBlurb, SessionText
from video.services import DrawnFilm, make_clip_from_film

HOME_PROMISE = "Short films, honest talk and a plan: training that a whole team does together."
HOME_INTRODUCTION = """
<p>For everyone who is a child’s familiar face: key persons in nurseries and pre-schools, key workers with
children, young people and families. Your setting rents a course, and everybody who works there is in.</p>
"""
CATALOGUE_INTRODUCTION = """
<p>Each course is a row of team sessions. You watch, talk, reflect and plan; the guide says how.</p>
"""


def bullets(items: list[str]) -> str:
    """A list as the HTML of a rich text field."""
    return "<ul>" + format_html_join("", "<li>{}</li>", ((item,) for item in items)) + "</ul>"


def add_page(parent: Page, page: Page) -> Page:
    """Put a page below ``parent`` and publish it, so that its history begins with what is live."""
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def child(parent: Page, model: type[Page], slug: str) -> Page | None:
    """The page with a slug below ``parent``, if it is there."""
    return model.objects.child_of(parent).filter(slug=slug).first()


def load_catalogue() -> None:
    """The home page as the site's root, and the catalogue below it, in place of Wagtail's welcome."""
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        for welcome in root.get_children():
            welcome.delete()
        root.refresh_from_db()
        page = HomePage(
            title="Home", slug="home", promise=HOME_PROMISE, introduction=HOME_INTRODUCTION.strip()
        )
        home = add_page(root, page)
    if not Site.objects.filter(root_page=home.pk).exists():
        address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        Site.objects.all().delete()
        Site.objects.create(
            hostname=address.hostname or "localhost",
            port=address.port or (443 if address.scheme == "https" else 80),
            root_page=home,
            is_default_site=True,
            site_name=settings.WAGTAIL_SITE_NAME,
        )
    if not CourseIndexPage.objects.exists():
        page = CourseIndexPage(title="Courses", slug="courses", introduction=CATALOGUE_INTRODUCTION.strip())
        add_page(home, page)


def load_film_clips(films: dict[str, DrawnFilm]) -> None:
    """Every film that a session shows, as a clip that waits for the pipeline or is ready already."""
    for course in load_courses():
        for section in course.sections:
            for blurb in section.sessions:
                whole = load_session(course, section, blurb)
                for clip in whole.clips if whole else []:
                    make_clip_from_film(
                        film_key=clip.film,
                        film=films[clip.film],
                        title=clip.title,
                        age_range=clip.age_range,
                        kind_of_setting=clip.kind_of_setting,
                    )


def load_course_pages(course: CourseText, films: dict[str, DrawnFilm]) -> None:
    """One course with its sections and sessions; ``films`` say when what is told in them."""
    catalogue = CourseIndexPage.objects.get()
    page = child(catalogue, CoursePage, course.slug) or add_page(catalogue, course_page(course))
    for section in course.sections:
        load_section(page, course, section, films)


def course_page(course: CourseText) -> CoursePage:
    """A course's page, not saved."""
    page = CoursePage(
        title=course.title,
        slug=course.slug,
        promise=course.promise,
        subject=course.subject,
        motif=course.motif,
        who_for=bullets(course.who_for),
        how_long=course.how_long,
        principles=bullets(course.principles),
    )
    page.outcomes = [CourseOutcome(text=text, sort_order=order) for order, text in enumerate(course.outcomes)]
    page.questions = [
        CourseQuestion(question=one.question, answer=rich(one.answer), sort_order=order)
        for order, one in enumerate(course.questions)
    ]
    return page


def load_section(
    course_page: CoursePage, course: CourseText, section: SectionText, films: dict[str, DrawnFilm]
) -> None:
    """One section with its sessions, opened by the products that name it."""
    page = child(course_page, SectionPage, section.slug) or add_page(
        course_page,
        SectionPage(
            title=section.title,
            slug=section.slug,
            aim=section.aim,
            blurb=section.blurb,
            pre_reading=rich(section.pre_reading),
        ),
    )
    for product in load_products():
        if f"{course.slug}/{section.slug}" in product.sections:
            ProductSection.objects.get_or_create(
                product=Product.objects.get(slug=product.slug), section_page=page
            )
    for blurb in section.sessions:
        if child(page, SessionPage, blurb.slug) is None:
            load_session_page(page, course, blurb, load_session(course, section, blurb), films)


def load_session_page(
    section_page: SectionPage,
    course: CourseText,
    blurb: SessionBlurb,
    whole: SessionText | None,
    films: dict[str, DrawnFilm],
) -> None:
    """One session: published with all its parts, or announced while only its blurb is written."""
    page = SessionPage(
        title=blurb.title, slug=blurb.slug, blurb=blurb.blurb, live=False, is_announced=True, aim=""
    )
    if whole:
        fill_in(page, whole)
    section_page.add_child(instance=page)
    if whole is None:
        page.save_revision(clean=False)
        return
    for clip in whole.clips:
        add_clip_page(page, clip, films[clip.film], is_sample=clip.film == course.sample_clip)
    add_guide_page(page, whole.guide)
    for sheet in whole.task_sheets:
        add_task_sheet_page(page, sheet)
    page.save_revision().publish()


def fill_in(page: SessionPage, whole: SessionText) -> None:
    """Give a session its own words, prompts and ideas."""
    page.aim, page.minutes, page.connects = whole.aim, whole.minutes, whole.connects
    page.between = rich(whole.between)
    page.outcomes = [SessionOutcome(text=text, sort_order=order) for order, text in enumerate(whole.outcomes)]
    page.prompts = [ReflectivePrompt(text=text, sort_order=order) for order, text in enumerate(whole.prompts)]
    page.starter_actions = [
        StarterAction(what=one.what, why=one.why, how_we_will_know=one.how_we_will_know, sort_order=order)
        for order, one in enumerate(whole.starter_actions)
    ]
