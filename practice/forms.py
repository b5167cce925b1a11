"""What people type about their practice: checked, never saved here. Nothing is cut off without a word."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from django import forms
from django.core.exceptions import ValidationError

from elearning.periods import add_months
from practice.models import ActionReview, Reflection
from practice.models.plans import NOTE_LIMIT, WORKING_LIMIT
from practice.models.reflections import REFLECTION_LIMIT
from teams.models import Membership, Team

FIRST_DAY = dt.date(2020, 1, 1)
YEARS_AHEAD = 5
DAYS_TO_DO_IT = 28  # what a new action is given, unless the team says otherwise
NO_SUCH_DAY = "There is no such day. Write it like 21/11/2026."


class WordsField(forms.CharField):
    """Words in somebody's own voice, at most ``limit`` characters.

    Without the browser's maxlength, which cuts off what is pasted and says nothing.
    """

    default_error_messages = {
        "too_long": "This has %(length)s characters and the limit is %(limit)s. "
        "Please shorten it by %(over)s; nothing is cut off.",
        "null_characters_not_allowed": "There is a character in it that cannot be saved. "
        "Please type the last words again instead of pasting them.",
    }

    def __init__(self, *, limit: int, lines: int = 1, **options) -> None:
        self.limit = limit
        self.lines = lines
        widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
        super().__init__(**{"widget": widget, **options})
        self.validators = [
            check for check in self.validators if type(check).__name__ != "ProhibitNullCharactersValidator"
        ]

    def to_python(self, value: str | None) -> str:
        """Line ends as one character; in a single line, spaces."""
        words = super().to_python(value)
        return (
            words.replace("\r\n", "\n").replace("\r", "\n")
            if self.lines > 1
            else re.sub(r"[\r\n]+", " ", words)
        )

    def validate(self, value: str) -> None:
        """Raise ValidationError naming the limit, or the character that no database takes."""
        super().validate(value)
        if "\x00" in value:
            raise ValidationError(
                self.error_messages["null_characters_not_allowed"], code="null_characters_not_allowed"
            )
        over = len(value) - self.limit
        if over > 0:
            raise ValidationError(
                self.error_messages["too_long"],
                code="too_long",
                params={"length": f"{len(value):,}", "limit": f"{self.limit:,}", "over": f"{over:,}"},
            )


class DayInput(forms.DateInput):
    """The browser's own calendar; but what is no day is drawn as text, or the browser would hide it."""

    input_type = "date"

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        """Choose the type of the input by what it has to show."""
        context = super().get_context(name, value, attrs)
        try:
            dt.date.fromisoformat(context["widget"]["value"] or "2026-01-01")
        except ValueError:
            context["widget"]["type"] = "text"
        return context


class DayField(forms.DateField):
    """A day within reason."""

    def __init__(self, *, earliest: dt.date = FIRST_DAY, latest: dt.date | None = None, **options) -> None:
        self.earliest = earliest
        self.latest = latest
        super().__init__(
            widget=DayInput(format="%Y-%m-%d"),
            error_messages={"invalid": NO_SUCH_DAY, "required": "Choose a day."},
            **options,
        )

    def validate(self, value: dt.date | None) -> None:
        """Raise ValidationError for a day that nobody can mean."""
        super().validate(value)
        if value and value < self.earliest:
            raise ValidationError(f"Choose a day from {self.earliest:%d/%m/%Y} on.", code="too_early")
        if value and self.latest and value > self.latest:
            raise ValidationError(f"Choose a day up to {self.latest:%d/%m/%Y}.", code="too_late")


class VersionField(forms.IntegerField):
    """What the writer started from; anything senseless counts as nothing, so that both texts get shown."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput())

    def clean(self, value: object) -> int:
        """Return the version, or -1, which no row has."""
        try:
            version = int(str(value))
        except ValueError:
            return -1
        return version if 0 <= version < 2**31 else -1


class ReflectionForm(forms.Form):
    """An answer to one prompt."""

    text = WordsField(
        limit=REFLECTION_LIMIT,
        lines=5,
        label="Your answer",
        error_messages={"required": "There are no words in it yet. Write something, then save it."},
    )
    version = VersionField()


class SharingForm(forms.Form):
    """Who may read a reflection besides its author: nobody, a team's facilitators, or a team."""

    readers = forms.ChoiceField(label="Who can read this")

    def __init__(self, *args, teams: Sequence[tuple[int, str]], **options) -> None:
        super().__init__(*args, **options)
        self.fields["readers"].choices = choices_of_readers(teams)

    @property
    def shared_with(self) -> str:
        """The chosen kind of reader."""
        return self.cleaned_data["readers"].partition(":")[0]

    @property
    def team_id(self) -> int | None:
        """The chosen team's id, or None."""
        return int(self.cleaned_data["readers"].partition(":")[2] or 0) or None


