"""The shapes of the demo content: one frozen record for each kind of thing that a TOML file can say.

Days are offsets in whole days from the day the demo is loaded, never dates, so the demo stays fresh.
Money is in pence (`price_minor`).
"""

from dataclasses import dataclass, field
from typing import Literal

# --- Courses -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """One question and answer on a course page."""

    question: str
    answer: str


@dataclass(frozen=True)
class SessionBlurb:
    """A session as the catalogue shows it. `file` names the TOML file when it is written in full."""

    order: int
    slug: str
    title: str
    blurb: str
    file: str = ""


@dataclass(frozen=True)
class SectionText:
    """One section of a course. `hours` is the length of all its sessions; `pre_reading` is Markdown."""

    slug: str
    title: str
    blurb: str
    aim: str
    hours: float
    sessions: list[SessionBlurb]
    pre_reading: str = ""


@dataclass(frozen=True)
class CourseText:
    """Everything on a course page, and its sections in order.

    `sample_clip` is the film key of the clip that anybody may watch.
    """

    title: str
    slug: str
    subject: Literal["key_person", "key_working"]
    motif: Literal["key_person", "key_working", "designated"]
    promise: str
    how_long: str
    who_for: list[str]
    outcomes: list[str]
    principles: list[str]
    questions: list[Question]
    sections: list[SectionText]
    sample_clip: str = ""


# --- Sessions written in full ------------------------------------------------------------------------


@dataclass(frozen=True)
class PausePointText:
    """A question asked when the film stops at `at_seconds`."""

    at_seconds: int
    question: str


@dataclass(frozen=True)
class ClipText:
    """An observation clip as a session shows it. `film` is the name of a file in `films/`."""

    slug: str
    title: str
    film: str
    what_to_look_for: str
    age_range: str
    kind_of_setting: str
    pause_points: list[PausePointText]


@dataclass(frozen=True)
class StarterActionText:
    """An action that the authors suggest."""

    what: str
    why: str
    how_we_will_know: str


@dataclass(frozen=True)
class GuideStepText:
    """One timed step of a facilitator guide. A keep step is never left out."""

    title: str
    minutes: int
    is_keep: bool
    what_happens: str
    watch_for: str = ""
    you_need: str = ""
    activity: Literal["watch", "talk", "reflect", "plan"] = "talk"


@dataclass(frozen=True)
class GuideCardText:
    """What a facilitator may answer if something difficult comes up."""

    title: str
    response: str


@dataclass(frozen=True)
class GuideText:
    """The facilitator guide of one session."""

    aim: str
    preparation: list[str]
    materials: list[str]
    steps: list[GuideStepText]
    cards: list[GuideCardText]
    closing: str


@dataclass(frozen=True)
class SheetBlockText:
    """A part of a task sheet. Which fields are filled depends on `type`:

    table: columns, and rows or blank_rows; boxes: labels; checklist and cards: items;
    lines: label, count; text: text. Any block may have a `heading`.
    """

    type: Literal["table", "boxes", "checklist", "lines", "cards", "text"]
    heading: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    blank_rows: int = 0
    labels: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    label: str = ""
    count: int = 0
    text: str = ""


@dataclass(frozen=True)
class TaskSheetText:
    """A sheet to print or fill in."""

    slug: str
    title: str
    purpose: str
    how_to: list[str]
    blocks: list[SheetBlockText]


@dataclass(frozen=True)
class SessionText:
    """A session written in full: everything that its pages show."""

    title: str
    slug: str
    aim: str
    minutes: int
    connects: str
    outcomes: list[str]
    between: str
    prompts: list[str]
    clips: list[ClipText]
    starter_actions: list[StarterActionText]
    guide: GuideText
    task_sheets: list[TaskSheetText]


# --- Films -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CastMember:
    """Somebody in a film. `at` and `pose` say where and how they start; without `at`, their first beat
    does. The id, with a capital and without underscores, is the name that captions use."""

    id: str
    kind: Literal["baby", "toddler", "child", "young_person", "adult"]
    skin: Literal["1", "2", "3", "4", "5"]
    hair: Literal["short", "bun", "curly", "long", "hijab", "bald", "plaits"]
    colour: Literal["teal", "ochre", "plum", "brick", "sage", "navy", "rose"]
    at: str = ""
    pose: Literal["", "stand", "sit", "kneel", "lie_down"] = ""


