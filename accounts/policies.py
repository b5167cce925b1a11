"""What a person may do beyond their own account."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def is_provider_staff(user: "User | AnonymousUser") -> bool:
    """Whether the person works for the provider: staff, or with a way into Wagtail's admin."""
    return bool(user.is_authenticated and (user.is_staff or user.has_perm("wagtailadmin.access_admin")))
