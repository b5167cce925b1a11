"""The standing cast, who play the same parts in every test.

maya owns and manages Willow Lane, fred facilitates there, priya practises there, noor works there and
at Harbour House, omar owns and manages Harbour House, leo left Willow Lane; gwen orders for Bright Nurseries,
which pays for many settings; edith edits courses, stan is provider staff, and an outsider works nowhere.
Willow Lane rents a course of one section with one session.
"""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from elearning.periods import london_day
from practice.models import ActionPlan, ActionReview
from teams.models import Membership
from tests import factories as make
from tests.billing.conformity.guard import Guard

# A slow machine is no mistake: no test asserts a time.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")

PAPER_TRIGGERS = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'billing_document'"
)
ROLES = {
    "maya": ("owner", "manager"),
    "fred": ("facilitator", "practitioner"),
    "priya": ("practitioner",),
    "noor": ("practitioner",),
}


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    """Keep every stored file of a test in the test's own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CLIPS_ROOT = tmp_path / "clips"
    settings.PAPERS_ROOT = tmp_path / "papers"
    stores = dict(settings.STORAGES)
    for name in ("clips", "papers"):
        stores[name] = {**stores[name], "OPTIONS": {**stores[name]["OPTIONS"], "location": tmp_path / name}}
    settings.STORAGES = stores


@pytest.fixture(autouse=True)
def _clean_cache():
    """No test sees another's rate limits or rendered bodies."""
    from django.core.cache import caches

    for cache in caches.all():
        cache.clear()


@pytest.fixture(scope="session")
def conformity():
    """Both gates on every request of every test, and one on every answer of the sandbox."""
    with Guard().standing(pytest.MonkeyPatch()) as guard:
        yield guard


@pytest.fixture(autouse=True)
def _conforming(conformity, request):
    """Nothing nonconforming was said in this test, not even where a view made an answer of 500 of it."""
    conformity.faults.clear()
    conformity.is_nonsense_wanted = request.node.get_closest_marker("nonsense") is not None
    yield
    assert conformity.faults == []


@pytest.fixture(scope="session", autouse=True)
def _emptying_lets_papers_go():
    """Tests that commit empty every table afterwards, which issued papers on SQLite refuse.

    PostgreSQL truncates there, and that asks no row. Here the triggers of papers go, and come back as they
    were, in the transaction that empties the tables: no other connection ever sees the table without them.
    """
    kind = type(connection.ops)
    empty = kind.execute_sql_flush

    def let_go_and_empty(operations: BaseDatabaseOperations, statements: list[str]) -> None:
        with operations.connection.cursor() as cursor:
            cursor.execute(PAPER_TRIGGERS)
            triggers = cursor.fetchall()
        let_go = [f"DROP TRIGGER {name}" for name, _ in triggers]
        empty(operations, [*let_go, *statements, *(made for _, made in triggers)])

    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            patch.setattr(kind, "execute_sql_flush", let_go_and_empty)
        yield


@pytest.fixture
def willow_lane(db):
    """A nursery with two teams, Baby Room and Preschool."""
    return make.make_care_setting("Willow Lane")


@pytest.fixture
def harbour_house(db):
    """A children's home, which must never see Willow Lane."""
    return make.make_care_setting("Harbour House", kind="childrens_home")


@pytest.fixture
def baby_room(willow_lane):
    """A team of Willow Lane."""
    return make.make_team(willow_lane, "Baby Room")


@pytest.fixture
def preschool(willow_lane):
    """The other team of Willow Lane."""
    return make.make_team(willow_lane, "Preschool")


@pytest.fixture
def day_team(harbour_house):
    """A team of Harbour House."""
    return make.make_team(harbour_house, "Day Team")


@pytest.fixture
def maya(willow_lane):
    """Owner and manager of Willow Lane."""
    user = make.make_user("Maya Okafor")
    make.make_membership(user, willow_lane, *ROLES["maya"])
    return user


@pytest.fixture
def fred(willow_lane, baby_room):
    """Facilitator in the Baby Room."""
    user = make.make_user("Fred Larsen")
    make.make_membership(user, willow_lane, *ROLES["fred"], teams=[baby_room])
    return user


@pytest.fixture
def priya(willow_lane, baby_room):
    """Practitioner in the Baby Room."""
    user = make.make_user("Priya Nair")
    make.make_membership(user, willow_lane, *ROLES["priya"], teams=[baby_room])
    return user


