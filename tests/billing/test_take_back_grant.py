"""Taking back what was granted: at once, with a reason that is kept, and never what was paid for."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import GrantTakenBack, Term
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(as_, stan):
    return as_(stan)


@pytest.fixture
def grant(willow_lane, product) -> Term:
    return make.make_rental(willow_lane, product).terms.get()


def take_back(desk, term, reason="The trial is over"):
    return desk.post(reverse("billing_desk:take_back", args=[term.pk]), {"reason": reason})


def test_it_closes_at_once_and_keeps_who_and_why(desk, grant, stan, willow_lane):
    today = timezone.localdate()
    assert Term.objects.opening_on(today).exists()
    assert take_back(desk, grant).status_code == 302
    assert not Term.objects.opening_on(today).exists()
    kept = GrantTakenBack.objects.get()
    assert (kept.term, kept.reason, kept.taken_back_by) == (grant, "The trial is over", stan)
    page = desk.get(reverse("billing_desk:grants")).content.decode()
    for words in ("Willow Lane", "for a test", "Taken back on", "The trial is over", "Stan Moss"):
        assert words in page


def test_a_second_press_is_refused_and_changes_nothing(desk, grant):
    take_back(desk, grant)
    first = GrantTakenBack.objects.get()
    assert take_back(desk, grant, "Again").status_code == 409
    assert GrantTakenBack.objects.get().reason == first.reason


def test_without_a_reason_it_comes_back(desk, grant):
    assert take_back(desk, grant, " ").status_code == 422
    grant.refresh_from_db()
    assert grant.revoked_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantTakenBack.objects.create(
            term=grant, taken_back_by=grant.granted_by, taken_back_at=timezone.now(), reason=""
        )


def test_what_was_paid_for_is_not_there_to_take_back(desk, order, pay, reconcile, stan):
    reconcile(pay(order))
    term = Term.objects.get()
    assert take_back(desk, term).status_code == 404
    with pytest.raises(services.CannotDecideError, match="give the money back"):
        services.take_back_grant(term=term, reason="x", actor=stan, now=timezone.now())
    assert Term.objects.unrevoked().exists()


def test_the_days_are_free_again(desk, grant, begin, maya, willow_lane, pay, reconcile):
    take_back(desk, grant)
    reconcile(pay(begin(maya, willow_lane)))
    assert Term.objects.unrevoked().get().starts_on == timezone.localdate()


def test_no_grants_yet_says_so(desk):
    assert "Nothing was granted so far" in desk.get(reverse("billing_desk:grants")).content.decode()
