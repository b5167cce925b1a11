"""How courses, sections and lesson pages are found, and who may open them."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    Aggregate,
    Count,
    Exists,
    F,
    JSONField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, JSONObject, Ord, Right, Substr
from django.db.models.sql.compiler import SQLCompiler
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from accounts.models import User
from billing.models import Product, Rental, Term
from elearning.kept_sql import kept
from teams.models import Membership

if TYPE_CHECKING:
    from billing.querysets import TermQuerySet
    from courses.models import SessionPage
    from teams.querysets import MembershipQuerySet

# The tree never changes its shape: Root / Home / Index / Course / Section / Session / part.
# So a lesson page's section is a fixed length of its path, and access needs no walk up the tree.
COURSE_PATH_LENGTH = 4 * Page.steplen
SECTION_PATH_LENGTH = 5 * Page.steplen
SESSION_PATH_LENGTH = 6 * Page.steplen
HOME_ADDRESS = "/home"  # the home page's url_path without its last stroke; the fast doors add the address


# A place in the page tree: its path, or an expression that gives one.
Path = str | OuterRef | Combinable


def address_of(url_path: str) -> str:
    """The address that people type, from a page's ``url_path``: the first step, the home page, falls away."""
    return url_path[url_path.index("/", 1) :]


def slug_of(url_path: str) -> str:
    """The last step of a ``url_path``."""
    return url_path.rstrip("/").rpartition("/")[2]


def openings_of(path: Path, *, user: User, day: dt.date) -> "MembershipQuerySet":
    """Standing memberships of ``user`` whose setting may open the section at ``path`` on the London ``day``.

    ``path`` is a tree path or an expression for one. This is the one place where access is worked out. Asked
    with Exists, PostgreSQL would begin with every setting that rents the course; so with the asker's instead.
    """
    live = opening_terms(path, day=day)
    standing = Membership.objects.standing().for_user(user)
    return standing.alias(opening_term=Subquery(live.values("pk")[:1])).filter(opening_term__isnull=False)


def opening_terms(path: Path, *, day: dt.date) -> "TermQuerySet":
    """The terms that open the section at ``path`` to the setting of a membership, on the London ``day``."""
    return Term.objects.opening_on(day).filter(
        rental__care_setting=OuterRef("care_setting"),
        rental__product__product_sections__section_page__path=path,
    )


def last_end(path: Path, *, day: dt.date) -> "models.QuerySet":
    """The end of the last of ``opening_terms``, as a query of one value."""
    return opening_terms(path, day=day).order_by("-ends_on").values("ends_on")[:1]


class JSONList(Aggregate):
    """The values of all rows as one JSON list, so that a query about pages can bring other rows along."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """SQLite's name for it."""
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)


# What the gate and the pages behind it read of a membership and its setting.
MEMBERSHIP_FIELDS = (
    "id",
    "user_id",
    "care_setting_id",
    "is_owner",
    "is_manager",
    "is_facilitator",
    "is_practitioner",
    "left_at",
)
CARE_SETTING_FIELDS = ("id", "name", "slug", "kind", "safeguarding_lead_name", "safeguarding_lead_contact")


def openings_as_json(path: Path, *, user: User, day: dt.date) -> Subquery:
    """``openings_of`` as one JSON list in another query's row; ``courses.gate.read_openings`` reads it.

    Each with ``term_ends_on``, the end of the last term that opens it, for the banner of the days of grace.
    """
    one = JSONObject(
        term_ends_on=Subquery(last_end(path, day=day)),
        **{name: F(name) for name in MEMBERSHIP_FIELDS},
        care_setting=JSONObject(**{name: F(f"care_setting__{name}") for name in CARE_SETTING_FIELDS}),
    )
    openings = openings_of(path, user=user, day=day).order_by().values("user_id")
    return Subquery(openings.annotate(all=JSONList(one)).values("all"), output_field=JSONField())


def rows_as_json(model: type[Page], relation: str, *fields: str) -> Subquery:
    """The ordered child rows of a page as one JSON list in its own row; ``read_rows`` puts them in order."""
    key = model._meta.get_field(relation).field
    rows = key.model.objects.filter(**{key.name: OuterRef("pk")}).order_by().values(key.attname)
    one = JSONObject(sort_order=F("sort_order"), pk=F("pk"), **{name: F(name) for name in fields})
    return Subquery(rows.annotate(all=JSONList(one)).values("all"), output_field=JSONField())


def read_rows(page: Page, annotation: str, relation: str) -> list:
    """The child rows that the page's query brought along, else those that hang on it, as in a preview."""
    if not hasattr(page, annotation):
        return list(getattr(page, relation).all())
    return sorted(getattr(page, annotation) or [], key=lambda row: (row["sort_order"] or 0, row["pk"]))


