"""How courses, sections and lesson pages are found, and who may open them."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Substr
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from billing.models import Term
from teams.models import Membership

if TYPE_CHECKING:
    from accounts.models import User

# The tree never changes its shape: Root / Home / Index / Course / Section / Session / part.
# So a lesson page's section is a fixed length of its path, and access needs no walk up the tree.
COURSE_PATH_LENGTH = 4 * Page.steplen
SECTION_PATH_LENGTH = 5 * Page.steplen


def openings_of(path, *, user: "User", day: dt.date):
    """Standing memberships of ``user`` whose setting rents, on the London ``day``, the section at ``path``.

    ``path`` is a tree path or an expression for one. This is the one place where access is worked out.
    """
    live = Term.objects.live_on(day).filter(
        rental__care_setting=OuterRef("care_setting"),
        rental__product__product_sections__section_page__path=path,
    )
    return Membership.objects.standing().for_user(user).filter(Exists(live))


class CoursePageQuerySet(PageQuerySet):
    def in_catalogue(self) -> Self:
        """What anyone may read, in the authors' order."""
        return self.live().order_by("path")


class SectionPageQuerySet(PageQuerySet):
    def open_to(self, user: "User", day: dt.date) -> Self:
        """Sections that the person may open on a London ``day``."""
        return self.live().filter(Exists(openings_of(OuterRef(OuterRef("path")), user=user, day=day)))

    def in_order(self) -> Self:
        """In the authors' order."""
        return self.order_by("path")


class SessionPageQuerySet(PageQuerySet):
    def in_order(self) -> Self:
        """In the authors' order."""
        return self.order_by("path")

    def in_course(self, course_path: str) -> Self:
        """Sessions of the course at a tree path."""
        return self.live().filter(path__startswith=course_path)

    def with_opening(self, *, user: "User", day: dt.date, preferred_slug: str = "") -> Self:
        """Each with ``opening_id``: a membership that opens it, the preferred setting's first, else None."""
        section_path = Substr(OuterRef(OuterRef("path")), 1, SECTION_PATH_LENGTH)
        openings = openings_of(section_path, user=user, day=day)
        return self.annotate(
            opening_id=Subquery(
                openings.order_by((~Q(care_setting__slug=preferred_slug)).asc(), "pk").values("pk")[:1]
            )
        )


CoursePageManager = PageManager.from_queryset(CoursePageQuerySet)
SectionPageManager = PageManager.from_queryset(SectionPageQuerySet)
SessionPageManager = PageManager.from_queryset(SessionPageQuerySet)
