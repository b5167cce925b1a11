"""How papers are found, and the term that stands on them."""

import datetime as dt
from typing import TYPE_CHECKING

from wagtail.models import PageManager

from billing.models import Term
from billing.querysets import TermQuerySet
from courses.querysets import PublicPageQuerySet

if TYPE_CHECKING:
    from teams.models import CareSetting


def terms_for_printing(care_setting: "CareSetting", *, section_path: str, day: dt.date) -> TermQuerySet:
    """Terms in force that open the section at a tree path to the setting on a London ``day`` or later.

    The one that ends last comes first: an early renewal is already counted in.
    """
    return (
        Term.objects.counting()
        .in_force()
        .filter(
            ends_on__gt=day,
            rental__care_setting=care_setting,
            rental__product__product_sections__section_page__path=section_path,
        )
        .order_by("-ends_on")
    )


PrintedPageManager = PageManager.from_queryset(PublicPageQuerySet)
