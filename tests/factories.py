"""Makers of real rows. Each takes only what a test is about and fills in the rest believably."""

import datetime as dt
import itertools

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page, Site

from accounts.models import User
from billing import services
from billing.models import Order, Payer, Product, Rental, Term
from billing.sandbox.payer import pay_by_card
from billing.terms import TERMS_VERSION
from courses.models import (
    CourseIndexPage,
    CoursePage,
    HomePage,
    ProductSection,
    ReflectivePrompt,
    SectionPage,
    SessionPage,
    StarterAction,
)
from elearning.periods import add_months, london_day
from facilitator_guides.models import (
    GuideCard,
    GuideMaterial,
    GuidePage,
    GuidePreparation,
    GuideStep,
    TaskSheetInstruction,
    TaskSheetPage,
)
from practice.models import ActionPlan, PlannedAction, Reflection
from practice.services.reflections import finish_reflection
from teams.models import CareSetting, Invitation, JoinLink, JoinRequest, Membership, Team
from teams.tokens import hash_token
from video.models import Clip, ClipPage, PausePoint, Rendition
from video.models.clips import clip_store

_numbers = itertools.count(1)

PASSWORD = "familiar faces 2026"


def make_user(name: str = "", **fields) -> User:
    """A person with a verified address, who can sign in with PASSWORD."""
    number = next(_numbers)
    name = name or f"Person {number}"
    email = fields.pop("email", f"{slugify(name)}-{number}@example.org")
    user = User.objects.create_user(email, PASSWORD, display_name=name, **fields)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def make_care_setting(name: str = "", **fields) -> CareSetting:
    """A nursery with a safeguarding lead."""
    name = name or f"Setting {next(_numbers)}"
    fields = {
        "slug": slugify(name),
        "kind": CareSetting.Kind.NURSERY,
        "safeguarding_lead_name": "Sam Lead",
        "safeguarding_lead_contact": "01632 960000",
        **fields,
    }
    return CareSetting.objects.create(name=name, **fields)


def make_team(care_setting: CareSetting, name: str = "") -> Team:
    """A team of a setting."""
    name = name or f"Team {next(_numbers)}"
    return Team.objects.create(care_setting=care_setting, name=name, slug=slugify(name))


def make_membership(user: User, care_setting: CareSetting, *roles: str, teams=(), **fields) -> Membership:
    """A person's work in a setting; roles are "owner", "manager", "facilitator", "practitioner"."""
    flags = {f"is_{role}": role in roles for role in ("owner", "manager", "facilitator", "practitioner")}
    membership = Membership.objects.create(user=user, care_setting=care_setting, **{**flags, **fields})
    membership.teams.set(teams)
    return membership


def make_invitation(care_setting: CareSetting, email: str = "", *, teams=(), **fields) -> Invitation:
    """A letter that waits, good for seven days; its link is ``invitation.path``."""
    email = email or f"invited-{next(_numbers)}@example.org"
    fields = {"expires_at": timezone.now() + dt.timedelta(days=7), **fields}
    invitation = Invitation(care_setting=care_setting, email=email, **fields)
    invitation.token_hash = hash_token(invitation.token)
    invitation.save()
    invitation.teams.set(teams)
    return invitation


def make_join_link(care_setting: CareSetting) -> JoinLink:
    """The setting's join link."""
    return JoinLink.objects.get_or_create(care_setting=care_setting)[0]


def make_join_request(care_setting: CareSetting, user: User | None = None) -> JoinRequest:
    """Somebody who waits for a manager."""
    return JoinRequest.objects.create(care_setting=care_setting, user=user or make_user())


def make_product(name: str = "", **fields) -> Product:
    """A product for £69 and 12 months."""
    name = name or f"Product {next(_numbers)}"
    return Product.objects.create(name=name, slug=slugify(name), **{"price_minor": 6900, **fields})


def make_payer(name: str = "", **fields) -> Payer:
    """An organisation that pays for many settings."""
    fields = {
        "address": "1 High Street",
        "contact_name": "Bo Bills",
        "contact_email": "bills@example.org",
        **fields,
    }
    return Payer.objects.create(name=name or f"Payer {next(_numbers)}", **fields)


