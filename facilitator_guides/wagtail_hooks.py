"""What Wagtail asks before guides go live without a form: when many pages are published at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from facilitator_guides.models import GuidePage
from facilitator_guides.publishing import time_refusal_of


@hooks.register("before_bulk_action")
def refuse_guides_that_do_not_fill_the_session(
    request: HttpRequest, action_type: str, objects: list, action_class_instance: object
) -> HttpResponse | None:
    """Publish nothing when a guide among or below the chosen pages does not fill its session (R28)."""
    if action_type != "publish" or not objects or not isinstance(objects[0], Page):
        return None
    guides = GuidePage.objects.filter(pk__in=[page.pk for page in objects])
    if action_class_instance.cleaned_form.cleaned_data.get("include_descendants"):
        for page in objects:
            guides |= GuidePage.objects.descendant_of(page).not_live()
    drafts = [guide_page.get_latest_revision_as_object() for guide_page in guides]
    refusals = [f"“{draft.title}”: {refusal}" for draft in drafts if (refusal := time_refusal_of(draft))]
    if not refusals:
        return None
    messages.error(request, f"Nothing was published. {' '.join(refusals)}")
    return redirect("wagtailadmin_explore", objects[0].get_parent().pk)
