"""Making and changing settings and their teams."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts import audit
from accounts.models import User
from teams.models import CareSetting, JoinLink, Membership, Team
from teams.refusals import Refusal
from teams.tokens import new_join_code

SLUG_TRIES = 20
SETTINGS_A_DAY = 20  # of one person; who buys for more names them in an order for many settings


class TeamNameTaken(Refusal):
    """Two teams of a setting cannot have one name."""

    reason = "You have a team with this name already. Choose another name."


class TooManySettings(Refusal):
    """Somebody made settings by the dozen within a day."""

    reason = (
        f"You can make {SETTINGS_A_DAY} settings in 24 hours. If you pay for many, choose a course and then "
        "“Rent for several settings”: you need not make them first."
    )


@transaction.atomic
def create_care_setting(
    *,
    actor: User,
    name: str,
    kind: str,
    address: str,
    safeguarding_lead_name: str,
    safeguarding_lead_contact: str,
    team_names: Iterable[str] = (),
    now: dt.datetime,
) -> CareSetting:
    """Make a setting with its first teams and its join link; ``actor`` becomes its owner and manager.

    Raises TooManySettings.
    """
    made_lately = CareSetting.objects.owned_by(actor, made_since=now - dt.timedelta(days=1))
    if made_lately.count() >= SETTINGS_A_DAY:
        raise TooManySettings
    care_setting = _create_with_free_slug(
        name=name,
        kind=kind,
        address=address,
        safeguarding_lead_name=safeguarding_lead_name,
        safeguarding_lead_contact=safeguarding_lead_contact,
        created_at=now,
    )
    Membership.objects.create(
        user=actor,
        care_setting=care_setting,
        is_owner=True,
        is_manager=True,
        is_practitioner=False,
        joined_at=now,
    )
    JoinLink.objects.create(care_setting=care_setting, created_at=now)
    for team_name in team_names:
        _create_team(care_setting, team_name, now)
    audit.record("care_setting.created", actor=actor, care_setting=care_setting)
    return care_setting


@transaction.atomic
def edit_care_setting(
    *,
    actor: User,
    care_setting: CareSetting,
    name: str,
    kind: str,
    address: str,
    safeguarding_lead_name: str,
    safeguarding_lead_contact: str,
) -> CareSetting:
    """Change what a setting says of itself. Its address on this site stays, so that links go on working."""
    care_setting.name = name
    care_setting.kind = kind
    care_setting.address = address
    care_setting.safeguarding_lead_name = safeguarding_lead_name
    care_setting.safeguarding_lead_contact = safeguarding_lead_contact
    care_setting.save(
        update_fields=["name", "kind", "address", "safeguarding_lead_name", "safeguarding_lead_contact"]
    )
    audit.record("care_setting.edited", actor=actor, care_setting=care_setting)
    return care_setting


@transaction.atomic
def add_team(*, actor: User, care_setting: CareSetting, name: str, now: dt.datetime) -> Team:
    """Add a team to a setting. Raises TeamNameTaken."""
    CareSetting.objects.select_for_update().get(pk=care_setting.pk)
    if Team.objects.in_care_setting(care_setting).named(name).exists():
        raise TeamNameTaken
    team = _create_team(care_setting, name, now)
    audit.record("team.added", actor=actor, care_setting=care_setting, team=team)
    return team


@transaction.atomic
def rename_team(*, actor: User, team: Team, name: str) -> Team:
    """Give a team another name; the address of its plan stays. Raises TeamNameTaken."""
    care_setting = CareSetting.objects.select_for_update().get(pk=team.care_setting_id)
    if Team.objects.in_care_setting(care_setting).named(name).exclude(pk=team.pk).exists():
        raise TeamNameTaken
    team.name = name
    team.save(update_fields=["name"])
    audit.record("team.renamed", actor=actor, care_setting=care_setting, team=team)
    return team


def _create_with_free_slug(**fields: Any) -> CareSetting:
    """Create the setting at the first free address: willow-lane, willow-lane-2 …"""
    care_setting = CareSetting(**fields)
    save_with_free_slug(care_setting)
    return care_setting


def save_with_free_slug(care_setting: CareSetting) -> None:
    """Save a setting at the first free address for its name: willow-lane, willow-lane-2 …"""
    base = slugify(care_setting.name)[:50].strip("-") or "setting"
    for number in range(1, SLUG_TRIES):
        care_setting.slug = base if number == 1 else f"{base}-{number}"
        if CareSetting.objects.filter(slug=care_setting.slug).exists():
            continue
        try:
            with transaction.atomic():
                care_setting.save()
                return
        except IntegrityError:
            continue
    care_setting.slug = f"{base[:40]}-{new_join_code()}"
    care_setting.save()


def _create_team(care_setting: CareSetting, name: str, now: dt.datetime) -> Team:
    base = slugify(name)[:50].strip("-") or "team"
    taken = set(Team.objects.in_care_setting(care_setting).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    slug = base if base not in taken else next(slug for slug in numbered if slug not in taken)
    return Team.objects.create(care_setting=care_setting, name=name, slug=slug, created_at=now)
