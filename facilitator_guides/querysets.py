"""How the paper side of a rental is found."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from wagtail.models import PageManager, Site
from wagtail.query import PageQuerySet

from billing.models import Term
from billing.querysets import TermQuerySet

if TYPE_CHECKING:
    from teams.models import CareSetting


def terms_for_printing(care_setting: "CareSetting", *, section_path: str, day: dt.date) -> TermQuerySet:
    """Unrevoked terms that open the section at a tree path to the setting on a London ``day`` or later.

    The one that ends last comes first: an early renewal is already counted in.
    """
    return (
        Term.objects.unrevoked()
        .filter(
            ends_on__gt=day,
            rental__care_setting=care_setting,
            rental__product__product_sections__section_page__path=section_path,
        )
        .order_by("-ends_on")
    )


class PrintedPageQuerySet(PageQuerySet):
    """Guides or task sheets."""

    def at_address(self, *slugs: str) -> Self:
        """The page at /<slug>/<slug>/…/ of the site."""
        roots = [root.root_path for root in Site.get_site_root_paths()]
        return self.filter(url_path__in=[f"{root}{'/'.join(slugs)}/" for root in roots])


PrintedPageManager = PageManager.from_queryset(PrintedPageQuerySet)
