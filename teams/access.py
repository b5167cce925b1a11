"""How a view of a setting learns who is asking: membership is read on every request."""

from django.http import Http404, HttpRequest

from teams.models import Membership


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
