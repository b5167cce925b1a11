"""Who may play films, and who may look after them."""

from typing import TYPE_CHECKING

from courses.policies import may_open_lesson, may_preview_lessons

if TYPE_CHECKING:
    from accounts.models import User
    from teams.models import Membership
    from video.models import Clip, ClipPage


def may_play_clip(user: "User", opening: "Membership | None", clip_page: "ClipPage") -> bool:
    """Whoever may open the page, once it is live; editors and provider staff also in a preview.

    Whether the film itself may be shown, ``may_show_film`` says.
    """
    return may_preview_lessons(user) or (clip_page.live and may_open_lesson(opening, clip_page))


def may_show_film(clip: "Clip") -> bool:
    """No one sees a film from which somebody filmed has withdrawn (trust.md, promise 3)."""
    return clip.has_consent


def may_withdraw_consent(user: "User") -> bool:
    """Whoever may change films may stop one being shown."""
    return user.has_perm("video.change_clip")