def make_group_order(
    payer: Payer,
    buyer: User,
    product: Product,
    text: str,
    *,
    now: dt.datetime | None = None,
    details: services.BillingDetails | None = None,
) -> Order:
    """An order for the settings of a list, its pay page open; what rents already is extended.

    With ``details`` its invoice is out instead.
    """
    now = now or timezone.now()
    reading = services.save_list(payer=payer, product=product, text=text, actor=buyer, now=now)
    settings_list = services.find_list(payer=payer, product=product)

    def look() -> services.GroupOffer:
        return services.make_group_offer(
            settings_list=settings_list, rows=reading.rows, buyer=buyer, day=london_day(now)
        )

    choices = {line.row.key: "extend" for line in look().asking}
    services.save_choices(settings_list=settings_list, choices=choices, now=now)
    wish = {
        "settings_list": settings_list,
        "buyer": buyer,
        "terms_version": TERMS_VERSION,
        "total_minor": look().total_minor,
        "now": now,
    }
    if details:
        return services.begin_group_invoice(details=details, **wish)
    order, _ = services.begin_group_checkout(**wish)
    order.refresh_from_db()
    return order


def make_paid_group_order(payer: Payer, buyer: User, product: Product, text: str) -> Order:
    """The same, paid by card."""
    order = make_group_order(payer, buyer, product, text)
    pay_by_card(order.stripe_checkout_session_id)
    return services.reconcile_order(order=order, now=timezone.now())


def make_rental(
    care_setting: CareSetting,
    product: Product,
    *,
    starts_on: dt.date | None = None,
    granted_by: User | None = None,
) -> Rental:
    """A rental with one term from ``starts_on`` (today in London) for the product's months."""
    starts_on = starts_on or london_day(timezone.now())
    rental, _ = Rental.objects.get_or_create(care_setting=care_setting, product=product)
    Term.objects.create(
        rental=rental,
        starts_on=starts_on,
        ends_on=add_months(starts_on, product.months),
        granted_by=granted_by or make_user("Staff who grants", is_staff=True),
        grant_reason="for a test",
    )
    return rental


def make_catalogue() -> CourseIndexPage:
    """The home page as the site's root, and the catalogue below it."""
    existing = CourseIndexPage.objects.first()
    if existing:
        return existing
    root = Page.get_first_root_node()
    for page in root.get_children():
        page.delete()
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Home", slug="home"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True, site_name="Test")
    return home.add_child(instance=CourseIndexPage(title="Courses", slug="courses"))


def make_course(title: str = "", **fields) -> CoursePage:
    """A course in the catalogue."""
    title = title or f"Course {next(_numbers)}"
    fields = {
        "promise": "Things change on Monday.",
        "who_for": "<p>Teams.</p>",
        "how_long": "75 minutes",
        **fields,
    }
    return make_catalogue().add_child(instance=CoursePage(title=title, slug=slugify(title), **fields))


def make_section(course: CoursePage, title: str = "", *, products=()) -> SectionPage:
    """A section of a course, opened by the given products."""
    title = title or f"Section {next(_numbers)}"
    section = course.add_child(
        instance=SectionPage(title=title, slug=slugify(title), aim="Know it.", blurb="Blurb.")
    )
    for product in products:
        ProductSection.objects.create(product=product, section_page=section)
    return section


def make_session_page(
    section: SectionPage, title: str = "", *, prompts: int = 4, actions: int = 1
) -> SessionPage:
    """A session with prompts and starter actions."""
    title = title or f"Session {next(_numbers)}"
    page = section.add_child(
        instance=SessionPage(title=title, slug=slugify(title), aim="Use care as key time.", blurb="Blurb.")
    )
    for number in range(prompts):
        ReflectivePrompt.objects.create(session_page=page, text=f"Which routine {number}?", sort_order=number)
    for number in range(actions):
        StarterAction.objects.create(session_page=page, what=f"Try this {number}", sort_order=number)
    return SessionPage.objects.get(pk=page.pk)


def make_guide_page(session_page: SessionPage, *, minutes=(10, 30, 25, 10), **fields) -> GuidePage:
    """The guide of a session, published today; its steps take ``minutes``, every second one flexible."""
    steps = [
        GuideStep(
            title=f"Step {number}",
            minutes=taken,
            is_keep=number % 2 == 1,
            what_happens=f"<p>Say: “This is step {number}.”</p>",
            watch_for="Somebody who is quiet.",
            you_need="Pens",
        )
        for number, taken in enumerate(minutes, 1)
    ]
    fields = {"title": session_page.title, "aim": "Everyone has counted a turn.", **fields}
    page = GuidePage(slug="guide", closing="<p>“Thank you.”</p>", last_published_at=timezone.now(), **fields)
    page.preparation = [GuidePreparation(text="Watch the clips yourself.")]
    page.materials = [GuideMaterial(text="A clock everyone can see")]
    page.response_cards = [GuideCard(title="“We have no time.”", response="“Which minute is ours?”")]
    page.steps = steps
    return session_page.add_child(instance=page)


