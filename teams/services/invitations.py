"""Letters that let one person in: sent, sent again, withdrawn, accepted."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.services import has_verified_address
from elearning.mail import send_mail_template
from teams import tokens
from teams.models import CareSetting, Invitation, Membership, Team
from teams.refusals import Refusal
from teams.services.memberships import enrol

INVITATION_LIFE = dt.timedelta(days=7)
# Far more than anybody means to send, so that nobody has us send junk to strangers.
LETTERS_A_DAY = 500  # of one person, in all settings together
RESEND_AFTER = dt.timedelta(minutes=10)


class InvitationOver(Refusal):
    """Expired, used, withdrawn, or meant for another address: the page is the same for all four."""

    reason = "This invitation cannot be used. Ask your manager for a new one."


class TooManyLetters(Refusal):
    """Somebody invited hundreds of people within a day."""

    reason = (
        f"You can send {LETTERS_A_DAY} invitations in 24 hours, and these would be more. Send the rest "
        "tomorrow, or give people your join link: it needs no letters."
    )


class SentJustNow(Refusal):
    """A letter is on its way already."""

    reason = (
        "It was sent a few minutes ago. Ask them to look among their junk mail, or try again in 10 minutes."
    )


class InviteOutcome(NamedTuple):
    """What became of a list of addresses."""

    sent: list[Invitation]
    refused: dict[str, str]


@transaction.atomic
def invite_people(
    *,
    actor: User,
    care_setting: CareSetting,
    emails: Iterable[str],
    role: str,
    teams: Iterable[Team] = (),
    now: dt.datetime,
) -> InviteOutcome:
    """Send a letter to each address; say of the others why not (works here already, is invited already).

    A letter that ran out is sent anew. The same address twice in the list counts once. Raises TooManyLetters,
    and then none is sent.
    """
    CareSetting.objects.select_for_update().get(pk=care_setting.pk)
    outcome = InviteOutcome(sent=[], refused={})
    teams = [team for team in teams if team.care_setting_id == care_setting.pk]
    wanted = dict.fromkeys(email.strip().lower() for email in emails)
    if len(wanted) + _sent_within_a_day(actor, now) > LETTERS_A_DAY:
        raise TooManyLetters
    members = _addresses_of_members(care_setting, wanted)
    waiting = _waiting_letters(care_setting, wanted)
    for email in wanted:
        letter = waiting.get(email)
        if email in members:
            outcome.refused[email] = "works here already"
        elif letter is not None and letter.is_open_at(now):
            outcome.refused[email] = (
                "is invited already; you can send the letter again from the list of people"
            )
        else:
            letter = letter or Invitation(care_setting=care_setting, email=email)
            letter.role, letter.invited_by, letter.created_at = role, actor, now
            _send(letter, now)
            letter.teams.set(teams)
            outcome.sent.append(letter)
    for letter in outcome.sent:
        audit.record("invitation.sent", actor=actor, care_setting=care_setting, invitation=letter, role=role)
    return outcome


@transaction.atomic
def resend_invitation(*, actor: User, invitation: Invitation, now: dt.datetime) -> Invitation:
    """Send the letter again with a new link, good for seven days; the old link stops working.

    Raises InvitationOver when it was accepted or withdrawn meanwhile, SentJustNow within RESEND_AFTER.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationOver("This invitation was accepted or withdrawn meanwhile.")
    if now < invitation.expires_at - INVITATION_LIFE + RESEND_AFTER:
        raise SentJustNow
    _send(invitation, now)
    audit.record("invitation.sent_again", actor=actor, invitation=invitation)
    return invitation


@transaction.atomic
def withdraw_invitation(*, actor: User, invitation: Invitation, now: dt.datetime) -> Invitation:
    """Take a letter back; its link stops working. Raises InvitationOver when it was accepted meanwhile."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at:
        raise InvitationOver("This invitation was accepted meanwhile.")
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = now
        invitation.save(update_fields=["withdrawn_at"])
        audit.record("invitation.withdrawn", actor=actor, invitation=invitation)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User, now: dt.datetime) -> Membership:
    """Let the person in whose address the letter was sent to. Works once. Raises InvitationOver."""
    care_setting = CareSetting.objects.select_for_update().get(pk=invitation.care_setting_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.is_open_at(now) or not has_verified_address(user, invitation.email):
        raise InvitationOver
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    membership = enrol(
        user=user, care_setting=care_setting, role=invitation.role, teams=invitation.teams.all(), now=now
    )
    audit.record("invitation.accepted", actor=user, invitation=invitation, membership=membership)
    return membership


def _send(letter: Invitation, now: dt.datetime) -> None:
    """Give the letter a new token and queue it."""
    letter.nonce = tokens.new_nonce()
    letter.token_hash = tokens.hash_token(letter.token)
    letter.expires_at = now + INVITATION_LIFE
    letter.save()
    send_mail_template("teams/invitation", to=letter, invitation=letter)


def _sent_within_a_day(actor: User, now: dt.datetime) -> int:
    return Invitation.objects.to_members().written_by(actor, since=now - dt.timedelta(days=1)).count()


def _addresses_of_members(care_setting: CareSetting, emails: Iterable[str]) -> set[str]:
    members = Membership.objects.in_care_setting(care_setting).standing().with_emails(emails)
    return {email.lower() for email in members.values_list("user__email", flat=True)}


def _waiting_letters(care_setting: CareSetting, emails: Iterable[str]) -> dict[str, Invitation]:
    letters = Invitation.objects.in_care_setting(care_setting).waiting().for_emails(emails)
    return {letter.email.lower(): letter for letter in letters}
