"""What one person thinks, for themselves and for whom they choose. Read through ``visible_to`` only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.models import ReflectivePrompt, SessionPage
from practice.querysets import ReflectionCopyQuerySet, ReflectionQuerySet
from teams.models import CareSetting, Team

REFLECTION_LIMIT = 5000  # characters; far more than anyone writes in a break


class Reflection(models.Model):
    """One person's answer to one prompt in one setting; private until they share it (R48).

    The title and the question are kept, so that the words still make sense when an author has changed the
    course. ``__str__`` never quotes the text: it may end up in a log.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Still writing"
        SENT = "sent", "Finished"

    class SharedWith(models.TextChoices):
        NOBODY = "nobody", "Only me"
        FACILITATOR = "facilitator", "Facilitators"
        TEAM = "team", "Team"

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reflections")
    care_setting = models.ForeignKey(CareSetting, on_delete=models.PROTECT, related_name="reflections")
    session_page = models.ForeignKey(
        SessionPage, null=True, on_delete=models.SET_NULL, related_name="reflections"
    )
    session_title = models.CharField(max_length=255)
    prompt = models.ForeignKey(
        ReflectivePrompt, null=True, on_delete=models.SET_NULL, related_name="reflections"
    )
    prompt_text = models.CharField(max_length=300)
    text = models.TextField(max_length=REFLECTION_LIMIT)
    version = models.PositiveIntegerField(default=1, help_text="Goes up with every change of the text.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    shared_with = models.CharField(max_length=20, choices=SharedWith, default=SharedWith.NOBODY)
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The team, or the team whose facilitators, may read it.",
    )
    shared_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "care_setting", "prompt"], name="practice_reflection_once_per_prompt"
            ),
            models.CheckConstraint(
                condition=Q(shared_with="team", team__isnull=False)
                | Q(shared_with="facilitator")
                | Q(shared_with="nobody", team__isnull=True),
                name="practice_reflection_shared_with_somebody",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="practice_reflection_says_something"),
        ]
        indexes = [
            models.Index(fields=["care_setting", "shared_with"], name="practice_reflection_shared"),
            models.Index(
                fields=["care_setting", "session_page", "author"],
                condition=Q(status="sent"),
                name="practice_reflection_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"reflection {self.pk}"

    @property
    def is_shared(self) -> bool:
        """Whether anybody but the author may read it."""
        return self.shared_with != self.SharedWith.NOBODY

    @property
    def is_finished(self) -> bool:
        """Whether the author has said that they are done."""
        return self.status == self.Status.SENT


class ReflectionCopy(models.Model):
    """Words of the author that did not become the text: from a second tab, or after access had ended."""

    class Reason(models.TextChoices):
        CLASH = "clash", "Written in another tab"
        ACCESS_ENDED = "access_ended", "Written when access had ended"

    reflection = models.ForeignKey(Reflection, on_delete=models.CASCADE, related_name="copies")
    text = models.TextField(max_length=REFLECTION_LIMIT)
    reason = models.CharField(max_length=20, choices=Reason, default=Reason.CLASH)
    kept_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReflectionCopyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"copy {self.pk} of reflection {self.reflection_id}"