def make_task_sheet(session_page: SessionPage, title: str = "", *, blocks=None, **fields) -> TaskSheetPage:
    """A task sheet of a session, published today, with a table and lines unless ``blocks`` says otherwise."""
    title = title or f"Sheet {next(_numbers)}"
    blocks = blocks or [
        (
            "table",
            {"heading": "One day", "columns": ["When", "Who"], "rows": ["Lunch | Rose"], "blank_rows": 2},
        ),
        ("lines", {"heading": "Afterwards", "label": "What we will try:", "count": 3}),
    ]
    fields = {"purpose": "See a day through one child’s eyes.", **fields}
    page = TaskSheetPage(
        title=title, slug=slugify(title), blocks=blocks, last_published_at=timezone.now(), **fields
    )
    page.how_to = [TaskSheetInstruction(text="Choose an ordinary day.")]
    return session_page.add_child(instance=page)


def make_reflection(
    author: User, care_setting: CareSetting, prompt: ReflectivePrompt, **fields
) -> Reflection:
    """An answer to a prompt, private unless the fields say otherwise."""
    fields = {
        "text": "I rush the nappy change.",
        "prompt_text": prompt.text,
        "session_page": prompt.session_page,
        "session_title": prompt.session_page.title,
        **fields,
    }
    reflection = Reflection.objects.create(author=author, care_setting=care_setting, prompt=prompt, **fields)
    if reflection.is_finished:
        finish_reflection(reflection=reflection)
    return reflection


def make_action(plan: ActionPlan, *, who: Membership | None = None, **fields) -> PlannedAction:
    """An open action of a plan, due in four weeks."""
    fields = {
        "what": f"Try this {next(_numbers)}",
        "due_on": london_day(timezone.now()) + dt.timedelta(days=28),
        "who_name": who.user.display_name if who else "",
        **fields,
    }
    return PlannedAction.objects.create(plan=plan, who=who, **fields)


def make_clip(title: str = "", *, duration_ms: int = 48_000, **fields) -> Clip:
    """A film that is ready, with small stand-ins for its files in the store."""
    number = next(_numbers)
    prefix = f"renditions/clip-{number}"
    clip = Clip.objects.create(
        title=title or f"Film {number}",
        **{
            "state": Clip.State.READY,
            "duration_ms": duration_ms,
            "prefix": prefix,
            "original": clip_store().save(f"originals/clip-{number}.mp4", ContentFile(b"original")),
            "poster": clip_store().save(f"{prefix}/poster.jpg", ContentFile(b"\xff\xd8poster")),
            "cues": [{"start_ms": 2000, "end_ms": 4000, "speaker": "Nadia", "text": "Hello, Mia."}],
            **fields,
        },
    )
    for name, width, height in (("480", 854, 480), ("audio", 0, 0)):
        Rendition.objects.create(
            clip=clip,
            name=name,
            file=clip_store().save(f"{prefix}/{name}.mp4", ContentFile(bytes(range(100)))),
            playlist=f'#EXTM3U\n#EXT-X-MAP:URI="{name}.mp4",BYTERANGE="10@0"\n',
            width=width,
            height=height,
            bitrate=900_000,
            average_bitrate=700_000,
            codecs="avc1.4d401f" if height else "mp4a.40.2",
        )
    return clip


def make_clip_page(
    session_page: SessionPage, title: str = "", *, clip: Clip | None = None, **fields
) -> ClipPage:
    """A clip of a session with one question to stop at after 8 seconds."""
    title = title or f"Clip {next(_numbers)}"
    fields = {"what_to_look_for": "Count the turns.", "last_published_at": timezone.now(), **fields}
    page = ClipPage(title=title, slug=slugify(title), clip=clip or make_clip(), **fields)
    page.pause_points = [PausePoint(at_seconds=8, question="How did Mia answer?")]
    return session_page.add_child(instance=page)
