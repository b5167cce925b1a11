"""Maya downloads the team action plan as a table and as a PDF, and opens both: in a real browser."""

import datetime as dt

import pytest
from django.utils import timezone

from billing.models import Term
from elearning import printing
from elearning.periods import london_day
from tests.browser.conftest import assert_good_everywhere
from tests.downloads import assert_same_rows, rows_of

pytestmark = pytest.mark.usefixtures("full_plan")
PLAN = "/at/willow-lane/teams/baby-room/the-key-person-approach/plan"


@pytest.mark.skipif(not printing.is_available(), reason="Pango is not on this machine")
def test_a_manager_downloads_the_plan_also_after_the_rental(visit, maya, rental, course):
    visitor = visit()
    page = visitor.sign_in(maya)
    assert_good_everywhere(visitor, "setting-home")
    visitor.follow("Team action plan of Baby Room")
    assert_good_everywhere(visitor, "plan")
    table = visitor.download("Download CSV")
    assert len(rows_of(table)) == 3
    assert_same_rows(table, visitor.download("Download PDF"))

    today = london_day(timezone.now())
    Term.objects.filter(rental=rental).update(
        starts_on=today - dt.timedelta(days=400), ends_on=today - dt.timedelta(days=35)
    )
    visitor.expect(403)
    visitor.open(course.session_page.address)
    visitor.reads("The rental has ended")
    assert_good_everywhere(visitor, "closed-after-rental")
    visitor.follow("Renew for Willow Lane")
    visitor.reads("Go on to pay")
    visitor.open(PLAN + "/")
    assert rows_of(visitor.download("Download CSV")) == rows_of(table)
    assert visitor.download("Download PDF").startswith(b"%PDF")
    page.close()


def test_a_manager_of_another_setting_finds_nothing(visit, omar, course):
    visitor = visit(omar)
    visitor.expect(404)
    for address in ("/at/willow-lane/", "/at/willow-lane/people/", f"{PLAN}/", f"{PLAN}.csv", f"{PLAN}.pdf"):
        answer = visitor.page.goto(visitor.address + address)
        assert answer.status == 404, address
        assert "Willow Lane" not in visitor.page.content()
    assert_good_everywhere(visitor, "not-found")
