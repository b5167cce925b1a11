"""What is counted beforehand, because a page shows it all day and it changes seldom."""

from django.db import models

from courses.models import SessionPage
from practice.querysets import SessionTallyQuerySet
from teams.models import CareSetting


class SessionTally(models.Model):
    """How many people of a setting finished a reflection on a session: a number, never who.

    Somebody who left still counts, whose words are in their journal; somebody whose finished answers are all
    removed does not. ``SessionTally.objects.recount`` runs in the transaction that finishes an answer; when
    one is deleted, also with the person who wrote it, a trigger counts again (migration 0004, and on
    PostgreSQL 0005).
    """

    care_setting = models.ForeignKey(CareSetting, on_delete=models.CASCADE, related_name="session_tallies")
    session_page = models.ForeignKey(SessionPage, on_delete=models.CASCADE, related_name="tallies")
    people = models.PositiveIntegerField(default=0)

    objects = SessionTallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "session tallies"
        constraints = [
            models.UniqueConstraint(
                fields=["care_setting", "session_page"], name="practice_session_tally_once"
            ),
        ]

    def __str__(self) -> str:
        return f"tally {self.pk}"
