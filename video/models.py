"""Films as files and as pages."""

from typing import ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel

from courses.models import SessionPartPage


class ClipPage(SessionPartPage):
    """An observation clip placed in a session."""

    what_to_look_for = models.CharField(max_length=300)

    part = "clip"
    card_template = "video/_clip_card.html"
    content_panels: ClassVar = [*SessionPartPage.content_panels, FieldPanel("what_to_look_for")]
    template = "video/clip_page.html"

    class Meta:
        verbose_name = "clip page"