@dataclass(frozen=True)
class Beat:
    """One moment of a film: an action, a spoken line, a sound, or an action with one of the two.

    `to` is a cast id or a place; the field `with` of the file is `prop` here; `pause` is in seconds.
    """

    who: str = ""
    does: Literal[
        "", "enter", "leave", "walk_to", "sit", "stand", "kneel", "crawl_to", "reach", "look_at", "hold",
        "wave", "lie_down", "hug", "give", "pick_up", "put_down", "turn_away", "clap", "rest",
    ] = ""  # fmt: skip
    to: str = ""
    prop: Literal[
        "", "ball", "blocks", "book", "bowl", "spoon", "nappy", "blanket", "bear", "photo", "card", "cup",
        "box", "phone", "clipboard",
    ] = field(default="", metadata={"key": "with"})  # fmt: skip
    speaker: str = ""
    line: str = ""
    sound: str = ""
    pause: float = 0.6


PLACES = frozenset({"left", "centre", "right", "door", "window", "table", "rug", "mat", "sofa"})
CHARACTERS_A_SECOND = 14


@dataclass(frozen=True)
class FilmText:
    """The story of one drawn film."""

    title: str
    room: Literal[
        "baby_room", "playroom", "dining", "hallway", "office", "garden", "living_room", "nap_room",
        "meeting_room",
    ]  # fmt: skip
    light: Literal["morning", "day", "evening"]
    cast: list[CastMember]
    beats: list[Beat]

    @property
    def reading_seconds(self) -> float:
        """How long the captions take to read, with the pauses: about the length of the film."""
        written = sum(len(beat.line) + len(beat.sound) for beat in self.beats)
        return written / CHARACTERS_A_SECOND + sum(beat.pause for beat in self.beats)


# --- Products, settings, people ----------------------------------------------------------------------


@dataclass(frozen=True)
class ProductText:
    """A buying option. `sections` are "course-slug/section-slug"; the price is in pence."""

    slug: str
    name: str
    price_minor: int
    months: int
    sections: list[str]
    blurb: str


@dataclass(frozen=True)
class DemoRental:
    """A rental of a setting; its first term ends 12 months after it starts.

    Exactly one of the two is given. `ends_in_days` below nought means that it is over.
    """

    product: str
    started_days_ago: int | None = None
    ends_in_days: int | None = None


@dataclass(frozen=True)
class DemoSetting:
    """A setting, its safeguarding lead, its teams and rentals."""

    slug: str
    name: str
    kind: Literal["nursery", "pre_school", "childminder", "childrens_home", "school", "service"]
    address: str
    safeguarding_lead_name: str
    safeguarding_lead_contact: str
    created_days_ago: int
    teams: list[str] = field(default_factory=list)
    rentals: list[DemoRental] = field(default_factory=list)


@dataclass(frozen=True)
class DemoMembership:
    """What a person does in one setting. `teams` are names of its teams."""

    setting: str
    roles: list[Literal["owner", "manager", "facilitator", "practitioner"]]
    joined_days_ago: int
    teams: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who can sign in. `works_for_us` is for the people who edit courses or run the service."""

    key: str
    email: str
    display_name: str
    works_for_us: Literal["", "editor", "provider"] = ""
    memberships: list[DemoMembership] = field(default_factory=list)


@dataclass(frozen=True)
class DemoReview:
    """A dated entry under an action; `by` is a person's key."""

    days_ago: int
    by: str
    verdict: Literal["done", "going_well", "stuck", "changed", "dropped"]
    note: str


@dataclass(frozen=True)
class DemoAction:
    """One action of a plan. `session` is a session's slug; `due_in_days` below nought is in the past."""

    session: str
    what: str
    why: str
    who: str
    created_days_ago: int
    due_in_days: int
    how_we_will_know: str
    status: Literal["open", "done", "dropped"]
    reviews: list[DemoReview]
    needs_manager: bool = False
    needs_what: str = ""


@dataclass(frozen=True)
class DemoPlan:
    """The plan of one team for one course."""

    setting: str
    team: str
    course: str
    already_working: str
    actions: list[DemoAction]


@dataclass(frozen=True)
class DemoReflection:
    """A person's answer to one prompt, counted from 1, of a session written in full."""

    person: str
    setting: str
    session: str
    prompt: int
    days_ago: int
    answer: str
    shared_with: Literal["nobody", "facilitator", "team"] = "nobody"


@dataclass(frozen=True)
class DemoPeople:
    """Everything in people.toml."""

    settings: list[DemoSetting]
    people: list[DemoPerson]
    plans: list[DemoPlan]
    reflections: list[DemoReflection]


@dataclass(frozen=True)
class Products:
    """Everything in products.toml."""

    products: list[ProductText]
