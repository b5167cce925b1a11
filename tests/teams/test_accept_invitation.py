"""Opening a letter and joining."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import User
from teams import services
from tests import factories as make
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db
OPENED = "/invitation/"


@pytest.fixture
def letter(maya, willow_lane, baby_room):
    return make.make_invitation(
        willow_lane, "new@example.org", teams=[baby_room], role="facilitator", invited_by=maya
    )


@pytest.fixture
def newcomer():
    return make.make_user("Nia New", email="new@example.org")


def test_a_stranger_signs_up_by_the_letter_without_a_second_mail(client, letter, willow_lane):
    assert client.get(letter.path).url == OPENED
    body = client.get(OPENED).content.decode()
    assert "Maya Okafor" in body
    assert "Create my account" in body
    assert 'value="new@example.org"' in client.get("/account/signup/?next=/invitation/").content.decode()
    sent = {"display_name": "Nia New", "email": "new@example.org", "password1": make.PASSWORD}
    assert client.post("/account/signup/", {**sent, "next": OPENED}).url == OPENED
    assert send_waiting_mail() == []
    assert EmailAddress.objects.get(email="new@example.org").verified
    assert client.post(OPENED).url == "/at/willow-lane/"
    membership = User.objects.get(email="new@example.org").memberships.get()
    assert membership.role_names == ["facilitator"]
    assert [team.name for team in membership.teams.all()] == ["Baby Room"]


def test_signing_up_with_another_address_still_needs_its_own_mail(client, letter):
    client.get(letter.path)
    sent = {"display_name": "Eve", "email": "eve@example.org", "password1": make.PASSWORD}
    assert client.post("/account/signup/", sent).url == "/account/confirm-email/"
    assert list(EmailAddress.objects.values_list("email", "verified").exclude(email__startswith="maya")) == [
        ("eve@example.org", False)
    ]
    assert client.get("/account/").status_code == 302


def test_who_has_an_account_signs_in_and_comes_back(client, letter, newcomer):
    client.get(letter.path)
    assert "Sign in to join" in client.get(OPENED).content.decode()
    sent = {"login": newcomer.email, "password": make.PASSWORD, "next": OPENED}
    assert client.post("/account/login/", sent).url == OPENED
    assert client.post(OPENED).url == "/at/willow-lane/"


def test_the_address_bar_does_not_keep_the_token(client, letter):
    response = client.get(letter.path)
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert letter.token not in client.get(OPENED).content.decode()


def test_it_works_once(as_, letter, newcomer, client):
    joining = as_(newcomer)
    joining.get(letter.path)
    joining.post(OPENED)
    assert joining.post(OPENED).status_code == 410
    assert client.get(letter.path).status_code == 410


def test_opening_it_alone_joins_nobody(as_, letter, newcomer):
    client = as_(newcomer)
    client.get(letter.path)
    client.get(OPENED)
    assert not newcomer.memberships.exists()


def bad_letters(letter) -> dict:
    """Ways in which a letter is over; for each, what to change."""
    now = timezone.now()
    return {
        "expired": {"expires_at": now - dt.timedelta(seconds=1)},
        "used": {"accepted_at": now},
        "withdrawn": {"withdrawn_at": now},
    }


@pytest.mark.parametrize("how", ["expired", "used", "withdrawn", "other address", "unknown"])
def test_all_that_cannot_be_used_get_one_page(as_, letter, newcomer, priya, how):
    other = make.make_user("Somebody Else")
    path = letter.path
    if how in bad_letters(letter):
        type(letter).objects.filter(pk=letter.pk).update(**bad_letters(letter)[how])
    if how == "unknown":
        path = f"/invitations/{'0' * 64}/"
    client = as_(other if how == "other address" else newcomer)
    response = client.get(path)
    assert response.status_code == 410
    assert response["Referrer-Policy"] == "no-referrer"
    assert "Ask your manager for a new invitation" in response.content.decode()
    assert "Willow Lane" not in response.content.decode()


def test_an_address_that_is_not_confirmed_does_not_count(as_, letter):
    eve = make.make_user("Eve", email="eve@example.org")
    eve.emailaddress_set.create(email="new@example.org", verified=False)
    assert as_(eve).get(letter.path).status_code == 410


def test_a_letter_withdrawn_while_its_page_was_open_is_over(as_, letter, newcomer):
    client = as_(newcomer)
    client.get(letter.path)
    type(letter).objects.update(withdrawn_at=timezone.now())
    assert client.post(OPENED).status_code == 410
    assert not newcomer.memberships.exists()


def test_capitals_make_no_other_address(as_, willow_lane, newcomer):
    letter = make.make_invitation(willow_lane, "NEW@example.org")
    client = as_(newcomer)
    client.get(letter.path)
    assert client.post(OPENED).status_code == 302


def test_who_comes_back_gets_the_old_row_without_the_old_roles(willow_lane, newcomer, letter):
    left_at = timezone.now() - dt.timedelta(days=1)
    old = make.make_membership(newcomer, willow_lane, "owner", "manager", left_at=left_at)
    now = timezone.now()
    membership = services.accept_invitation(invitation=letter, user=newcomer, now=now)
    assert membership.pk == old.pk
    assert membership.is_standing
    assert membership.role_names == ["facilitator"]
    assert membership.joined_at == now


def test_who_is_in_already_gets_the_role_as_well(willow_lane, newcomer, letter):
    make.make_membership(newcomer, willow_lane, "practitioner")
    membership = services.accept_invitation(invitation=letter, user=newcomer, now=timezone.now())
    assert membership.role_names == ["facilitator", "practitioner"]


def test_two_presses_at_once_join_once(willow_lane, newcomer, letter):
    services.accept_invitation(invitation=letter, user=newcomer, now=timezone.now())
    with pytest.raises(services.InvitationOver):
        services.accept_invitation(invitation=letter, user=newcomer, now=timezone.now())
    assert newcomer.memberships.count() == 1


def test_a_stranger_who_posts_joins_nothing(client, letter):
    client.get(letter.path)
    assert client.post(OPENED).status_code == 200


def test_the_form_passes_the_protection_against_forged_ones(letter, newcomer):
    """The form stands on a page whose address has no token, so its origin may be told and is checked."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(newcomer, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(letter.path)
    page = client.get(OPENED)
    assert page["Referrer-Policy"] == "same-origin"
    sent = {"csrfmiddlewaretoken": client.cookies["csrf"].value}
    assert client.post(OPENED, sent, headers={"Origin": "http://testserver"}).status_code == 302


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_link_itself_is_only_for_reading(client, letter, method):
    assert getattr(client, method)(letter.path).status_code == 405
