"""How a view of a setting learns who is asking: membership is read on every request."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from teams import policies
from teams.models import Membership

ONLY_MANAGERS = (
    "Only an owner or a manager of your setting can do this. Ask one of them: the list of people says who."
)


def get_membership_or_404(request: HttpRequest, slug: str) -> Membership:
    """Return the asker's standing membership of the setting ``slug``, with the setting, in one query.

    Not a member and no such setting answer alike: Http404. The result is kept as ``request.membership``.
    """
    membership = (
        Membership.objects.standing()
        .for_user(request.user)
        .select_related("care_setting")
        .filter(care_setting__slug=slug)
        .first()
    )
    if membership is None:
        raise Http404("No such setting.")
    request.membership = membership
    return membership


def get_manager_or_403(request: HttpRequest, slug: str) -> Membership:
    """As above, for pages where people and teams are looked after: others get a 403 that says why."""
    membership = get_membership_or_404(request, slug)
    if not policies.may_manage_people(membership):
        raise PermissionDenied(ONLY_MANAGERS)
    return membership
