"""What authors see of films in Wagtail: a list, a form, and a page that shows how far a film is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import CreateView, EditView, InspectView, SnippetViewSet

from video.addresses import address_of_file
from video.forms import ClipForm
from video.models import Clip
from video.policies import may_withdraw_consent
from video.services import (
    prepare_again,
    replace_captions,
    restore_consent,
    take_upload,
    withdraw_consent,
)


def status_address(clip: Clip) -> str:
    """The page that shows how far a film is."""
    return reverse("wagtailsnippets_video_clip:inspect", args=[clip.pk])


class SavesByService:
    """Saves what the form has checked through the services, which queue the film."""

    def save_instance(self) -> Clip:
        """Save, queue a new film, replace captions."""
        form, actor = self.form, self.request.user
        clip = take_upload(clip=form.instance, actor=actor, is_new_film=form.has_new_film)
        if "cues" in form.cleaned_data:
            replace_captions(clip=clip, cues=form.cleaned_data["cues"], actor=actor)
        for words in getattr(form, "warnings", []):
            messages.warning(self.request, f"Captions: {words}")
        return clip

    def get_success_url(self) -> str:
        """Go and see how far it is, while it is being prepared."""
        clip = self.object
        return status_address(clip) if clip is not None and clip.is_busy else super().get_success_url()


class ClipCreateView(SavesByService, CreateView):
    """Upload a film."""


class ClipEditView(SavesByService, EditView):
    """Change what is known about a film, its captions, or the film itself."""


class ClipStatusView(InspectView):
    """How far a film is, its poster, its words, and whether it may be shown. Looks again by itself."""

    page_title = "Film"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Add what may be done with it."""
        context = super().get_context_data(**kwargs)
        clip = self.object
        return {
            **context,
            "clip": clip,
            "may_withdraw": may_withdraw_consent(self.request.user),
            "pages": clip.clip_pages.in_order(),
            "renditions": clip.renditions.in_ladder_order(),
        }


class ClipViewSet(SnippetViewSet):
    """Films. Sold films never lie in Wagtail's documents: those have a door of their own."""

    model = Clip
    icon = "media"
    menu_label = "Films"
    menu_name = "films"
    menu_order = 220
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    add_view_class = ClipCreateView
    edit_view_class = ClipEditView
    inspect_view_class = ClipStatusView
    inspect_template_name = "video/admin/film.html"
    list_display = (
        "title",
        Column("get_state_display", label="State", accessor=lambda clip: state_in_words(clip)),
        Column("length", label="Length", accessor="length"),
        Column("captions", label="Captions", accessor=lambda clip: "Yes" if clip.cues else "None yet"),
    )
    list_filter = ("state",)
    search_fields = ("title",)
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("upload"),
            FieldPanel("captions_file"),
            MultiFieldPanel(
                [FieldPanel("age_range"), FieldPanel("kind_of_setting")], heading="Where it was filmed"
            ),
            MultiFieldPanel(
                [FieldPanel("is_description_needed"), FieldPanel("description_reason")],
                heading="For people who do not see it",
            ),
            FieldPanel("consent_reference"),
        ],
        base_form_class=ClipForm,
    )

    def get_queryset(self, request: HttpRequest):
        """Newest first."""
        return Clip.objects.newest_first()


def state_in_words(clip: Clip) -> str:
    """The state as the list tells it."""
    if not clip.has_consent:
        return "Not shown: consent withdrawn"
    if clip.state == Clip.State.PROCESSING:
        return f"{clip.get_state_display()}: {clip.progress} %"
    return clip.get_state_display()


def find_for_author(request: HttpRequest, pk: int) -> Clip:
    """The film, for whoever may change films. Raises Http404 where there is none, PermissionDenied else."""
    clip = get_object_or_404(Clip, pk=pk)
    if not request.user.has_perm("video.change_clip"):
        raise PermissionDenied("Only authors look after films. Ask the provider’s staff.")
    return clip


@require_safe
def author_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster, for authors."""
    clip = find_for_author(request, pk)
    return _send_to(request, clip, clip.poster)


@require_safe
def author_film(request: HttpRequest, pk: int) -> HttpResponse:
    """The stripped original, for authors; not once a consent is withdrawn."""
    clip = find_for_author(request, pk)
    return _send_to(request, clip, clip.original if clip.has_consent else "")


def _send_to(request: HttpRequest, clip: Clip, name: str) -> HttpResponse:
    if not name:
        raise Http404("Not there.")
    response = HttpResponseRedirect(address_of_file(request, name, clip_id=clip.pk))
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a film that failed once more."""
    clip = find_for_author(request, pk)
    if clip.state == Clip.State.FAILED:
        prepare_again(clip=clip, actor=request.user)
    return redirect(status_address(clip))


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then withdraw a film because a consent was taken back; or show it again."""
    clip = find_for_author(request, pk)
    if request.method != "POST":
        return render(request, "video/admin/consent.html", {"clip": clip})
    if clip.has_consent:
        withdraw_consent(clip=clip, actor=request.user, now=timezone.now())
        messages.success(request, f"“{clip.title}” is no longer shown anywhere.")
    else:
        restore_consent(clip=clip, actor=request.user)
        messages.success(request, f"“{clip.title}” is being prepared and will be shown again.")
    return redirect(status_address(clip))
