"""Adding, changing and reviewing actions: two people at once, bad input, and never a lost word."""

import datetime as dt

import pytest
from django.utils import timezone

from billing.models import Term
from courses.models import StarterAction
from practice.models import ActionReview, PlannedAction
from practice.services import plans as services
from teams.models import Membership
from tests import factories as make


def test_a_team_member_adds_an_action(as_, priya, rental, plan_url, words, course, today):
    answer = as_(priya).post(plan_url("add_action"), words(session_page_id=course.session_page.pk))
    action = PlannedAction.objects.get()
    assert answer["Location"] == f"{plan_url()}#action-{action.pk}"
    assert (action.what, action.who_name, action.status) == ("Name each nappy change", "Priya Nair", "open")
    assert (action.session_page, action.created_by) == (course.session_page, priya)
    assert action.due_on == today + dt.timedelta(days=14)


def test_one_can_write_another_straight_away(as_, priya, rental, plan_url, words):
    answer = as_(priya).post(plan_url("add_action"), words(button="another"))
    assert answer["Location"] == plan_url("add_action")


def test_the_form_begins_as_ones_own_for_four_weeks(as_, priya, rental, plan_url, today):
    page = as_(priya).get(plan_url("add_action")).content.decode()
    assert (today + dt.timedelta(days=28)).isoformat() in page
    assert f'value="{Membership.objects.get(user=priya).pk}" selected' in page


# --- From a session, and from an author's idea ----------------------------------------------------


@pytest.fixture
def session_url(willow_lane, course):
    return f"/at/{willow_lane.slug}/sessions/{course.session_page.pk}/action/"


def test_an_idea_is_adopted_in_two_clicks(as_, priya, rental, session_url, plan_url, course):
    idea = course.session_page.starter_actions.get()
    client = as_(priya)
    form = client.get(session_url, {"idea": idea.pk}, follow=True)
    initial = form.context["form"].initial
    assert initial["what"] == idea.what
    sent = {name: value for name, value in initial.items() if value is not None}
    assert client.post(plan_url("add_action"), sent).status_code == 302
    assert PlannedAction.objects.get().what == idea.what


def test_an_idea_of_a_closed_session_fills_nothing(as_, priya, rental, session_url, course):
    idea = course.session_page.starter_actions.get()
    Term.objects.update(revoked_at=timezone.now())
    form = as_(priya).get(session_url, {"idea": idea.pk}, follow=True)
    assert "what" not in form.context["form"].initial


@pytest.mark.parametrize("number", [0, 987654321, 10**30])
def test_a_session_that_is_not_there_is_404(as_, priya, rental, willow_lane, number):
    answer = as_(priya).post(f"/at/{willow_lane.slug}/sessions/{number}/action/", {"what": "Sing"})
    assert answer.status_code == 404


def test_an_idea_in_a_draft_fills_nothing(as_, priya, rental, plan_url, course):
    idea = course.session_page.starter_actions.get()
    type(course.session_page).objects.update(live=False)
    form = as_(priya).get(f"{plan_url}actions/new/", {"idea": idea.pk})
    assert idea.what not in form.content.decode()


@pytest.mark.parametrize("idea", ["abc", "-1", "9" * 30, "\x00", "1.5", "²"])
def test_a_senseless_idea_fills_nothing(as_, priya, rental, plan_url, idea):
    answer = as_(priya).get(plan_url("add_action"), {"idea": idea, "session": idea})
    assert answer.status_code == 200


def test_an_idea_of_another_course_fills_nothing(as_, priya, rental, plan_url):
    page = make.make_session_page(make.make_section(make.make_course()))
    idea = StarterAction.objects.get(session_page=page)
    form = as_(priya).get(plan_url("add_action"), {"idea": idea.pk})
    assert "what" not in form.context["form"].initial


def test_one_line_on_the_session_page_is_enough(as_, priya, rental, session_url, baby_room, today, course):
    back = course.session_page.address
    answer = as_(priya).post(session_url, {"what": "Sing", "team": baby_room.pk, "back": back})
    assert answer["Location"] == f"{back}#plan"
    action = PlannedAction.objects.get()
    assert (action.what, action.who_name, action.session_page) == ("Sing", "Priya Nair", course.session_page)
    assert action.due_on == today + dt.timedelta(days=28)


@pytest.mark.parametrize("what", ["", "x" * 201, "a\x00b"])
def test_a_bad_line_comes_back_in_the_whole_form(as_, priya, rental, session_url, baby_room, what):
    answer = as_(priya).post(session_url, {"what": what, "team": baby_room.pk})
    assert answer.status_code == 422
    assert what in answer.content.decode()
    assert not PlannedAction.objects.exists()