def section_state(section_path: Combinable) -> Subquery:
    """Which live pages lie in the section at ``section_path``, in which order, and when they last changed.

    Read from the pages themselves, so that it holds however a page was changed: by an author, a workflow or a
    command. What changes without a page (a film gets ready) is noted by ``courses.services.note_change``. The
    range says "path starts with" in a way that the index on the path can answer for an expression.
    """
    within = Q(path__gte=section_path, path__lte=Concat(section_path, Value("ZZZZZZZZ")))
    course = Q(path=Substr(section_path, 1, COURSE_PATH_LENGTH))
    state = JSONObject(
        pages=Count("pk"),
        order=Sum(F("pk") * Ord(Right("path", 1))),
        published_at=Max("last_published_at"),
        changed_at=Max("sectionpage__contents_changed_at"),
    )
    pages = Page.objects.live().filter(within | course).order_by()
    one_group = pages.annotate(group=F("live")).values("group")
    return Subquery(one_group.annotate(state=state).values("state"), output_field=TextField())


# What a session page reads of its row while its body is kept, in the order of the model's columns.
SESSION_FIELDS = (
    "id",
    "path",
    "depth",
    "live",
    "title",
    "slug",
    "content_type_id",
    "url_path",
    "page_ptr_id",
)


@kept("model", "day", "grace_days")
def session_rows(
    *, model: type[Page], url_path: str, slug: str, user_id: int, day: dt.date, grace_days: int
) -> models.QuerySet:
    """A session with its section's state and the asker's openings.

    What billing's rule of which terms open reads besides the day, it is kept by: the days of grace.
    """
    pages = model.objects.at_url_path(url_path, slug=slug).with_section_state()
    found = pages.with_openings(user=User(pk=user_id), day=day)
    return found.order_by().values_list(*SESSION_FIELDS, "section_state", "openings_json")[:1]


def count_unwritten() -> Coalesce:
    """For a queryset of products: how many announced sessions, of all it opens, are not published yet."""
    product = Product.objects.filter(pk=OuterRef(OuterRef("pk")))
    opened = product.values("product_sections__section_page__path")
    sessions = (
        Page.objects.filter(live=False, sessionpage__is_announced=True)
        .annotate(path_of_section=Substr("path", 1, SECTION_PATH_LENGTH))
        .filter(path_of_section__in=opened)
        .order_by()
        .values(group=Value(1))
        .annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(sessions.values("number")), 0)


def unwritten_sessions_of(product: Product) -> int:
    """How many announced sessions, of all that one product opens, are not published yet."""
    counted = Product.objects.filter(pk=product.pk).annotate(unwritten_count=count_unwritten())
    return counted.values_list("unwritten_count", flat=True).get()


def products_of(path: str) -> models.QuerySet[Product]:
    """What can be rented now that opens the section, or any section of the course, at a tree ``path``.

    Each with ``section_count``: in how many sections below ``path`` it opens, and ``unwritten_count``: how
    many announced sessions of all that it opens are still being written. Cheapest first.
    """
    return (
        Product.objects.on_sale()
        .filter(product_sections__section_page__path__startswith=path)
        .annotate(section_count=Count("product_sections"), unwritten_count=count_unwritten())
        .cheapest_first()
    )


def rentals_of(path: str, care_setting_ids: list[int]) -> models.QuerySet[Rental]:
    """Rentals, running or over, by which these settings opened the section at a tree ``path``."""
    return Rental.objects.filter(
        care_setting__in=care_setting_ids, product__product_sections__section_page__path=path
    )


def outline_below(path: str) -> models.QuerySet[Page]:
    """Sections and sessions at or below a tree ``path``, in order, as dictionaries for the catalogue.

    Live ones, and sessions that are announced while they are being written.
    """
    return (
        Page.objects.filter(Q(live=True) | Q(sessionpage__is_announced=True))
        .filter(path__startswith=path, depth__in=(5, 6))
        .order_by("path")
        .values(
            "path",
            "depth",
            "title",
            "url_path",
            "live",
            section_aim=F("sectionpage__aim"),
            section_blurb=F("sectionpage__blurb"),
            session_blurb=F("sessionpage__blurb"),
            session_minutes=F("sessionpage__minutes"),
        )
    )


