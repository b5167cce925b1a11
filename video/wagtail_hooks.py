"""Films in Wagtail's menu, the addresses of their pages, and the words of their history."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from video import viewsets
from video.models import Clip
from video.services import delete_files

register_snippet(viewsets.ClipViewSet)


@hooks.register("register_admin_urls")
def film_addresses() -> list[URLPattern]:
    """Addresses below /admin/."""
    return [
        path("films/<int:pk>/poster/", viewsets.author_poster, name="video_author_poster"),
        path("films/<int:pk>/film/", viewsets.author_film, name="video_author_film"),
        path("films/<int:pk>/again/", viewsets.try_again, name="video_try_again"),
        path("films/<int:pk>/consent/", viewsets.consent, name="video_consent"),
    ]


@hooks.register("register_log_actions")
def consent_actions(actions: LogActionRegistry) -> None:
    """Name what is kept of consents."""
    actions.register_action(
        "video.withdraw_consent", "Withdraw consent", "Withdrew the film: consent taken back"
    )
    actions.register_action(
        "video.restore_consent", "Restore consent", "Showed the film again: consent given"
    )


@hooks.register("after_delete_snippet")
def delete_files_of_films(request: HttpRequest, instances: list) -> None:
    """A deleted film leaves no file behind."""
    for instance in instances:
        if isinstance(instance, Clip):
            delete_files(clip=instance)
