"""The join link on the staff-room wall: asking to join, and a manager's answer."""

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from elearning.mail import send_mail_template
from teams import tokens
from teams.models import CareSetting, Invitation, JoinLink, JoinRequest, Membership, Team
from teams.refusals import Refusal
from teams.services.memberships import enrol

ASK_AGAIN_AFTER = dt.timedelta(days=1)


class AlreadyMember(Refusal):
    """They are in."""

    reason = "You work here already."


class AlreadyAsked(Refusal):
    """One request at a time."""

    reason = "You have asked already. A manager will answer."


class DeclinedLately(Refusal):
    """A no is a no, for a day."""

    reason = "A manager has said no to this. If you think that it is a mistake, talk to them."


class AlreadyDecided(Refusal):
    """Another manager was quicker."""

    reason = "Somebody has answered this request already."


@transaction.atomic
def get_join_link(*, care_setting: CareSetting, now: dt.datetime) -> JoinLink:
    """The setting's join link, made if it has none."""
    link, _ = JoinLink.objects.get_or_create(care_setting=care_setting, defaults={"created_at": now})
    return link


@transaction.atomic
def replace_join_link(*, actor: User, care_setting: CareSetting, now: dt.datetime) -> JoinLink:
    """Give the setting a new join link; the old one, and every poster with it, stops working."""
    link, _ = JoinLink.objects.select_for_update().get_or_create(care_setting=care_setting)
    link.code = tokens.new_join_code()
    link.created_at = now
    link.save(update_fields=["code", "created_at"])
    audit.record("join_link.replaced", actor=actor, care_setting=care_setting)
    return link


@transaction.atomic
def ask_to_join(*, user: User, join_link: JoinLink, now: dt.datetime) -> JoinRequest:
    """Note that the person wants to join, and write to the setting's owners and managers.

    Raises AlreadyMember, AlreadyAsked or DeclinedLately.
    """
    care_setting = join_link.care_setting
    members = Membership.objects.in_care_setting(care_setting).standing()
    if members.for_user(user).exists():
        raise AlreadyMember
    requests = JoinRequest.objects.in_care_setting(care_setting).by_person(user)
    if requests.declined_since(now - ASK_AGAIN_AFTER).exists():
        raise DeclinedLately
    try:
        with transaction.atomic():
            request = JoinRequest.objects.create(care_setting=care_setting, user=user, created_at=now)
    except IntegrityError:
        raise AlreadyAsked from None
    for manager in members.managing().select_related("user"):
        send_mail_template("teams/join_request", to=manager.user, join_request=request, manager=manager.user)
    audit.record("join_request.made", actor=user, care_setting=care_setting, join_request=request)
    return request


@transaction.atomic
def approve_join_request(
    *, actor: User, join_request: JoinRequest, role: str, teams: Iterable[Team], now: dt.datetime
) -> Membership:
    """Let the person in and write to them. Raises AlreadyDecided."""
    care_setting = CareSetting.objects.select_for_update().get(pk=join_request.care_setting_id)
    join_request = _decide(join_request, actor, now, is_approved=True)
    membership = enrol(user=join_request.user, care_setting=care_setting, role=role, teams=teams, now=now)
    letters = Invitation.objects.in_care_setting(care_setting).waiting()
    letters.for_emails([join_request.user.email]).update(withdrawn_at=now)
    send_mail_template("teams/join_approved", to=join_request.user, care_setting=care_setting)
    audit.record("join_request.approved", actor=actor, join_request=join_request, membership=membership)
    return membership


@transaction.atomic
def decline_join_request(*, actor: User, join_request: JoinRequest, now: dt.datetime) -> JoinRequest:
    """Say no. The person is not written to: a manager tells them. Raises AlreadyDecided."""
    CareSetting.objects.select_for_update().get(pk=join_request.care_setting_id)
    join_request = _decide(join_request, actor, now, is_approved=False)
    audit.record("join_request.declined", actor=actor, join_request=join_request)
    return join_request


def _decide(join_request: JoinRequest, actor: User, now: dt.datetime, *, is_approved: bool) -> JoinRequest:
    fresh = JoinRequest.objects.select_for_update().get(pk=join_request.pk)
    if fresh.decided_at is not None:
        raise AlreadyDecided
    fresh.decided_at = now
    fresh.decided_by = actor
    fresh.is_approved = is_approved
    fresh.save(update_fields=["decided_at", "decided_by", "is_approved"])
    return fresh
