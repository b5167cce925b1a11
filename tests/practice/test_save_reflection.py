"""Saving an answer: whatever happens to sign-in, access or the other tab, no word is lost."""

import datetime as dt

import pytest
from django.utils import timezone

from billing.models import Term
from practice.models import Reflection, ReflectionCopy
from teams.models import Membership
from tests import factories as make

JSON = {"HTTP_ACCEPT": "application/json"}


def test_a_first_save_keeps_the_words_and_says_when(as_, priya, rental, save_url, prompt, course):
    answer = as_(priya).post(save_url, {"text": "I rush it.", "version": "0"}, **JSON)
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert answer.json()["saved_at"] == f"{timezone.localtime():%H:%M}"
    kept = Reflection.objects.get()
    assert (kept.author, kept.text, kept.prompt_text) == (priya, "I rush it.", prompt.text)
    assert (kept.session_page, kept.session_title) == (course.session_page, "Everyday care")
    assert kept.shared_with == "nobody"
    assert kept.status == "draft"


def test_saving_again_raises_the_version(as_, priya, save_url, reflection):
    answer = as_(priya).post(save_url, {"text": "Slower now.", "version": "1"}, **JSON)
    assert answer.json()["version"] == 2
    reflection.refresh_from_db()
    assert reflection.text == "Slower now."


def test_a_plain_form_saves_and_goes_back_to_the_prompt(as_, priya, rental, save_url, prompt, course):
    back = course.session_page.address
    answer = as_(priya).post(save_url, {"text": "I rush it.", "version": "0", "back": back})
    assert answer.status_code == 302
    assert answer["Location"] == f"{back}#prompt-{prompt.pk}"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_going_back_never_leaves_the_site(as_, priya, rental, save_url, willow_lane, back):
    answer = as_(priya).post(save_url, {"text": "I rush it.", "version": "0", "back": back})
    assert answer["Location"].startswith(f"/at/{willow_lane.slug}/journal/")


def test_finishing_is_noted(as_, priya, save_url, reflection):
    as_(priya).post(save_url, {"text": reflection.text, "version": "1", "button": "finish"})
    reflection.refresh_from_db()
    assert reflection.is_finished


def test_sharing_saves_and_shares_in_one_press(as_, priya, rental, save_url, baby_room):
    data = {"text": "Read this.", "version": "0", "button": "share", "readers": f"team:{baby_room.pk}"}
    as_(priya).post(save_url, data)
    kept = Reflection.objects.get()
    assert (kept.text, kept.shared_with, kept.team) == ("Read this.", "team", baby_room)


def test_a_draft_that_saves_itself_never_shares(as_, priya, rental, save_url, baby_room):
    as_(priya).post(save_url, {"text": "Mine.", "version": "0", "readers": f"team:{baby_room.pk}"}, **JSON)
    assert Reflection.objects.get().shared_with == "nobody"


def test_nobody_shares_with_a_team_that_is_not_theirs(as_, priya, save_url, reflection, preschool):
    data = {"text": reflection.text, "version": "1", "button": "share", "readers": f"team:{preschool.pk}"}
    answer = as_(priya).post(save_url, data)
    assert answer.status_code == 422
    reflection.refresh_from_db()
    assert not reflection.is_shared


def test_signed_out_gets_401_and_an_address_to_sign_in(as_, rental, save_url):
    answer = as_().post(save_url, {"text": "Mine."}, **JSON)
    assert answer.status_code == 401
    assert answer.json() == {"sign_in": "/account/login/"}


def test_signed_out_without_a_script_goes_to_sign_in(as_, rental, save_url):
    assert as_().post(save_url, {"text": "Mine."})["Location"].startswith("/account/login/")


def test_two_tabs_get_both_texts_and_both_are_kept(as_, priya, save_url, reflection):
    as_(priya).post(save_url, {"text": "The first tab.", "version": "1"}, **JSON)
    answer = as_(priya).post(save_url, {"text": "The second tab.", "version": "1"}, **JSON)
    assert answer.status_code == 409
    assert answer.json()["theirs"] == "The first tab."
    assert answer.json()["version"] == 2
    reflection.refresh_from_db()
    assert reflection.text == "The first tab."
    assert ReflectionCopy.objects.get().text == "The second tab."


