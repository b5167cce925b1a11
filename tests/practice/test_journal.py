"""My journal: read, printed and taken out, also when the rental is over and after leaving."""

from django.utils import timezone

from billing.models import Term
from teams.models import Membership
from tests import factories as make


def test_ones_own_answers_stand_under_their_session(as_, priya, reflection, willow_lane):
    page = as_(priya).get(f"/at/{willow_lane.slug}/journal/").content.decode()
    assert "Everyday care" in page
    assert "Which routine 0?" in page
    assert "I rush the nappy change." in page


def test_nobody_elses_answers_do(as_, fred, reflection, willow_lane):
    page = as_(fred).get(f"/at/{willow_lane.slug}/journal/").content.decode()
    assert "I rush" not in page
    assert "Nothing written yet" in page


def test_each_setting_has_its_own(as_, noor, reflection, willow_lane, harbour_house, prompt):
    make.make_reflection(noor, willow_lane, prompt, text="At the lane.")
    make.make_reflection(noor, harbour_house, prompt, text="At the harbour.")
    page = as_(noor).get(f"/at/{harbour_house.slug}/journal/").content.decode()
    assert "At the harbour." in page
    assert "At the lane." not in page
    both = as_(noor).get("/journal/").content.decode()
    assert "At the harbour." in both
    assert "At the lane." in both


def test_it_stays_open_when_the_rental_is_over(as_, priya, reflection, willow_lane):
    Term.objects.all().update(revoked_at=timezone.now())
    assert "I rush" in as_(priya).get(f"/at/{willow_lane.slug}/journal/").content.decode()
    assert "I rush" in as_(priya).get("/journal/my-journal.txt").content.decode()


def test_a_leaver_reads_prints_and_takes_out_their_own(as_, priya, reflection, willow_lane):
    Membership.objects.filter(user=priya).update(left_at=timezone.now())
    client = as_(priya)
    assert client.get(f"/at/{willow_lane.slug}/journal/").status_code == 404
    for address in ("/journal/", "/journal/print/", "/journal/my-journal.txt"):
        assert "I rush the nappy change." in client.get(address).content.decode()


def test_the_file_is_plain_text_that_nobody_keeps(as_, priya, reflection):
    answer = as_(priya).get("/journal/my-journal.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "my-journal.txt" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.decode().splitlines()[0] == "My journal"


def test_an_answer_is_shown_as_typed_and_never_as_markup(as_, priya, willow_lane, rental, prompt):
    make.make_reflection(priya, willow_lane, prompt, text="<script>alert(1)</script>\nnext line")
    page = as_(priya).get(f"/at/{willow_lane.slug}/journal/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>next line" in page


def count(as_, user, address) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_(user)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_journal_costs_the_same_for_2_answers_and_200(as_, priya, willow_lane, rental, course):
    def answer(number):
        page = make.make_session_page(course.section, f"More {number}", prompts=number, actions=0)
        for prompt in page.prompts.all():
            make.make_reflection(priya, willow_lane, prompt).copies.create(text="x")

    answer(2)
    few = count(as_, priya, f"/at/{willow_lane.slug}/journal/")
    answer(198)
    many = count(as_, priya, f"/at/{willow_lane.slug}/journal/")
    assert few == many <= 8
