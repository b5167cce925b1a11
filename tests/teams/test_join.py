"""The join link: asking, approving, declining, replacing."""

import datetime as dt

import pytest
from django.utils import timezone

from teams import services
from teams.models import JoinLink, JoinRequest
from tests import factories as make
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(willow_lane):
    return make.make_join_link(willow_lane)


def answer_address(join_request, what: str = "") -> str:
    """Where a manager answers."""
    return f"/at/willow-lane/people/requests/{join_request.pk}/{what}"


def test_a_stranger_learns_what_to_do(client, link):
    body = client.get(link.path).content.decode()
    assert "Willow Lane" in body
    assert f"/account/signup/?next={link.path}" in body


def test_asking_writes_to_every_manager(as_, outsider, maya, fred, link, willow_lane):
    mina = make.make_user("Mina Cole")
    make.make_membership(mina, willow_lane, "manager")
    assert as_(outsider).post(link.path).url == link.path
    messages = send_waiting_mail()
    assert {message.to[0] for message in messages} == {maya.email, mina.email}
    assert all("Ola Outside asks to join Willow Lane" in message.body for message in messages)
    assert "You have asked" in as_(outsider).get(link.path).content.decode()
    assert not outsider.memberships.exists()


def test_asking_twice_asks_once(as_, outsider, maya, link):
    as_(outsider).post(link.path)
    as_(outsider).post(link.path)
    assert JoinRequest.objects.count() == 1
    assert len(send_waiting_mail()) == 1


def test_a_member_goes_straight_in(as_, priya, link):
    assert as_(priya).get(link.path).url == "/at/willow-lane/"
    assert as_(priya).post(link.path).url == "/at/willow-lane/"
    assert not JoinRequest.objects.exists()


def test_a_manager_lets_them_in_and_they_are_told(as_, maya, outsider, willow_lane, baby_room):
    asked = make.make_join_request(willow_lane, outsider)
    assert outsider.email in as_(maya).get(answer_address(asked)).content.decode()
    sent = {"role": "practitioner", "teams": [baby_room.pk]}
    assert as_(maya).post(answer_address(asked), sent).status_code == 302
    assert outsider.memberships.get().is_standing
    assert list(outsider.memberships.get().teams.all()) == [baby_room]
    (message,) = send_waiting_mail()
    assert message.to == [outsider.email]
    assert "http://testserver/at/willow-lane/" in message.body


def test_two_managers_answer_once(as_, maya, outsider, willow_lane):
    asked = make.make_join_request(willow_lane, outsider)
    as_(maya).post(answer_address(asked), {"role": "practitioner"})
    response = as_(maya).post(answer_address(asked), {"role": "facilitator"})
    assert response.status_code == 409
    assert outsider.memberships.get().role_names == ["practitioner"]
    assert as_(maya).post(answer_address(asked, "decline/")).status_code == 302
    assert outsider.memberships.get().is_standing


def test_a_manager_who_says_no_is_asked_again_only_after_a_day(as_, maya, outsider, willow_lane, link):
    asked = make.make_join_request(willow_lane, outsider)
    assert as_(maya).post(answer_address(asked, "decline/")).status_code == 302
    assert not outsider.memberships.exists()
    assert as_(outsider).post(link.path).status_code == 409
    later = timezone.now() + dt.timedelta(days=1, minutes=1)
    assert services.ask_to_join(user=outsider, join_link=link, now=later).pk


def test_a_leaver_who_is_let_in_again_gets_the_old_row(as_, maya, leo, willow_lane, member_of):
    old = member_of(leo, willow_lane)
    asked = make.make_join_request(willow_lane, leo)
    as_(maya).post(answer_address(asked), {"role": "facilitator"})
    assert member_of(leo, willow_lane).pk == old.pk
    assert member_of(leo, willow_lane).role_names == ["facilitator"]


def test_letting_in_withdraws_a_letter_that_waits(as_, maya, outsider, willow_lane):
    letter = make.make_invitation(willow_lane, outsider.email)
    asked = make.make_join_request(willow_lane, outsider)
    as_(maya).post(answer_address(asked), {"role": "practitioner"})
    letter.refresh_from_db()
    assert letter.withdrawn_at


@pytest.mark.parametrize("role", ["", "owner", "king"])
def test_a_senseless_role_comes_back(as_, maya, outsider, willow_lane, role):
    asked = make.make_join_request(willow_lane, outsider)
    assert as_(maya).post(answer_address(asked), {"role": role}).status_code == 422
    assert not outsider.memberships.exists()


def test_a_request_of_another_setting_is_not_found(as_, maya, outsider, harbour_house):
    foreign = make.make_join_request(harbour_house, outsider)
    assert as_(maya).get(answer_address(foreign)).status_code == 404
    assert as_(maya).post(answer_address(foreign), {"role": "practitioner"}).status_code == 404
    assert as_(maya).post(answer_address(foreign, "decline/")).status_code == 404


def test_a_new_link_ends_the_old_one(as_, maya, link, client):
    assert as_(maya).post("/at/willow-lane/people/join-link/replace/").status_code == 302
    assert client.get(link.path).status_code == 404
    assert client.get(JoinLink.objects.get().path).status_code == 200


def test_the_link_and_its_poster_carry_a_qr_code(as_, maya, link):
    for page in ("join-link/", "join-link/poster/"):
        body = as_(maya).get(f"/at/willow-lane/people/{page}").content.decode()
        assert 'src="data:image/svg+xml' in body
        assert f"http://testserver{link.path}" in body


def test_a_setting_without_a_link_gets_one(as_, maya, willow_lane):
    assert as_(maya).get("/at/willow-lane/people/join-link/").status_code == 200
    assert JoinLink.objects.get().care_setting == willow_lane


def test_codes_are_hard_to_guess_and_easy_to_type():
    from teams.tokens import new_join_code

    codes = {new_join_code() for _ in range(100)}
    assert len(codes) == 100
    assert not set("".join(codes)) & set("0o1il")


@pytest.mark.parametrize("code", ["nothing", "a" * 200])
def test_a_code_that_is_none_is_not_found(client, code):
    assert client.get(f"/join/{code}/").status_code == 404


@pytest.mark.parametrize(("name", "status"), [("omar", 404), ("outsider", 404), ("priya", 403)])
@pytest.mark.parametrize("page", ["join-link/", "join-link/poster/"])
def test_others_do_not_see_the_link(as_, request, link, name, status, page):
    assert as_(request.getfixturevalue(name)).get(f"/at/willow-lane/people/{page}").status_code == status
