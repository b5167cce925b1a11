"""Who may open lesson pages."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from courses.models import GatedPage
    from teams.models import Membership


def may_open_lesson(opening: "Membership | None", page: "GatedPage") -> bool:
    """Members of a setting with a live term; a guide only for those who lead (R23, R102).

    ``opening`` is what ``courses.gate.find_opening`` found. A sample (``page.is_sample``) is open to
    everybody, signed in or not. Whatever gives out a part's files asks this function and no other.
    """
    if page.is_sample and not page.is_for_leaders:
        return True
    return opening is not None and opening.is_standing and (opening.leads or not page.is_for_leaders)


def may_preview_lessons(user: "User") -> bool:
    """Editors and provider staff see drafts in Wagtail's preview."""
    return user.is_authenticated and user.is_active and user.has_perm("wagtailadmin.access_admin")