@pytest.fixture
def noor(willow_lane, preschool, harbour_house, day_team):
    """Practitioner in the Preschool and at Harbour House."""
    user = make.make_user("Noor Haddad")
    make.make_membership(user, willow_lane, *ROLES["noor"], teams=[preschool])
    make.make_membership(user, harbour_house, "practitioner", teams=[day_team])
    return user


@pytest.fixture
def omar(harbour_house, day_team):
    """Owner and manager of Harbour House only."""
    user = make.make_user("Omar Reyes")
    make.make_membership(user, harbour_house, "owner", "manager", teams=[day_team])
    return user


@pytest.fixture
def little_acorns(db):
    """A nursery that rents nothing yet, with one team."""
    care_setting = make.make_care_setting("Little Acorns")
    make.make_team(care_setting, "Toddler Room")
    return care_setting


@pytest.fixture
def lena(little_acorns):
    """Owner and manager of Little Acorns."""
    user = make.make_user("Lena Fischer")
    make.make_membership(user, little_acorns, "owner", "manager", teams=little_acorns.teams.all())
    return user


@pytest.fixture
def leo(willow_lane, baby_room):
    """Worked in the Baby Room until yesterday."""
    user = make.make_user("Leo Grant")
    left_at = timezone.now() - dt.timedelta(days=1)
    make.make_membership(user, willow_lane, "practitioner", teams=[baby_room], left_at=left_at)
    return user


@pytest.fixture
def bright_nurseries(db):
    """A nursery group that pays for its settings; it is no setting itself."""
    return make.make_payer("Bright Nurseries", contact_email="bills@bright.example")


@pytest.fixture
def gwen(bright_nurseries):
    """Orders for Bright Nurseries, and works in no setting."""
    user = make.make_user("Gwen Bright")
    bright_nurseries.people.create(user=user)
    return user


@pytest.fixture
def edith(db):
    """Edits courses in Wagtail."""
    user = make.make_user("Edith Bloom")
    user.groups.add(Group.objects.get(name="Editors"))
    return user


@pytest.fixture
def stan(db):
    """Provider staff."""
    return make.make_user("Stan Moss", is_staff=True, is_superuser=True)


@pytest.fixture
def outsider(db):
    """Signed in, but works nowhere."""
    return make.make_user("Ola Outside")


@pytest.fixture
def course(db):
    """A course of one section with one session, and the product that opens it."""
    product = make.make_product("Section two")
    course_page = make.make_course("The key person approach")
    section = make.make_section(course_page, "Section two", products=[product])
    session_page = make.make_session_page(section, "Everyday care")
    return SimpleNamespace(page=course_page, section=section, session_page=session_page, product=product)


@pytest.fixture
def rental(willow_lane, course):
    """Willow Lane rents the course from today."""
    return make.make_rental(willow_lane, course.product)


@pytest.fixture
def guide_page(course):
    """The facilitator guide of the course's session."""
    return make.make_guide_page(course.session_page)


@pytest.fixture
def task_sheet(course):
    """A task sheet of the course's session."""
    return make.make_task_sheet(course.session_page, "One day")


@pytest.fixture
def clip_page(course):
    """A clip of the course's session, ready to be watched."""
    return make.make_clip_page(course.session_page, "A nappy change")


@pytest.fixture
def sample_page(course):
    """A clip of the course's session that anybody may watch."""
    return make.make_clip_page(course.session_page, "Lunch for four", is_sample=True)


@pytest.fixture
def full_plan(baby_room, course, rental, priya):
    """The Baby Room’s plan: one action overdue, one open, one that begins like a formula."""
    plan = ActionPlan.objects.create(team=baby_room, course_page=course.page)
    who = Membership.objects.get(user=priya)
    today = london_day(timezone.now())
    late = make.make_action(
        plan, who=who, what="Greet each child at the door", due_on=today - dt.timedelta(days=3)
    )
    ActionReview.objects.create(
        action=late, verdict="going_well", note="Calmer mornings", reviewed_on=today, by_name="Priya Nair"
    )
    make.make_action(plan, who=who, what="Two of us sit down at lunch", why="So that nobody is alone")
    make.make_action(plan, who=who, what="=Say what comes next", how_we_will_know="Babies turn to us")
    return plan


@pytest.fixture
def as_(db):
    """A client signed in as the given person, or nobody: ``as_(maya).get(…)``."""

    def client_for(user=None, **options) -> Client:
        client = Client(**options)
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_for


def pytest_collection_modifyitems(items):
    """Tests that commit for real leave an empty database; give the next one back what migrations made."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = "transactional_db" in item.fixturenames or "live_server" in item.fixturenames
        if commits or (marker and marker.kwargs.get("transaction")):
            item.fixturenames.insert(0, "django_db_serialized_rollback")
