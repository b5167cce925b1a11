"""Who may open lesson pages."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from courses.models import GatedPage
    from teams.models import Membership


def may_open_lesson(opening: "Membership | None", page: "GatedPage") -> bool:
    """Members of a setting with a live term; a guide only for those who lead (R23, R102)."""
    return opening is not None and opening.is_standing and (opening.leads or not page.is_for_leaders)


def may_preview_lessons(user: "User") -> bool:
    """Editors and provider staff see drafts in Wagtail's preview."""
    return user.is_authenticated and user.is_active and user.has_perm("wagtailadmin.access_admin")