def test_two_tabs_that_both_begin_are_a_clash_too(as_, priya, rental, save_url):
    as_(priya).post(save_url, {"text": "The first tab.", "version": "0"}, **JSON)
    answer = as_(priya).post(save_url, {"text": "The second tab.", "version": "0"}, **JSON)
    assert answer.status_code == 409
    assert {Reflection.objects.get().text, ReflectionCopy.objects.get().text} == {
        "The first tab.",
        "The second tab.",
    }


def test_a_plain_form_shows_both_texts(as_, priya, save_url, reflection):
    as_(priya).post(save_url, {"text": "The first tab.", "version": "1"}, **JSON)
    answer = as_(priya).post(save_url, {"text": "The second tab.", "version": "1"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "The first tab." in page
    assert "The second tab." in page
    assert 'name="version" value="2"' in page


def test_an_answer_that_got_lost_on_the_way_is_no_clash(as_, priya, save_url, reflection):
    """The server had saved; the browser never heard of it, and sends the longer text with the old version."""
    as_(priya).post(save_url, {"text": "I rush", "version": "1"}, **JSON)
    answer = as_(priya).post(save_url, {"text": "I rush, and why", "version": "1"}, **JSON)
    assert answer.status_code == 200
    assert not ReflectionCopy.objects.exists()


def test_the_same_words_again_change_nothing(as_, priya, save_url, reflection):
    answer = as_(priya).post(save_url, {"text": reflection.text, "version": "7"}, **JSON)
    assert answer.status_code == 200
    assert answer.json()["version"] == 1


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_no_words_are_refused_and_nothing_is_lost(as_, priya, save_url, reflection, text):
    answer = as_(priya).post(save_url, {"text": text, "version": "1"}, **JSON)
    assert answer.status_code == 422
    assert answer.json()["errors"]["text"]
    reflection.refresh_from_db()
    assert reflection.text == "I rush the nappy change."


def test_too_many_words_name_the_limit_and_keep_every_word(as_, priya, rental, save_url):
    long = "word " * 1001
    assert "5,000" in as_(priya).post(save_url, {"text": long}, **JSON).json()["errors"]["text"][0]
    answer = as_(priya).post(save_url, {"text": long})
    assert answer.status_code == 422
    assert long.strip() in answer.content.decode()


def test_a_megabyte_is_refused_kindly(as_, priya, rental, save_url):
    text = "a" * 1_000_000
    answer = as_(priya).post(save_url, {"text": text})
    assert answer.status_code == 422
    assert "5,000" in answer.content.decode()
    assert text in answer.content.decode()


def test_a_character_that_no_database_takes_is_refused(as_, priya, rental, save_url):
    answer = as_(priya).post(save_url, {"text": "before\x00after"}, **JSON)
    assert answer.status_code == 422
    assert not Reflection.objects.exists()


def test_line_ends_count_once(as_, priya, rental, save_url):
    answer = as_(priya).post(save_url, {"text": "x\r\n" * 2500 + "x", "version": "0"}, **JSON)
    assert answer.status_code == 422  # 5001
    answer = as_(priya).post(save_url, {"text": "x\r\n" * 2499 + "x", "version": "0"}, **JSON)
    assert answer.status_code == 200


@pytest.mark.parametrize("version", ["", "abc", "-5", "99999999999999999999", "1.5", "\x00"])
def test_a_senseless_version_loses_nothing(as_, priya, save_url, reflection, version):
    answer = as_(priya).post(save_url, {"text": "Another text.", "version": version}, **JSON)
    assert answer.status_code == 409
    assert ReflectionCopy.objects.get().text == "Another text."


def end_rental():
    """Well past the days of grace."""
    today = timezone.localdate()
    Term.objects.update(starts_on=today - dt.timedelta(days=400), ends_on=today - dt.timedelta(days=35))


def test_when_the_rental_has_ended_the_last_words_are_kept_beside(as_, priya, save_url, reflection):
    end_rental()
    answer = as_(priya).post(save_url, {"text": "My last thought.", "version": "1"}, **JSON)
    assert answer.status_code == 409
    assert "theirs" not in answer.json()
    assert "access has ended" in answer.json()["reason"]
    reflection.refresh_from_db()
    assert reflection.text == "I rush the nappy change."
    assert ReflectionCopy.objects.get().text == "My last thought."
    taken_out = as_(priya).get("/journal/my-journal.txt").content.decode()
    assert "My last thought." in taken_out


def test_typing_on_after_the_end_keeps_one_copy(as_, priya, save_url, reflection):
    end_rental()
    for text in ("One", "One two", "One two three"):
        as_(priya).post(save_url, {"text": text, "version": "1"}, **JSON)
    assert ReflectionCopy.objects.get().text == "One two three"


def test_words_from_another_tab_after_the_end_take_no_others_away(as_, priya, save_url, reflection):
    end_rental()
    for text in ("At the window", "On the floor", "On the floor, with Mia"):
        as_(priya).post(save_url, {"text": text, "version": "1"}, **JSON)
    kept = ReflectionCopy.objects.order_by("pk").values_list("text", flat=True)
    assert list(kept) == ["At the window", "On the floor, with Mia"]


def test_a_question_that_was_never_published_is_not_found(as_, priya, save_url, course, rental):
    """A draft of an author's is nobody's business; what was published once can still be answered."""
    page = course.session_page
    type(page).objects.filter(pk=page.pk).update(live=False, first_published_at=timezone.now())
    assert as_(priya).post(save_url, {"text": "Hm.", "version": "0"}, **JSON).status_code == 200
    type(page).objects.filter(pk=page.pk).update(first_published_at=None)
    assert as_(priya).post(save_url, {"text": "", "version": "1"}).status_code == 404


def test_who_was_removed_while_typing_can_take_the_words_out(as_, priya, save_url, reflection):
    Membership.objects.filter(user=priya).update(left_at=timezone.now())
    answer = as_(priya).post(save_url, {"text": "My last thought.", "version": "1"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "My last thought." in page
    assert "/journal/my-journal.txt" in page
    assert "My last thought." in as_(priya).get("/journal/my-journal.txt").content.decode()


def test_a_leaver_begins_nothing_new(as_, leo, rental, save_url):
    answer = as_(leo).post(save_url, {"text": "Hello again.", "version": "0"})
    assert answer.status_code == 409
    assert "Hello again." in answer.content.decode()
    assert not Reflection.objects.exists()


def test_a_member_of_a_setting_that_never_rented_gets_404(as_, omar, rental, prompt, harbour_house):
    answer = as_(omar).post(f"/at/{harbour_house.slug}/prompts/{prompt.pk}/reflection/", {"text": "Hm."})
    assert answer.status_code == 404


@pytest.mark.parametrize("who", ["omar", "outsider", "edith", "stan"])
def test_a_stranger_gets_404(as_, request, rental, save_url, who):
    answer = as_(request.getfixturevalue(who)).post(save_url, {"text": "Hm."}, **JSON)
    assert answer.status_code == 404


@pytest.mark.parametrize("prompt_id", [0, 987654321, 10**30])
def test_an_absent_prompt_is_404(as_, priya, rental, willow_lane, prompt_id):
    answer = as_(priya).post(f"/at/{willow_lane.slug}/prompts/{prompt_id}/reflection/", {"text": "Hm."})
    assert answer.status_code == 404


def test_reading_the_address_is_refused(as_, priya, rental, save_url):
    assert as_(priya).get(save_url).status_code == 405


def test_an_answer_outlives_its_prompt_and_its_session(as_, priya, reflection, course, willow_lane):
    course.session_page.delete()
    reflection.refresh_from_db()
    assert (reflection.prompt, reflection.session_page) == (None, None)
    page = as_(priya).get(f"/at/{willow_lane.slug}/journal/").content.decode()
    assert "Everyday care" in page
    assert "I rush the nappy change." in page


def test_saving_takes_at_most_seven_statements(as_, priya, rental, save_url, django_assert_max_num_queries):
    client = as_(priya)
    with django_assert_max_num_queries(10) as first:  # the test's own transaction adds two savepoints
        client.post(save_url, {"text": "I rush it.", "version": "0"}, **JSON)
    with django_assert_max_num_queries(10) as again:
        client.post(save_url, {"text": "I do not.", "version": "1"}, **JSON)
    for captured in (first, again):
        own = [one["sql"] for one in captured if "SAVEPOINT" not in (one["sql"] or "a kept statement")]
        assert len(own) <= 7, own


def test_the_words_are_in_no_log(as_, priya, rental, save_url, caplog):
    as_(priya).post(save_url, {"text": "quillwort", "version": "0"}, **JSON)
    as_(priya).post(save_url, {"text": "quillwort two", "version": "7"}, **JSON)
    assert "quillwort" not in caplog.text
    assert "quillwort" not in str(make.Reflection.objects.get())
