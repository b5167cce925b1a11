"""Sending a letter again, and taking it back."""

import datetime as dt

import pytest
from django.utils import timezone

from teams.models import Invitation
from tests import factories as make
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(willow_lane):
    return make.make_invitation(willow_lane, "new@example.org", expires_at=timezone.now())


def address(letter, what: str) -> str:
    """Where the button for this letter leads."""
    return f"/at/willow-lane/people/invitations/{letter.pk}/{what}/"


def test_sending_again_gives_a_new_link_and_ends_the_old_one(as_, maya, letter, client):
    old_path = letter.path
    assert as_(maya).post(address(letter, "resend")).status_code == 302
    letter.refresh_from_db()
    assert letter.is_open_at(timezone.now())
    (message,) = send_waiting_mail()
    assert letter.path in message.body
    assert client.get(old_path).status_code == 410
    assert client.get(letter.path).status_code == 302


def test_not_again_within_ten_minutes(as_, maya, willow_lane):
    letter = make.make_invitation(willow_lane, "new@example.org")
    response = as_(maya).post(address(letter, "resend"), follow=True)
    assert "It was sent a few minutes ago." in response.content.decode()
    assert send_waiting_mail() == []
    ten_minutes_ago = letter.expires_at - dt.timedelta(minutes=10)
    Invitation.objects.filter(pk=letter.pk).update(expires_at=ten_minutes_ago)
    as_(maya).post(address(letter, "resend"))
    assert len(send_waiting_mail()) == 1


def test_a_letter_taken_back_no_longer_works(as_, maya, willow_lane, client):
    letter = make.make_invitation(willow_lane)
    assert as_(maya).post(address(letter, "withdraw")).status_code == 302
    assert client.get(letter.path).status_code == 410
    assert as_(maya).post(address(letter, "withdraw")).status_code == 404
    assert as_(maya).post(address(letter, "resend")).status_code == 404


@pytest.mark.parametrize("what", ["resend", "withdraw"])
def test_a_letter_of_another_setting_is_not_found(as_, maya, harbour_house, what):
    foreign = make.make_invitation(harbour_house)
    assert as_(maya).post(address(foreign, what)).status_code == 404
    foreign.refresh_from_db()
    assert foreign.withdrawn_at is None


@pytest.mark.parametrize("what", ["resend", "withdraw"])
@pytest.mark.parametrize(("name", "status"), [("omar", 404), ("outsider", 404), ("priya", 403)])
def test_others_may_not(as_, request, letter, what, name, status):
    assert as_(request.getfixturevalue(name)).post(address(letter, what)).status_code == status


@pytest.mark.parametrize("what", ["resend", "withdraw"])
def test_reading_changes_nothing(as_, maya, letter, what):
    assert as_(maya).get(address(letter, what)).status_code == 405
