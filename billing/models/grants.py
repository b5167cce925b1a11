"""What became of rentals that staff gave without payment."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from billing.models.rentals import Term


class GrantTakenBack(models.Model):
    """A granted term that staff ended, and why. Never changed afterwards."""

    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="taken_back")
    reason = models.CharField(max_length=300)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="billing_grant_taken_back_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"end of term {self.term_id}"