def choices_of_readers(teams: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    """What an author in these teams (id, name) can choose; the value carries the team."""
    choices = [(Reflection.SharedWith.NOBODY.value, "Only me")]
    if not teams:
        choices.append((Reflection.SharedWith.FACILITATOR.value, "My setting's facilitators"))
    for team_id, name in teams:
        choices.append((f"{Reflection.SharedWith.FACILITATOR.value}:{team_id}", f"Facilitators of {name}"))
        choices.append((f"{Reflection.SharedWith.TEAM.value}:{team_id}", f"Everyone in {name}, and managers"))
    return choices


def value_of_readers(shared_with: str | None, team_id: int | None) -> str:
    """The choice that a reflection stands at."""
    return f"{shared_with}:{team_id}" if team_id else (shared_with or Reflection.SharedWith.NOBODY.value)


class WorkingForm(forms.Form):
    """What is already working, and why: asked before anybody changes anything (R62)."""

    text = WordsField(
        limit=WORKING_LIMIT,
        lines=4,
        required=False,
        label="What is already working, and why?",
        help_text="Start here: what do you want to keep?",
    )
    version = VersionField()


class PersonField(forms.TypedChoiceField):
    """One of the setting's people, the team's own first. Comes out as a Membership."""

    def fill(self, people: Iterable[Membership], team: Team) -> None:
        """Offer ``people`` (with ``is_in_team`` and their user loaded)."""
        by_id = {person.pk: person for person in people}
        inside = [(pk, one.user.display_name) for pk, one in by_id.items() if one.is_in_team]
        outside = [(pk, one.user.display_name) for pk, one in by_id.items() if not one.is_in_team]
        groups = [(team.name, inside), ("Others in your setting", outside)]
        self.choices = [("", "Choose a person"), *((name, people) for name, people in groups if people)]
        self.coerce = lambda value: by_id[int(value)]


class ActionForm(forms.Form):
    """One action: what, why, who, by when, how we will know; and whether it needs a manager."""

    what = WordsField(
        limit=200,
        label="What will you do?",
        help_text="One thing that you can start this week.",
        error_messages={"required": "Say what you will do."},
    )
    why = WordsField(limit=300, lines=2, required=False, label="Why?")
    session_page_id = forms.TypedChoiceField(
        required=False, label="From which session?", coerce=int, empty_value=None
    )
    who = PersonField(
        label="Who?",
        error_messages={
            "required": "Choose who will do it.",
            "invalid_choice": "That person does not work here now. Choose somebody else.",
        },
    )
    due_on = DayField(label="By when?")
    how_we_will_know = WordsField(
        limit=300, lines=2, required=False, label="How will you know that it worked?"
    )
    needs_manager = forms.BooleanField(required=False, label="This needs a manager")
    what_is_needed = WordsField(
        limit=300,
        lines=2,
        required=False,
        label="What is needed?",
        help_text="Managers see it on their home page.",
    )

    def __init__(
        self,
        *args,
        team: Team,
        people: Iterable[Membership],
        sessions: Sequence[tuple[int, str]],
        today: dt.date,
        **options,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["who"].fill(people, team)
        self.fields["session_page_id"].choices = [("", "None in particular"), *sessions]
        self.fields["due_on"].latest = add_months(today, 12 * YEARS_AHEAD)

    def clean(self) -> dict:
        """What is needed belongs to the flag: words without the tick set it."""
        words = super().clean()
        if words.get("what_is_needed"):
            words["needs_manager"] = True
        return words


class ChangedActionForm(ActionForm):
    """The same, with what the writer started from."""

    version = VersionField()

    @property
    def words(self) -> dict:
        """The fields of the action itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class QuickActionForm(forms.Form):
    """An action in one line, from a session page: the writer takes it on, for four weeks."""

    what = WordsField(
        limit=200, label="What will you do?", error_messages={"required": "Say what you will do."}
    )
    team = forms.TypedChoiceField(label="For which team?", coerce=int)

    def __init__(self, *args, teams: Sequence[tuple[int, str]], **options) -> None:
        super().__init__(*args, **options)
        self.fields["team"].choices = teams


class ReviewForm(forms.Form):
    """How it went, on a day."""

    verdict = forms.ChoiceField(
        label="How is it?",
        choices=ActionReview.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it went."},
    )
    note = WordsField(
        limit=NOTE_LIMIT,
        lines=3,
        required=False,
        label="What did you notice?",
        help_text="If you drop it, say why.",
    )
    reviewed_on = DayField(label="On which day?")

    def __init__(self, *args, today: dt.date, **options) -> None:
        super().__init__(*args, **options)
        self.fields["reviewed_on"].latest = today
        self.fields["reviewed_on"].initial = today

    def clean(self) -> dict:
        """Dropping needs a reason (R60)."""
        words = super().clean()
        if words.get("verdict") == ActionReview.Verdict.DROPPED and not words.get("note") and "note" in words:
            self.add_error("note", "Say why you drop it: the next team will ask.")
        return words
