"""Who works where, with whom, in which role."""

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from teams import tokens
from teams.querysets import (
    CareSettingQuerySet,
    InvitationQuerySet,
    JoinLinkQuerySet,
    JoinRequestQuerySet,
    MembershipQuerySet,
    TeamQuerySet,
)


class Words(NamedTuple):
    """The words that one kind of setting uses for itself and the people in it."""

    setting: str
    key_person: str
    child: str
    team: str


NURSERY_WORDS = Words("nursery", "key person", "child", "room")
SERVICE_WORDS = Words("service", "key worker", "young person", "team")


class CareSetting(models.Model):
    """One nursery, home, school or service: the one that rents."""

    class Kind(models.TextChoices):
        NURSERY = "nursery", "Nursery"
        PRE_SCHOOL = "pre_school", "Pre-school"
        CHILDMINDER = "childminder", "Childminder"
        SCHOOL = "school", "School"
        CHILDRENS_HOME = "childrens_home", "Children's home"
        SERVICE = "service", "Service for families"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField("kind of setting", max_length=20, choices=Kind)
    address = models.TextField(max_length=500, blank=True)
    safeguarding_lead_name = models.CharField("safeguarding lead", max_length=80)
    safeguarding_lead_contact = models.CharField(
        "how to reach them",
        max_length=200,
        help_text="A telephone number is best. Everyone in your setting sees it.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CareSettingQuerySet.as_manager()

    class Meta:
        verbose_name = "setting"

    def __str__(self) -> str:
        return self.name

    @property
    def home_path(self) -> str:
        """The address of the setting's home page."""
        return f"/at/{self.slug}/"

    @property
    def people_path(self) -> str:
        """The address of the setting's people."""
        return f"/at/{self.slug}/people/"

    @property
    def words(self) -> Words:
        """The words this kind of setting uses (R112)."""
        return {
            self.Kind.PRE_SCHOOL: NURSERY_WORDS._replace(setting="pre-school"),
            self.Kind.CHILDMINDER: NURSERY_WORDS._replace(setting="setting", team="team"),
            self.Kind.SCHOOL: NURSERY_WORDS._replace(setting="school", team="class"),
            self.Kind.CHILDRENS_HOME: SERVICE_WORDS._replace(setting="home"),
            self.Kind.SERVICE: SERVICE_WORDS,
        }.get(self.Kind(self.kind), NURSERY_WORDS)


class Team(models.Model):
    """A room, shift or group inside a setting; it owns a plan."""

    care_setting = models.ForeignKey(CareSetting, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["care_setting", "slug"], name="teams_team_slug_once_per_setting"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's work in a setting, with roles. Kept after they leave, so that plans keep their names."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    care_setting = models.ForeignKey(CareSetting, on_delete=models.CASCADE, related_name="memberships")
    is_owner = models.BooleanField("owner", default=False)
    is_manager = models.BooleanField("manager", default=False)
    is_facilitator = models.BooleanField("facilitator", default=False)
    is_practitioner = models.BooleanField("practitioner", default=True)
    teams = models.ManyToManyField(Team, blank=True, related_name="memberships")
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    left_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "care_setting"], name="teams_membership_once_per_setting"
            ),
            models.CheckConstraint(
                condition=Q(is_owner=True)
                | Q(is_manager=True)
                | Q(is_facilitator=True)
                | Q(is_practitioner=True),
                name="teams_membership_has_a_role",
            ),
        ]
        indexes = [models.Index(fields=["care_setting", "left_at"], name="teams_membership_standing")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.care_setting_id}"

    @property
    def is_standing(self) -> bool:
        """Whether the person still works here."""
        return self.left_at is None

    @property
    def manages(self) -> bool:
        """Whether the person manages the setting: an owner does too."""
        return self.is_owner or self.is_manager

    @property
    def leads(self) -> bool:
        """Whether the person may lead team sessions: managers may too."""
        return self.is_facilitator or self.manages

    @property
    def role_names(self) -> list[str]:
        """The person's roles in words, strongest first."""
        named = [
            (self.is_owner, "owner"),
            (self.is_manager, "manager"),
            (self.is_facilitator, "facilitator"),
            (self.is_practitioner, "practitioner"),
        ]
        return [name for has, name in named if has]


class Invitation(models.Model):
    """A letter to one address, with a role and teams. Its token is single use, hashed, and lives 7 days.

    A letter to an owner is to the manager of a setting that waits for them, and lives 30 days.
    """

    class Role(models.TextChoices):
        PRACTITIONER = "practitioner", "Practitioner"
        FACILITATOR = "facilitator", "Facilitator"
        MANAGER = "manager", "Manager"
        OWNER = "owner", "Owner"

    care_setting = models.ForeignKey(CareSetting, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail address")
    role = models.CharField(max_length=20, choices=Role, default=Role.PRACTITIONER)
    teams = models.ManyToManyField(Team, blank=True, related_name="+")
    nonce = models.CharField(max_length=32, default=tokens.new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "care_setting",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="teams_invitation_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def token(self) -> str:
        """What stands in the link: made from the row and the site's secret, so that it need not be kept."""
        return tokens.invitation_token(nonce=self.nonce, email=self.email)

    @property
    def path(self) -> str:
        """The address of the invitation on this site, for the letter."""
        return f"/invitations/{self.token}/"

    def is_open_at(self, now: dt.datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class JoinLink(models.Model):
    """The address on the staff-room wall. A manager approves who comes by it, so it is kept readable."""

    care_setting = models.OneToOneField(CareSetting, on_delete=models.CASCADE, related_name="join_link")
    code = models.CharField(max_length=32, unique=True, default=tokens.new_join_code)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = JoinLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"join link of {self.care_setting_id}"

    @property
    def path(self) -> str:
        """The address of the link on this site."""
        return f"/join/{self.code}/"


class JoinRequest(models.Model):
    """A person who came by the join link and waits for a manager."""

    care_setting = models.ForeignKey(CareSetting, on_delete=models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_approved = models.BooleanField(null=True, editable=False)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["care_setting", "user"],
                condition=Q(decided_at__isnull=True),
                name="teams_join_request_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"join request {self.pk}"
