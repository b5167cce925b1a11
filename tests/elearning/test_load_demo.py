"""The demo loads whole, and loading it again changes nothing."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, Revision, Site

from accounts.models import User
from billing.models import Document, Order, PayerSetting, Product, Rental, Term
from courses.models import CoursePage, ProductSection, SectionPage, SessionPage
from elearning.demo import DEMO_PASSWORD, SIGN_INS
from elearning.demo.content import load_courses, load_people
from elearning.demo.load import count_steps, load_everything
from elearning.periods import london_day
from facilitator_guides.models import GuidePage, TaskSheetPage
from practice.models import ActionPlan, PlannedAction, Reflection
from teams.models import CareSetting, Membership
from video.demo_films.script import read_script
from video.models import Clip, ClipPage
from video.services import DrawnFilm

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture
def draw(tmp_path):
    """Films that cost nothing to draw: each is a small file, with the captions of its story."""

    def draw_nothing(stories, *, progress):
        films = {}
        for key, story in stories.items():
            path = tmp_path / f"{key}.mp4"
            path.write_bytes(key.encode())
            films[key] = DrawnFilm(path, read_script(story))
            progress(key)
        return films

    return draw_nothing


@pytest.fixture
def load(db, draw):
    """Load the demo as of a moment and return what was said."""

    def load_as_of(now):
        said = []
        load_everything(now=now, say=said.append, draw=draw)
        return said

    return load_as_of


def counts():
    """How many rows each of our tables and Wagtail's pages and revisions have."""
    rooms = {"accounts", "teams", "billing", "courses", "video", "facilitator_guides", "practice"}
    models = [m for m in apps.get_models() if m._meta.app_label in rooms]
    models += [Page, Site, Revision, EmailAddress]
    return {model._meta.label: model._default_manager.count() for model in models}


def test_it_loads_whole_and_again_changes_nothing(load):
    said = load(NOON)
    assert len(said) == count_steps()
    page = CoursePage.objects.first()
    page.title = "A title that an author changed"
    page.save_revision().publish()
    first = counts()
    stamps = dict(Page.objects.values_list("pk", "latest_revision_created_at"))

    load(NOON + dt.timedelta(days=3))
    assert counts() == first
    assert dict(Page.objects.values_list("pk", "latest_revision_created_at")) == stamps

    page.refresh_from_db()
    assert page.title == "A title that an author changed"
    check_pages()
    check_settings()
    check_payer()
    check_people()
    check_practice()


def check_pages():
    texts = load_courses()
    assert CoursePage.objects.live().count() == len(texts) == 3
    assert SectionPage.objects.live().count() == sum(len(text.sections) for text in texts)
    assert SessionPage.objects.count() == 21
    assert SessionPage.objects.live().count() == 8
    assert SessionPage.objects.not_live().filter(is_announced=False).count() == 0
    assert ClipPage.objects.live().count() == Clip.objects.count() == 24
    assert GuidePage.objects.live().count() == 8
    assert TaskSheetPage.objects.live().count() == 16
    assert ClipPage.objects.filter(is_sample=True).count() == 3
    assert Product.objects.on_sale().count() == 5
    assert ProductSection.objects.count() == 6
    guide = GuidePage.objects.live().order_by("path").last()
    assert sum(step.minutes for step in guide.steps.all()) == 75
    assert all(sheet.blocks and sheet.how_to.exists() for sheet in TaskSheetPage.objects.all())
    assert Site.objects.get().root_page.slug == "home"


def check_settings():
    day = london_day(NOON)
    assert CareSetting.objects.count() == 4 + 5
    rentals = Rental.objects.exclude(terms__order_line__isnull=False)
    ends = {rental.care_setting.slug: rental.terms.get() for rental in rentals}
    assert set(ends) == {"willow-lane", "harbour-house", "tern-valley"}
    assert ends["harbour-house"].last_day == day + dt.timedelta(days=20)
    assert ends["tern-valley"].last_day == day - dt.timedelta(days=40)
    assert Term.objects.live_on(day).granted().count() == 2
    assert all(term.grant_reason for term in Term.objects.granted())


def check_payer():
    order = Order.objects.get()
    assert (order.status, order.po_number, order.gross_minor) == ("fulfilled", "PO-2041", 5 * 6900)
    assert Term.objects.of_order(order).live_on(london_day(NOON)).count() == 5
    assert [one.kind for one in Document.objects.of_order(order)] == ["invoice", "receipt"]
    settings = PayerSetting.objects.of_payer(order.payer)
    assert {one.name for one in settings if one.claimed_at} == {"Riverside Elm", "Riverside Hazel"}
    assert Membership.objects.owning().filter(user__email="elsa@demo.example").count() == 1
    assert all(one.invitation for one in settings.unclaimed())


def check_people():
    for email, _ in SIGN_INS:
        user = User.objects.get(email=email)
        assert user.check_password(DEMO_PASSWORD)
        assert user.emailaddress_set.get().verified
    assert User.objects.get(email="edith@demo.example").has_perm("wagtailadmin.access_admin")
    assert User.objects.get(email="stan@demo.example").is_superuser
    assert Membership.objects.owning().count() == 4 + 2
    priya = Membership.objects.get(user__email="priya@demo.example")
    assert [team.name for team in priya.teams.all()] == ["Baby Room"]


def check_practice():
    text = load_people()
    assert ActionPlan.objects.count() == len(text.plans)
    assert PlannedAction.objects.count() == sum(len(plan.actions) for plan in text.plans)
    overdue = [action for action in PlannedAction.objects.all() if action.is_overdue_on(london_day(NOON))]
    assert len(overdue) == 1
    assert Reflection.objects.count() == len(text.reflections)
    assert {one.shared_with for one in Reflection.objects.all()} == {"nobody", "facilitator", "team"}
    assert all(one.is_finished for one in Reflection.objects.all())


def test_a_practitioner_of_the_demo_opens_a_session(load, as_):
    load(timezone.now())
    address = "/courses/key-person-approach/the-role-of-the-key-person/everyday-care-as-key-time/"
    answer = as_(User.objects.get(email="priya@demo.example")).get(address)
    assert answer.status_code == 200
    assert "Session 2 of 5" in answer.text
    assert "A nappy change as a conversation" in answer.text


def test_the_command_knows_what_it_does(capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("load_demo", "--help")
    assert ended.value.code == 0
    assert "Safe to repeat" in " ".join(capsys.readouterr().out.split())


def test_the_payer_of_the_demo_sees_which_settings_have_begun(load, as_):
    load(timezone.now())
    page = as_(User.objects.get(email="gwen@demo.example")).get("/billing/payers/", follow=True)
    assert "2 of 5 settings have begun" in page.text
    assert "ash@riverside.example" in page.text
    assert "Elsa" not in page.text
