"""What Wagtail asks before a guide goes live without a form, as when many pages are published at once."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from facilitator_guides.models import GuidePage
from facilitator_guides.publishing import refuse_wrong_times


@hooks.register("before_publish_page")
def refuse_guides_that_do_not_fill_the_session(request: HttpRequest, page: Page) -> None:
    """Stop the publishing with a sentence that says both numbers."""
    if isinstance(page.specific, GuidePage):
        refuse_wrong_times(page.specific)
