"""A reflection is read by its author and whom the author chose. Nobody else."""

import pytest
from django.utils import timezone

from practice.models import Reflection
from practice.services.reflections import share_reflection
from teams.models import Membership
from tests import factories as make

EVERYONE = ("priya", "fred", "maya", "noor", "omar", "leo", "edith", "stan", "outsider", "tess")


@pytest.fixture
def tess(willow_lane, preschool):
    """Facilitates in the other team."""
    user = make.make_user("Tess Grey")
    make.make_membership(user, willow_lane, "facilitator", teams=[preschool])
    return user


@pytest.fixture
def readers(request):
    """Who of the cast sees a reflection."""

    def find(reflection) -> set[str]:
        return {
            name
            for name in EVERYONE
            if Reflection.objects.visible_to(request.getfixturevalue(name)).contains(reflection)
        }

    for name in EVERYONE:
        request.getfixturevalue(name)
    return find


def share(reflection, shared_with, team=None):
    share_reflection(reflection=reflection, shared_with=shared_with, team=team, now=timezone.now())


def test_nobody_but_the_author_reads_what_is_not_shared(readers, reflection):
    assert readers(reflection) == {"priya"}


def test_shared_with_the_team_is_read_by_its_people_and_the_managers(readers, reflection, baby_room):
    share(reflection, "team", baby_room)
    assert readers(reflection) == {"priya", "fred", "maya"}


def test_shared_with_facilitators_is_read_by_those_of_the_team(readers, reflection, baby_room):
    share(reflection, "facilitator", baby_room)
    assert readers(reflection) == {"priya", "fred"}


def test_shared_with_facilitators_by_somebody_in_no_team_is_read_by_all_of_them(readers, reflection):
    share(reflection, "facilitator")
    assert readers(reflection) == {"priya", "fred", "tess"}


def test_unshared_is_private_again(readers, reflection, baby_room):
    share(reflection, "team", baby_room)
    share(reflection, "nobody")
    assert readers(reflection) == {"priya"}
    assert reflection.shared_at is None


def test_a_manager_sees_no_unshared_row(maya, reflection):
    assert not Reflection.objects.visible_to(maya).exists()


def test_who_leaves_reads_nothing_of_others_and_keeps_their_own(readers, reflection, priya, fred, baby_room):
    share(reflection, "team", baby_room)
    Membership.objects.filter(user__in=[priya, fred]).update(left_at=timezone.now())
    assert readers(reflection) == {"priya", "maya"}


# --- Through the pages ----------------------------------------------------------------------------


def test_the_author_shares_in_the_journal(as_, priya, reflection, baby_room, willow_lane):
    address = f"/journal/{reflection.pk}/share/"
    answer = as_(priya).post(address, {"readers": f"facilitator:{baby_room.pk}", "back": "/journal/"})
    assert answer["Location"] == f"/journal/#reflection-{reflection.pk}"
    reflection.refresh_from_db()
    assert (reflection.shared_with, reflection.team) == ("facilitator", baby_room)


def test_what_is_shared_stands_on_the_readers_page(as_, fred, reflection, baby_room, willow_lane):
    share(reflection, "team", baby_room)
    page = as_(fred).get(f"/at/{willow_lane.slug}/shared/").content.decode()
    assert "I rush the nappy change." in page
    assert "Priya Nair" in page


def test_second_copies_are_for_the_author_alone(as_, fred, priya, reflection, baby_room, willow_lane):
    reflection.copies.create(text="quillwort")
    share(reflection, "team", baby_room)
    assert "quillwort" not in as_(fred).get(f"/at/{willow_lane.slug}/shared/").content.decode()
    assert "quillwort" in as_(priya).get(f"/at/{willow_lane.slug}/journal/").content.decode()


@pytest.mark.parametrize("readers", ["", "everybody", "team:", "team:abc", "team:999999", "nobody:1", "\x00"])
def test_a_choice_that_is_not_there_changes_nothing(as_, priya, reflection, readers):
    as_(priya).post(f"/journal/{reflection.pk}/share/", {"readers": readers})
    reflection.refresh_from_db()
    assert not reflection.is_shared


@pytest.mark.parametrize("act", ["share", "remove"])
def test_nobody_shares_or_removes_for_another(as_, maya, reflection, act):
    answer = as_(maya).post(f"/journal/{reflection.pk}/{act}/", {"readers": "nobody"})
    assert answer.status_code == 404
    assert Reflection.objects.exists()


def test_a_leaver_takes_back_but_shares_no_more(as_, priya, reflection, baby_room):
    share(reflection, "team", baby_room)
    Membership.objects.filter(user=priya).update(left_at=timezone.now())
    client = as_(priya)
    client.post(f"/journal/{reflection.pk}/share/", {"readers": f"facilitator:{baby_room.pk}"})
    reflection.refresh_from_db()
    assert reflection.shared_with == "team"
    client.post(f"/journal/{reflection.pk}/share/", {"readers": "nobody"})
    reflection.refresh_from_db()
    assert reflection.shared_with == "nobody"


def test_the_author_removes_their_words_for_good(as_, priya, reflection):
    reflection.copies.create(text="Another")
    as_(priya).post(f"/journal/{reflection.pk}/remove/")
    assert not Reflection.objects.exists()


def test_the_author_removes_a_second_copy_and_nobody_else_does(as_, priya, maya, reflection):
    copy = reflection.copies.create(text="Another")
    assert as_(maya).post(f"/journal/copies/{copy.pk}/remove/").status_code == 404
    as_(priya).post(f"/journal/copies/{copy.pk}/remove/")
    assert not reflection.copies.exists()
    assert Reflection.objects.exists()
