"""How many people finished a session is counted beforehand, and always what counting anew gives."""

import random
import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from practice.models import Reflection, SessionTally
from practice.services import reflections
from practice.services.tallies import recount_everything
from teams.models import Membership
from teams.services import remove_member
from tests import factories as make


def kept(care_setting, session_page) -> int:
    """The number as the pages read it."""
    rows = SessionTally.objects.filter(care_setting=care_setting, session_page=session_page)
    return rows.values_list("people", flat=True).first() or 0


def counted(care_setting, session_page) -> int:
    """The number as it is, slowly."""
    answers = Reflection.objects.filter(care_setting=care_setting, session_page=session_page, status="sent")
    return len(set(answers.values_list("author_id", flat=True)))


@pytest.fixture
def finished(priya, noor, willow_lane, prompt):
    """Priya and Noor finished the first prompt."""
    return [make.make_reflection(user, willow_lane, prompt, status="sent") for user in (priya, noor)]


def test_who_leaves_the_setting_or_a_team_still_counts(
    finished, maya, priya, noor, willow_lane, baby_room, course
):
    baby_room.memberships.clear()
    remove_member(
        actor=Membership.objects.get(user=maya),
        membership=Membership.objects.get(user=noor, care_setting=willow_lane),
        now=timezone.now(),
    )
    assert kept(willow_lane, course.session_page) == counted(willow_lane, course.session_page) == 2


def test_who_removes_one_of_two_answers_still_counts_and_without_both_does_not(
    finished, as_, priya, willow_lane, course, rental
):
    second = course.session_page.prompts.order_by("sort_order").last()
    make.make_reflection(priya, willow_lane, second, status="sent")
    for expected, reflection in [(2, finished[0]), (1, Reflection.objects.get(prompt=second))]:
        as_(priya).post(reverse("practice:remove_reflection", args=[reflection.pk]))
        assert kept(willow_lane, course.session_page) == expected


def test_an_erased_person_no_longer_counts(finished, priya, willow_lane, course):
    priya.delete()
    assert kept(willow_lane, course.session_page) == counted(willow_lane, course.session_page) == 1


def test_a_deleted_session_has_no_number(finished, willow_lane, course):
    course.session_page.delete()
    assert not SessionTally.objects.exists()
    assert Reflection.objects.count() == 2


def test_a_draft_and_another_setting_do_not_count(
    finished, fred, noor, willow_lane, harbour_house, prompt, course
):
    make.make_reflection(fred, willow_lane, prompt)
    make.make_reflection(noor, harbour_house, prompt, status="sent")
    assert kept(willow_lane, course.session_page) == 2
    assert kept(harbour_house, course.session_page) == 1


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_counting_gives_whatever_happens(willow_lane, harbour_house, course, seed):
    chance = random.Random(seed)  # noqa: S311 - not a secret
    pages = [course.session_page, make.make_session_page(course.section, "The second session")]
    people = [make.make_user() for _ in range(4)]
    for _ in range(60):
        page = chance.choice(pages)
        own = {
            "author": chance.choice(people),
            "care_setting": chance.choice([willow_lane, harbour_house]),
            "prompt": chance.choice(list(page.prompts.all())),
        }
        reflection = Reflection.objects.filter(**own).first()
        if reflection is None:
            make.make_reflection(**own)
        elif chance.random() < 0.6:
            reflections.finish_reflection(reflection=reflection)
        else:
            reflections.remove_reflection(reflection=reflection)
        if chance.random() < 0.03:
            people.pop().delete()
            people.append(make.make_user())
        for one in pages:
            for place in (willow_lane, harbour_house):
                assert kept(place, one) == counted(place, one)
    assert recount_everything() == 0


def test_the_command_puts_right_what_was_changed_past_the_site(finished, willow_lane, course, capsys):
    page = course.session_page
    Reflection.objects.filter(pk=finished[0].pk).update(status="draft")
    call_command("recount_people")
    assert "Numbers that were wrong: 1." in capsys.readouterr().out
    assert kept(willow_lane, page) == counted(willow_lane, page) == 1
    SessionTally.objects.all().delete()
    Reflection.objects.update(status="sent")
    assert recount_everything() == 1
    assert kept(willow_lane, page) == counted(willow_lane, page) == 2
    Reflection.objects.all()._raw_delete("default")
    assert kept(willow_lane, page) == 0
    assert recount_everything() == 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_who_finish_at_once_are_all_counted(willow_lane, course, prompt):
    waiting = [make.make_reflection(make.make_user(), willow_lane, prompt) for _ in range(8)]
    gate = threading.Barrier(len(waiting))

    def finish(reflection: Reflection) -> None:
        try:
            gate.wait(timeout=20)
            with transaction.atomic():
                reflections.finish_reflection(reflection=reflection)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=finish, args=[one]) for one in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert kept(willow_lane, course.session_page) == len(waiting)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_whoever_is_erased_takes_the_numbers_in_one_order(priya, willow_lane, course, prompt):
    """Two who are erased at once would else wait for each other, each with a number the other wants."""
    second = make.make_session_page(course.section, "The second session").prompts.first()
    make.make_reflection(make.make_user(), willow_lane, prompt, status="sent")
    # Priya has answered the later session first, so that her answers go in the other order.
    for one in (second, prompt):
        make.make_reflection(priya, willow_lane, one, status="sent")
    first, last = SessionTally.objects.order_by("pk")
    assert first.session_page_id == prompt.session_page_id

    def erase() -> None:
        try:
            with transaction.atomic():  # as Django erases somebody with hundreds of answers: bit by bit
                for answer in Reflection.objects.filter(author=priya).order_by("pk"):
                    answer.delete()
                priya.delete()
        finally:
            connection.close()

    erasing = threading.Thread(target=erase)
    with transaction.atomic():
        SessionTally.objects.select_for_update().get(pk=first.pk)
        erasing.start()
        wait_until_somebody_waits()
        SessionTally.objects.select_for_update(nowait=True).get(pk=last.pk)
    erasing.join(timeout=20)
    assert [one.people for one in SessionTally.objects.order_by("pk")] == [1, 0]


def wait_until_somebody_waits() -> None:
    """Until another connection waits for one of our locks; if none ever does, the test fails."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("Nobody waits.")
