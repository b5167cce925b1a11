"""Why a lesson page stays closed, in words, and what the asker can do about it. Knows no request."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

if TYPE_CHECKING:
    from billing.models import Product
    from courses.models import GatedPage
    from teams.models import Membership


@dataclass(frozen=True)
class Step:
    """One thing to do next."""

    label: str
    url: str


@dataclass(frozen=True)
class Refusal:
    """A heading, what the page is, why it is closed, and what to do, the first thing first."""

    title: str
    lines: list[str]
    steps: list[Step] = field(default_factory=list)


def course_address(page: "GatedPage") -> str:
    """The address of the course a lesson page lies in."""
    return "/".join(page.address.split("/")[:3]) + "/"


def session_address(page: "GatedPage") -> str:
    """The address of the session a part lies in."""
    return "/".join(page.address.split("/")[:5]) + "/"


def rent_step(page: "GatedPage", product: "Product | None", label: str) -> Step:
    """The way to rent what opens the page, or to the course where nothing is on sale."""
    url = reverse("billing:rent", args=[product.slug]) if product else course_address(page)
    return Step(label, url)


def about_the_course(page: "GatedPage") -> Step:
    """The way to the public page of the course."""
    return Step("About this course", course_address(page))


def for_a_stranger(page: "GatedPage") -> Refusal:
    """Nobody is signed in."""
    sign_in = f"{reverse('account_login')}?{urlencode({'next': page.address})}"
    return Refusal(
        "Please sign in to open this",
        [
            "It is open to everyone who works in a setting that rents the course.",
            "Does your setting not rent it yet? The course page says what is in it and what it costs.",
        ],
        [Step("Sign in", sign_in), about_the_course(page)],
    )


def for_an_editor(page: "GatedPage") -> Refusal:
    """An editor or one of the provider's staff, who works in no setting that rents it."""
    return Refusal(
        "Open this in the editor",
        ["You can read and preview it there. This address is for people whose setting rents the course."],
        [Step("Open the editor", reverse("wagtailadmin_pages:edit", args=[page.pk]))],
    )


def for_somebody_who_does_not_lead(page: "GatedPage", opening: "Membership", managers: list[str]) -> Refusal:
    """Their setting rents it, but guides are for those who lead."""
    return Refusal(
        "This guide is for whoever leads the session",
        [
            f"Facilitators and managers of {opening.care_setting.name} can open it. "
            f"Would you like to lead? Ask {name_them(managers)} to make you a facilitator.",
            "The clips, the task sheets, the questions and the plan are open to you.",
        ],
        [Step("Back to the session", session_address(page))],
    )


def for_somebody_without_a_setting(page: "GatedPage") -> Refusal:
    """Signed in, but works nowhere."""
    return Refusal(
        "You do not belong to a setting here yet",
        [
            "Does your setting rent this already? Ask your manager to invite you, at the address you sign in "
            "with, or open the join link that hangs in your staff room.",
            "Are you the one who rents? Add your setting first; it takes two minutes.",
        ],
        [Step("Add your setting", reverse("teams:new_care_setting")), about_the_course(page)],
    )


def after_the_end(
    page: "GatedPage", membership: "Membership", product: "Product | None", managers: list[str]
) -> Refusal:
    """Their setting rented it, and the rental is over."""
    name = membership.care_setting.name
    kept = "Your team action plans and everyone’s own journal stay readable and can be downloaded."
    if membership.manages:
        lines = [f"{name} rented this, and the rental has ended. {kept}"]
        return Refusal("The rental has ended", lines, [rent_step(page, product, f"Renew for {name}")])
    lines = [f"{name} rented this, and the rental has ended. Ask {name_them(managers)} to renew it.", kept]
    return Refusal("The rental has ended", lines, [about_the_course(page)])


def without_a_rental(
    page: "GatedPage", membership: "Membership", product: "Product | None", managers: list[str]
) -> Refusal:
    """Their setting never rented it."""
    name = membership.care_setting.name
    if membership.manages:
        lines = [f"{name} does not rent it. One rental opens it to everyone who works there."]
        steps = [rent_step(page, product, f"Rent for {name}"), about_the_course(page)]
    else:
        lines = [f"{name} does not rent it. Ask {name_them(managers)}: they look after rentals."]
        steps = [about_the_course(page)]
    return Refusal("Your setting does not rent this", lines, steps)


def name_them(names: list[str]) -> str:
    """Whom to ask: "Maya Okafor", "Maya Okafor or Sam Reed", or your manager where nobody is named."""
    if not names:
        return "your manager"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
