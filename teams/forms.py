"""Forms about settings, teams and people. They check and tidy; services write."""

import re
from email.utils import parseaddr
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from teams.models import CareSetting, Invitation, Membership, Team
from teams.services.memberships import ROLES

MOST_TEAMS = 30
MOST_INVITATIONS = 200
LONGEST_EMAIL = 254
BIGGEST_ID = models.BigIntegerField.MAX_BIGINT
MOST_DIGITS = len(str(BIGGEST_ID))
ROLE_HELP = {
    "practitioner": "Practitioner: watches, reflects, shares the team action plan",
    "facilitator": "Facilitator: also leads team sessions and opens the guides",
    "manager": "Manager: also looks after people, teams and rentals",
    "owner": "Owner: also decides who has which role",
}


class TeamChoices(forms.ModelMultipleChoiceField):
    """Teams of one setting, as ticks."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Team.objects.none(), required=False, label="Teams", **options)

    def offer(self, care_setting: CareSetting) -> None:
        """Offer the teams of one setting; where it has none yet, say where they are made."""
        self.queryset = Team.objects.in_care_setting(care_setting).by_name()
        if not self.queryset.exists():
            self.help_text = "There are none yet. You can add them under People at any time."

    def clean(self, value: Any) -> Any:
        """Refuse a number that no row can have before the database stumbles over it."""
        for chosen in value or ():
            digits = str(chosen)
            if not digits.isdecimal() or len(digits) > MOST_DIGITS or int(digits) > BIGGEST_ID:
                raise ValidationError("Choose from the teams in the list.")
        return super().clean(value)


class CareSettingForm(forms.ModelForm):
    """What a setting says of itself."""

    class Meta:
        model = CareSetting
        fields = ("name", "kind", "address", "safeguarding_lead_name", "safeguarding_lead_contact")
        labels = {
            "name": "Name of your setting",
            "kind": "What kind of setting is it?",
            "safeguarding_lead_name": "Who is your safeguarding lead?",
            "safeguarding_lead_contact": "How do people reach them?",
        }
        help_texts = {
            "name": "“Willow Lane Nursery”. It stands on plans and invoices.",
            "kind": "It decides which words we use: key person or key worker, child or young person.",
            "address": "For invoices.",
            "safeguarding_lead_name": (
                "Shown wherever somebody can write, so that a worry goes to the right person."
            ),
        }
        widgets = {"address": forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "Choose one"), *CareSetting.Kind.choices]
        self.fields["name"].widget.attrs["autocomplete"] = "organization"


class NewCareSettingForm(CareSettingForm):
    """A new setting, with the names of its first teams."""

    team_names = forms.CharField(
        label="Teams or rooms",
        required=False,
        max_length=3000,
        help_text="One name in a line, such as “Baby Room”. You can add more later.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_team_names(self) -> list[str]:
        """Return the names, each once, in the order in which they were written."""
        names: dict[str, str] = {}
        for line in self.cleaned_data["team_names"].splitlines():
            name = " ".join(line.split())
            if len(name) > 80:
                raise ValidationError(f"“{name[:30]}…” is too long: a name has at most 80 letters.")
            if name:
                names.setdefault(name.casefold(), name)
        if len(names) > MOST_TEAMS:
            raise ValidationError(f"These are {len(names)} teams. Start with {MOST_TEAMS} at most.")
        return list(names.values())


class TeamForm(forms.Form):
    """The name of one team."""

    name = forms.CharField(label="Name of the team or room", max_length=80)

    def clean_name(self) -> str:
        """Return the name without needless spaces."""
        return " ".join(self.cleaned_data["name"].split())


class RoleAndTeamsForm(forms.Form):
    """In which role and teams somebody starts. Only an owner may choose manager."""

    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect, initial=Invitation.Role.PRACTITIONER)
    teams = TeamChoices()

    def __init__(self, *args: Any, membership: Membership, may_grant_manager: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = ["practitioner", "facilitator", *(["manager"] if may_grant_manager else [])]
        self.fields["role"].choices = [(role, ROLE_HELP[role]) for role in roles]
        self.fields["teams"].offer(membership.care_setting)


class InviteForm(RoleAndTeamsForm):
    """Whom to invite. After cleaning, ``good`` are the addresses and ``bad`` the lines that are none."""

    emails = forms.CharField(
        label="E-mail addresses",
        max_length=60_000,
        help_text="One or many, each in a line of its own or with commas between. At most 200 at once.",
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("emails", "role", "teams")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.good: list[str] = []
        self.bad: dict[str, str] = {}
        self.is_too_many = False

    def clean_emails(self) -> str:
        """Sort the lines into addresses and others. More than 200 are refused whole."""
        text = self.cleaned_data["emails"]
        lines = [line.strip() for line in re.split(r"[\n\r,;]+", text) if line.strip()]
        if len(lines) > MOST_INVITATIONS:
            self.is_too_many = True
            raise ValidationError(
                f"These are {len(lines)} addresses. Send {MOST_INVITATIONS} at most, then the others."
            )
        for line in lines:
            address = read_address(line)
            if address is None:
                self.bad[line] = "is not an e-mail address"
            else:
                self.good.append(address)
        return text


def read_address(line: str) -> str | None:
    """The address in one line ("Priya Nair <priya@example.org>" too), in small letters, or None."""
    address = (parseaddr(line)[1] if "<" in line else line).strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return None
    return address if len(address) <= LONGEST_EMAIL else None


class RolesForm(forms.Form):
    """Every role of a member: a person may hold several."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=[(role, ROLE_HELP[role]) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )


class MemberTeamsForm(forms.Form):
    """The teams of a member."""

    teams = TeamChoices()

    def __init__(self, *args: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["teams"].offer(membership.care_setting)