class PublicPageQuerySet(PageQuerySet):
    """Pages by the address that people type."""

    def at_address(self, address: str) -> Self:
        """The live page at an address such as "/courses/<course>/", found by its slug, which has an index."""
        url_path = HOME_ADDRESS + address
        return self.at_url_path(url_path, slug=slug_of(url_path))

    def at_url_path(self, url_path: str, *, slug: str) -> Self:
        """The live page at a ``url_path``, of which ``slug`` is the last step."""
        return self.live().filter(slug=slug, url_path=url_path)


class CoursePageQuerySet(PublicPageQuerySet):
    """Courses."""

    def in_catalogue(self) -> Self:
        """What anyone may read, in the authors' order."""
        return self.live().order_by("path")

    def above(self, path: str) -> Self:
        """The course that the page at a tree ``path`` lies in."""
        return self.filter(path=path[:COURSE_PATH_LENGTH])

    def with_words(self) -> Self:
        """Each with ``outcome_rows`` and ``question_rows``, which cost no query of their own."""
        return self.annotate(
            outcome_rows=rows_as_json(self.model, "outcomes", "text"),
            question_rows=rows_as_json(self.model, "questions", "question", "answer"),
        )

    def with_price_from(self) -> Self:
        """Each with ``price_minor`` and ``currency`` of the cheapest way in; None when nothing is on sale."""
        cheapest = (
            Product.objects.on_sale()
            .filter(product_sections__section_page__path__startswith=OuterRef("path"))
            .cheapest_first()
        )
        return self.annotate(
            price_minor=Subquery(cheapest.values("price_minor")[:1]),
            currency=Subquery(cheapest.values("currency")[:1]),
        )


class SectionPageQuerySet(PublicPageQuerySet):
    """Sections."""

    def open_to(self, user: User, day: dt.date) -> Self:
        """Sections that the person may open on a London ``day``."""
        return self.live().filter(Exists(openings_of(OuterRef(OuterRef("path")), user=user, day=day)))

    def at_or_below(self, path: str) -> Self:
        """The section at a tree ``path``, or the sections of the course there."""
        return self.filter(path__startswith=path)

    def around(self, path: str) -> Self:
        """The section that the page at ``path`` lies in, or all sections below that page."""
        if len(path) >= SECTION_PATH_LENGTH:
            return self.filter(path=path[:SECTION_PATH_LENGTH])
        return self.filter(path__startswith=path)

    def in_order(self) -> Self:
        """In the authors' order."""
        return self.order_by("path")


class SessionPageQuerySet(PublicPageQuerySet):
    """Sessions."""

    def in_order(self) -> Self:
        """In the authors' order."""
        return self.order_by("path")

    def in_course(self, course_path: str) -> Self:
        """Sessions of the course at a tree path."""
        return self.live().filter(path__startswith=course_path)

    def with_section_state(self) -> Self:
        """Each with ``section_state``, which changes whenever anything shown in its section has changed."""
        return self.annotate(section_state=section_state(Substr(OuterRef("path"), 1, SECTION_PATH_LENGTH)))

    def with_openings(self, *, user: User, day: dt.date) -> Self:
        """Each with ``openings_json``, which saves the gate its own query."""
        section_path = Substr(OuterRef(OuterRef("path")), 1, SECTION_PATH_LENGTH)
        return self.annotate(openings_json=openings_as_json(section_path, user=user, day=day))

    def find_fast(self, address: str, *, user: User, day: dt.date) -> "SessionPage | None":
        """``at_address(address).with_section_state().with_openings(…).first()``, put together only once.

        SESSION_FIELDS are there; any other is loaded when it is asked for. ``user`` is somebody signed in.
        """
        url_path, grace_days = HOME_ADDRESS + address, settings.BILLING_GRACE_DAYS
        asked = {"url_path": url_path, "slug": slug_of(url_path), "user_id": user.pk}
        for *row, state, openings in session_rows(model=self.model, day=day, grace_days=grace_days, **asked):
            page = self.model.from_db("default", SESSION_FIELDS, row)
            page.section_state, page.openings_json = state, openings
            return page
        return None


class ProductSectionQuerySet(models.QuerySet):
    """What products open."""

    def in_order(self) -> Self:
        """By section, then product."""
        return self.order_by("section_page__path", "product__name")

    def rented(self) -> Self:
        """Those whose product some setting has rented: taking one away would close what was paid for."""
        return self.filter(Exists(Rental.objects.filter(product=OuterRef("product"))))


PublicPageManager = PageManager.from_queryset(PublicPageQuerySet)
CoursePageManager = PageManager.from_queryset(CoursePageQuerySet)
SectionPageManager = PageManager.from_queryset(SectionPageQuerySet)
SessionPageManager = PageManager.from_queryset(SessionPageQuerySet)