def test_nobody_adds_to_a_team_that_is_not_theirs(as_, priya, rental, session_url, preschool):
    as_(priya).post(session_url, {"what": "Sing", "team": preschool.pk})
    assert not PlannedAction.objects.filter(plan__team=preschool).exists()


def test_who_is_in_no_team_gets_404(as_, rental, willow_lane, session_url):
    user = make.make_user()
    make.make_membership(user, willow_lane, "practitioner")
    assert as_(user).post(session_url, {"what": "Sing"}).status_code == 404


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "due_on",
    ["2026-02-30", "30/02/2026", "10000-01-01", "9999-12-31", "0001-01-01", "1066-10-14", "soon", "", "\x00"],
)
def test_a_day_that_nobody_can_mean_is_422_at_the_field(as_, priya, rental, plan_url, words, due_on):
    answer = as_(priya).post(plan_url("add_action"), words(due_on=due_on))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"due_on"}
    page = answer.content.decode()
    assert "Name each nappy change" in page
    if due_on.strip("\x00"):
        assert f'value="{due_on}"' in page


def test_what_is_no_day_is_drawn_as_text_so_that_it_can_be_seen(as_, priya, rental, plan_url, words):
    page = as_(priya).post(plan_url("add_action"), words(due_on="2026-02-30")).content.decode()
    assert '<input type="text" name="due_on" value="2026-02-30"' in page


def test_an_owner_who_has_left_is_422_at_the_field(as_, priya, leo, rental, plan_url, words):
    answer = as_(priya).post(plan_url("add_action"), words(who=Membership.objects.get(user=leo).pk))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"who"}


@pytest.mark.parametrize("who", ["", "abc", "0", "-1", "9" * 30, "\x00"])
def test_a_senseless_owner_is_422(as_, priya, rental, plan_url, words, who):
    assert as_(priya).post(plan_url("add_action"), words(who=who)).status_code == 422


def test_an_owner_of_another_setting_is_422(as_, priya, omar, rental, plan_url, words):
    answer = as_(priya).post(plan_url("add_action"), words(who=Membership.objects.get(user=omar).pk))
    assert answer.status_code == 422


def test_a_session_of_another_course_is_422(as_, priya, rental, plan_url, words):
    page = make.make_session_page(make.make_section(make.make_course()))
    assert as_(priya).post(plan_url("add_action"), words(session_page_id=page.pk)).status_code == 422


