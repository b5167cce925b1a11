"""How a view of a setting learns who is asking: membership is read on every request."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from accounts.models import User
from elearning.kept_sql import fields_of, kept, read_models
from teams import policies
from teams.models import CareSetting, Membership

ONLY_MANAGERS = (
    "Only an owner or a manager of your setting can do this. Ask one of them: the list of people says who."
)


def get_membership_or_404(request: HttpRequest, slug: str) -> Membership:
    """Return the asker's standing membership of the setting ``slug``, with the setting, in one query.

    Not a member and no such setting answer alike: Http404. The result is kept as ``request.membership``.
    """
    rows = _membership_rows(user_id=request.user.pk, slug=slug)
    if not rows:
        raise Http404("No such setting.")
    request.membership, care_setting = read_models(rows[0], Membership, CareSetting)
    request.membership.care_setting = care_setting
    return request.membership


@kept()
def _membership_rows(*, user_id: int, slug: str) -> QuerySet:
    mine = Membership.objects.standing().for_user(User(pk=user_id)).at(slug)
    return mine.values_list(*fields_of(Membership), *fields_of(CareSetting, "care_setting__"))[:1]


def get_manager_or_403(request: HttpRequest, slug: str) -> Membership:
    """As above, for pages where people and teams are looked after: others get a 403 that says why."""
    membership = get_membership_or_404(request, slug)
    if not policies.may_manage_people(membership):
        raise PermissionDenied(ONLY_MANAGERS)
    return membership
