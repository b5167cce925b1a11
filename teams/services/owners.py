"""Settings that somebody else pays for: they wait, empty, until their manager comes by a letter."""

import datetime as dt

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.services import has_verified_address
from teams import tokens
from teams.models import CareSetting, Invitation, JoinLink, Membership
from teams.services.care_settings import save_with_free_slug
from teams.services.invitations import InvitationOver

OWNER_LETTER_LIFE = dt.timedelta(days=30)


def reserve_care_setting(*, name: str, kind: str, now: dt.datetime) -> CareSetting:
    """Make a setting in which nobody works yet. Its address says nothing and is changed when it is opened."""
    slug = f"waiting-{tokens.new_nonce()}"
    return CareSetting.objects.create(name=name, kind=kind, slug=slug, created_at=now)


@transaction.atomic
def invite_owner(
    *, care_setting: CareSetting, email: str, invited_by: User | None, now: dt.datetime
) -> Invitation:
    """Return a new letter to the first owner of an empty setting, good for 30 days; earlier ones end.

    The caller sends it.
    """
    CareSetting.objects.select_for_update().get(pk=care_setting.pk)
    Invitation.objects.in_care_setting(care_setting).waiting().update(withdrawn_at=now)
    letter = Invitation(
        care_setting=care_setting,
        email=email,
        role=Invitation.Role.OWNER,
        invited_by=invited_by,
        created_at=now,
        expires_at=now + OWNER_LETTER_LIFE,
    )
    letter.token_hash = tokens.hash_token(letter.token)
    letter.save()
    audit.record("owner.invited", actor=invited_by, care_setting=care_setting, invitation=letter)
    return letter


@transaction.atomic
def use_owner_letter(*, invitation: Invitation, user: User, now: dt.datetime) -> Invitation:
    """Use up a letter to an owner. Works once, for whom it was sent to. Raises InvitationOver."""
    CareSetting.objects.select_for_update().get(pk=invitation.care_setting_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.is_open_at(now) or not has_verified_address(user, invitation.email):
        raise InvitationOver
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    audit.record("owner.letter_used", actor=user, invitation=invitation)
    return invitation


@transaction.atomic
def open_care_setting(
    *,
    invitation: Invitation,
    user: User,
    name: str,
    kind: str,
    address: str,
    safeguarding_lead_name: str,
    safeguarding_lead_contact: str,
    now: dt.datetime,
) -> CareSetting:
    """Open an empty setting: whoever the letter was sent to owns and manages it. Raises InvitationOver."""
    use_owner_letter(invitation=invitation, user=user, now=now)
    care_setting = CareSetting.objects.get(pk=invitation.care_setting_id)
    care_setting.name = name
    care_setting.kind = kind
    care_setting.address = address
    care_setting.safeguarding_lead_name = safeguarding_lead_name
    care_setting.safeguarding_lead_contact = safeguarding_lead_contact
    save_with_free_slug(care_setting)
    Membership.objects.create(
        user=user,
        care_setting=care_setting,
        is_owner=True,
        is_manager=True,
        is_practitioner=False,
        joined_at=now,
    )
    JoinLink.objects.get_or_create(care_setting=care_setting, defaults={"created_at": now})
    audit.record("care_setting.opened", actor=user, care_setting=care_setting)
    return care_setting