@pytest.mark.parametrize("field", ["what", "why", "how_we_will_know", "what_is_needed"])
@pytest.mark.parametrize("value", ["a\x00b", "x" * 1_000_000])
def test_words_that_cannot_be_kept_come_back_whole(as_, priya, rental, plan_url, words, field, value):
    answer = as_(priya).post(plan_url("add_action"), words(**{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert value in answer.content.decode()


def test_words_about_what_is_needed_raise_the_flag(as_, priya, rental, plan_url, words):
    as_(priya).post(plan_url("add_action"), words(what_is_needed="A chair"))
    assert PlannedAction.objects.get().needs_manager


# --- Changing -------------------------------------------------------------------------------------


def test_a_change_raises_the_version(as_, priya, action, plan_url, words):
    as_(priya).post(plan_url("action", action.pk), words(what="Sing more", version="1"))
    action.refresh_from_db()
    assert (action.what, action.version, action.changed_by) == ("Sing more", 2, priya)


def test_two_people_at_the_same_action_get_both_versions_and_a_name(
    as_, priya, fred, action, plan_url, words
):
    as_(fred).post(plan_url("action", action.pk), words(what="Fred's way", version="1"))
    answer = as_(priya).post(plan_url("action", action.pk), words(what="Priya's way", version="1"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Fred Larsen changed this while you were writing" in page
    assert "Fred&#x27;s way" in page
    assert "Priya&#x27;s way" in page
    action.refresh_from_db()
    assert action.what == "Fred's way"
    # Having seen both, she decides.
    answer = as_(priya).post(plan_url("action", action.pk), words(what="Both ways", version="2"))
    assert answer.status_code == 302
    action.refresh_from_db()
    assert action.what == "Both ways"


def test_two_people_at_different_actions_both_land(as_, priya, fred, plan, action, plan_url, words):
    other = make.make_action(plan)
    as_(fred).post(plan_url("action", other.pk), words(what="Fred's", version="1"))
    as_(priya).post(plan_url("action", action.pk), words(what="Priya's", version="1"))
    assert set(PlannedAction.objects.values_list("what", flat=True)) == {"Fred's", "Priya's"}


@pytest.mark.parametrize("version", ["", "abc", "-1", "99999999999999999999"])
def test_a_senseless_version_overwrites_nothing(as_, priya, action, plan_url, words, version):
    answer = as_(priya).post(plan_url("action", action.pk), words(what="Mine", version=version))
    assert answer.status_code == 409
    action.refresh_from_db()
    assert action.what != "Mine"


def test_reviewing_meanwhile_is_no_clash(as_, priya, fred, action, plan_url, words, today):
    as_(fred).post(
        plan_url("review_action", action.pk), {"verdict": "going_well", "reviewed_on": today.isoformat()}
    )
    assert as_(priya).post(plan_url("action", action.pk), words(version="1")).status_code == 302


def test_the_form_of_a_leavers_action_asks_for_somebody_else(as_, priya, leo, plan, plan_url, words):
    action = make.make_action(plan, who=Membership.objects.get(user=leo))
    page = as_(priya).get(plan_url("action", action.pk)).content.decode()
    assert "Leo Grant (former member) had taken this on" in page
    assert as_(priya).post(plan_url("action", action.pk), words(version="1")).status_code == 302


def test_bad_input_to_a_change_is_422_with_every_word(as_, priya, action, plan_url, words):
    answer = as_(priya).post(plan_url("action", action.pk), words(what="x" * 300, version="1"))
    assert answer.status_code == 422
    assert "x" * 300 in answer.content.decode()


@pytest.mark.parametrize("number", [0, 987654321, 10**30])
def test_an_absent_action_is_404(as_, priya, plan, plan_url, number):
    assert as_(priya).get(plan_url("action", number)).status_code == 404


def test_an_action_of_another_plan_is_404(as_, priya, plan, preschool, course, plan_url):
    from practice.models import ActionPlan

    other = ActionPlan.objects.create(team=preschool, course_page=course.page)
    assert as_(priya).get(plan_url("action", make.make_action(other).pk)).status_code == 404


# --- Reviews --------------------------------------------------------------------------------------


@pytest.fixture
def review(as_, priya, action, plan_url, today):
    def post(**changes):
        data = {"verdict": "going_well", "note": "Warmer.", "reviewed_on": today.isoformat(), **changes}
        return as_(priya).post(plan_url("review_action", action.pk), data)

    return post


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        ("done", "done"),
        ("dropped", "dropped"),
        ("stuck", "open"),
        ("changed", "open"),
        ("going_well", "open"),
    ],
)
def test_a_review_is_kept_and_says_how_the_action_stands(review, action, priya, verdict, status):
    assert review(verdict=verdict).status_code == 302
    action.refresh_from_db()
    assert action.status == status
    kept = ActionReview.objects.get()
    assert (kept.by, kept.by_name, kept.note, kept.verdict) == (priya, "Priya Nair", "Warmer.", verdict)


def test_reviews_never_overwrite_each_other(review, action):
    review(verdict="stuck", note="First.")
    review(verdict="done", note="Second.")
    assert list(action.reviews.oldest_first().values_list("note", flat=True)) == ["First.", "Second."]


def test_dropping_needs_a_reason(review, action):
    answer = review(verdict="dropped", note="")
    assert answer.status_code == 422
    assert set(answer.context["review_form"].errors) == {"note"}
    action.refresh_from_db()
    assert action.is_open


def test_a_closed_action_can_be_opened_again(review, action):
    review(verdict="done")
    review(verdict="stuck")
    action.refresh_from_db()
    assert action.is_open


@pytest.mark.parametrize(
    "change", [{"verdict": "brilliant"}, {"verdict": ""}, {"note": "x" * 1001}, {"note": "a\x00"}]
)
def test_a_bad_review_is_422_and_keeps_its_words(review, change):
    answer = review(**change)
    assert answer.status_code == 422
    assert change.get("note", "Warmer.") in answer.content.decode()


@pytest.mark.parametrize("reviewed_on", ["2999-01-01", "2026-02-30", "", "1999-01-01"])
def test_a_review_is_of_a_day_that_was(review, reviewed_on):
    assert review(reviewed_on=reviewed_on).status_code == 422


def test_reading_the_address_of_a_review_is_refused(as_, priya, action, plan_url):
    assert as_(priya).get(plan_url("review_action", action.pk)).status_code == 405


# --- The services by themselves -------------------------------------------------------------------


def test_a_change_from_an_old_version_changes_nothing(action, fred):
    with pytest.raises(services.ChangedMeanwhileError) as refusal:
        services.change_action(
            action=action, version=7, words={"what": "Mine"}, actor=fred, now=timezone.now()
        )
    assert refusal.value.current == action
    assert "Priya Nair" in str(refusal.value)
    assert PlannedAction.objects.get().what == action.what
