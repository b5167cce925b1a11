"""What a facilitator reads and prints."""

from typing import ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel

from courses.models import SessionPartPage


class GuidePage(SessionPartPage):
    """The timed plan for leading a session."""

    aim = models.CharField(max_length=300)

    part = "guide"
    is_for_leaders = True
    card_template = "facilitator_guides/_guide_card.html"
    content_panels: ClassVar = [*SessionPartPage.content_panels, FieldPanel("aim")]
    template = "facilitator_guides/guide_page.html"

    class Meta:
        verbose_name = "facilitator guide"


class TaskSheetPage(SessionPartPage):
    """A printable activity for participants."""

    purpose = models.CharField(max_length=300)

    part = "task_sheet"
    card_template = "facilitator_guides/_task_sheet_card.html"
    content_panels: ClassVar = [*SessionPartPage.content_panels, FieldPanel("purpose")]
    template = "facilitator_guides/task_sheet_page.html"

    class Meta:
        verbose_name = "task sheet"
