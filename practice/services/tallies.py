"""Counting everything again that is counted beforehand."""

from django.db import transaction

from practice.models import Reflection, SessionTally


def recount_everything() -> int:
    """Count again, for each setting and session, how many people finished; return how many were wrong.

    Safe at any time and while people write: each number is counted in a transaction of its own.
    """
    sessions = Reflection.objects.filter(session_page__isnull=False).order_by()
    found = set(sessions.values_list("care_setting_id", "session_page_id").distinct())
    kept = set(SessionTally.objects.values_list("care_setting_id", "session_page_id"))
    return sum(_recount(*pair) for pair in sorted(found | kept))


@transaction.atomic
def _recount(care_setting_id: int, session_page_id: int) -> bool:
    """Whether the number was wrong."""
    about = SessionTally.objects.filter(care_setting_id=care_setting_id, session_page_id=session_page_id)
    before = about.select_for_update().values_list("people", flat=True).first() or 0
    SessionTally.objects.recount(care_setting_id=care_setting_id, session_page_id=session_page_id)
    return about.values_list("people", flat=True).get() != before
