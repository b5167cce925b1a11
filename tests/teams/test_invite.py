"""Inviting by e-mail: one or many addresses."""

import datetime as dt

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from teams.models import Invitation
from teams.services.invitations import LETTERS_A_DAY
from tests import factories as make
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db
PAGE = "/at/willow-lane/people/invite/"


def sent(emails: str, **fields) -> dict:
    """A filled form."""
    return {"emails": emails, "role": "practitioner", **fields}


def test_where_there_are_no_teams_yet_it_says_where_they_are_made(as_, lena, little_acorns, baby_room, maya):
    little_acorns.teams.all().delete()
    page = as_(lena).get(f"/at/{little_acorns.slug}/people/invite/").content.decode()
    assert "You can add them under People" in page
    assert "You can add them under People" not in as_(maya).get(PAGE).content.decode()


def test_one_person_gets_one_letter(as_, maya, baby_room):
    response = as_(maya).post(PAGE, sent("New@Example.org", teams=[baby_room.pk], role="facilitator"))
    assert response.status_code == 302
    letter = Invitation.objects.get()
    assert (letter.email, letter.role, letter.invited_by) == ("new@example.org", "facilitator", maya)
    assert list(letter.teams.all()) == [baby_room]
    (message,) = send_waiting_mail()
    assert message.to == ["new@example.org"]
    assert "Maya Okafor invites you" in message.body
    assert f"http://testserver{letter.path}" in message.body


def test_the_token_is_long_and_kept_nowhere(as_, maya):
    as_(maya).post(PAGE, sent("new@example.org"))
    letter = Invitation.objects.get()
    assert len(letter.token) == 64
    kept = [str(value) for value in Invitation.objects.values_list().get()]
    assert letter.token not in kept
    assert letter.token not in str(DBTaskResult.objects.get().args_kwargs)
    assert "new@example.org" not in str(DBTaskResult.objects.get().args_kwargs)


def test_it_is_good_for_seven_days(as_, maya):
    as_(maya).post(PAGE, sent("new@example.org"))
    left = Invitation.objects.get().expires_at - timezone.now()
    assert 6.99 < left.total_seconds() / 86_400 <= 7


def test_many_may_be_pasted_in_any_shape(as_, maya):
    pasted = "a@example.org, B@example.org;c@example.org\n\nDora Hill <d@example.org>\r\na@example.org"
    assert as_(maya).post(PAGE, sent(pasted)).status_code == 302
    emails = Invitation.objects.order_by("email").values_list("email", flat=True)
    assert list(emails) == [f"{letter}@example.org" for letter in "abcd"]
    assert len(send_waiting_mail()) == 4


def test_good_lines_are_sent_and_bad_ones_come_back_each_with_its_trouble(as_, maya, priya, willow_lane):
    waiting = make.make_invitation(willow_lane)
    lines = ["good@example.org", "no address", priya.email, waiting.email, "<script>@x"]
    response = as_(maya).post(PAGE, sent("\n".join(lines)))
    assert response.status_code == 422
    errors = " ".join(response.context["form"].errors["emails"])
    assert "“no address” is not an e-mail address." in errors
    assert f"“{priya.email}” works here already." in errors
    assert f"“{waiting.email}” is invited already" in errors
    assert set(response.context["form"]["emails"].value().splitlines()) == set(lines) - {"good@example.org"}
    assert [message.to for message in send_waiting_mail()] == [["good@example.org"]]
    assert "good@example.org" in response.content.decode()


def test_more_than_two_hundred_are_too_many_and_none_is_sent(as_, maya):
    pasted = "\n".join(f"p{number}@example.org" for number in range(201))
    response = as_(maya).post(PAGE, sent(pasted))
    assert response.status_code == 413
    assert "p200@example.org" in response.content.decode()
    assert not Invitation.objects.exists()


def test_two_hundred_are_not_too_many(as_, maya):
    pasted = "\n".join(f"p{number}@example.org" for number in range(200))
    assert as_(maya).post(PAGE, sent(pasted)).status_code == 302
    assert Invitation.objects.count() == 200


def test_five_hundred_a_day_are_enough_and_the_rest_stays_in_the_box(as_, maya, willow_lane, harbour_house):
    for number in range(LETTERS_A_DAY - 1):
        make.make_invitation((willow_lane, harbour_house)[number % 2], invited_by=maya)
    response = as_(maya).post(PAGE, sent("last@example.org, more@example.org"))
    assert response.status_code == 429
    assert "500 invitations in 24 hours" in response.content.decode()
    assert response.context["form"]["emails"].value() == "last@example.org, more@example.org"
    assert Invitation.objects.count() == LETTERS_A_DAY - 1
    assert as_(maya).post(PAGE, sent("last@example.org")).status_code == 302
    yesterday = timezone.now() - dt.timedelta(hours=24, minutes=1)
    Invitation.objects.filter(email__startswith="invited-").update(created_at=yesterday)
    assert as_(maya).post(PAGE, sent("more@example.org")).status_code == 302


def test_letters_of_others_do_not_count(as_, maya, willow_lane):
    other = make.make_user()
    for _ in range(LETTERS_A_DAY):
        make.make_invitation(willow_lane, invited_by=other)
    assert as_(maya).post(PAGE, sent("new@example.org")).status_code == 302


@pytest.mark.parametrize("emails", ["", "  \n ", "a\x00@example.org", "x" * 60_001])
def test_an_empty_or_senseless_box_comes_back(as_, maya, emails):
    assert as_(maya).post(PAGE, sent(emails)).status_code == 422
    assert not Invitation.objects.exists()


def test_a_foreign_team_is_refused(as_, maya, day_team):
    assert as_(maya).post(PAGE, sent("new@example.org", teams=[day_team.pk])).status_code == 422
    assert not Invitation.objects.exists()


def test_only_an_owner_invites_a_manager(as_, maya, willow_lane):
    mina = make.make_user("Mina Cole")
    make.make_membership(mina, willow_lane, "manager")
    assert as_(mina).post(PAGE, sent("new@example.org", role="manager")).status_code == 422
    assert as_(maya).post(PAGE, sent("new@example.org", role="manager")).status_code == 302


@pytest.mark.parametrize("role", ["owner", "", "king"])
def test_nobody_is_invited_as_anything_else(as_, maya, role):
    assert as_(maya).post(PAGE, sent("new@example.org", role=role)).status_code == 422


def test_a_letter_that_ran_out_is_sent_anew(as_, maya, willow_lane):
    old = make.make_invitation(willow_lane, "new@example.org", expires_at=timezone.now())
    token = old.token
    assert as_(maya).post(PAGE, sent("new@example.org")).status_code == 302
    old.refresh_from_db()
    assert old.is_open_at(timezone.now())
    assert old.token != token


def test_the_database_refuses_two_waiting_letters_to_one_address(willow_lane):
    from django.db import IntegrityError

    make.make_invitation(willow_lane, "new@example.org")
    with pytest.raises(IntegrityError):
        make.make_invitation(willow_lane, "NEW@example.org")


@pytest.mark.parametrize(("name", "status"), [("omar", 404), ("outsider", 404), ("leo", 404), ("fred", 403)])
def test_others_may_not(as_, request, willow_lane, name, status):
    client = as_(request.getfixturevalue(name))
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE, sent("new@example.org")).status_code == status
    assert not Invitation.objects.exists()
