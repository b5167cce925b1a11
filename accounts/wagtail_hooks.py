"""What Wagtail may not do to people."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail import hooks

from accounts.models import User


@hooks.register("before_bulk_action")
def keep_people(
    request: HttpRequest, action_type: str, objects: Sequence[object], action_class_instance: object
) -> None:
    """Refuse to change many people at once: the list holds colleagues, an address could name anybody."""
    if objects and isinstance(objects[0], User):
        raise PermissionDenied("People are looked after one by one.")
