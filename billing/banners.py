"""What the pages of a setting say above all else to those who look after its rentals."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from billing import services
from billing.policies import may_rent_for
from elearning.periods import london_day
from teams.models import Membership


def draw_grace_banner(
    membership: Membership | None, rentals: Iterable[services.RentalSummary] | None = None
) -> SafeString:
    """What has ended and is open for some days yet, for those who can renew it; nothing for others.

    A lesson page knows from its own query until when it is open (``term_ends_on``) and asks nothing more; a
    page that has listed the setting's ``rentals`` hands them over. Any other costs one query, for managers.
    """
    if membership is None or not may_rent_for(membership):
        return mark_safe("")
    today = london_day(timezone.now())
    ended = None
    if hasattr(membership, "term_ends_on"):
        ended, rentals = services.find_grace(membership.term_ends_on, today), []
    elif rentals is None:
        rentals = services.rental_summary(membership.care_setting, today)
    in_grace = [one for one in rentals or () if one.is_in_grace]
    if not (ended or in_grace):
        return mark_safe("")
    context = {"care_setting": membership.care_setting, "ended": ended, "rentals": in_grace}
    return render_to_string("billing/_grace_banner.html", context)
