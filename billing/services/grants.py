"""Taking back what was granted: the term ends now, and who did it and why is kept."""

import datetime as dt
import logging
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log as audit

from billing.models import GrantTakenBack, Rental, Term
from billing.services.decisions import CannotDecideError

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("billing")


@transaction.atomic
def take_back_grant(*, term: Term, reason: str, actor: "User", now: dt.datetime) -> GrantTakenBack:
    """End a granted term at once: nothing of it is open any more, and it has no days of grace.

    Terms that were paid for end by a refund instead. Raises CannotDecideError with words for staff.
    """
    rental = Rental.objects.select_for_update().get(pk=term.rental_id)
    locked = rental.terms.granted().filter(pk=term.pk).first()
    if locked is None:
        raise CannotDecideError("This was not granted but paid for. To end it, give the money back.")
    if locked.revoked_at:
        raise CannotDecideError("It was taken back already.")
    locked.revoked_at = now
    locked.save(update_fields=["revoked_at"])
    taken = GrantTakenBack.objects.create(term=locked, reason=reason, taken_back_by=actor, taken_back_at=now)
    audit(locked, "billing.term.taken_back", user=actor)
    log.info("grant taken back", extra={"term": locked.pk, "by": actor.pk})
    return taken
