"""The letter to a setting's manager: who gets it, who can use it, and what using it does."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import OrderLine, PayerSetting, Term
from elearning.periods import add_months, london_day
from teams.models import Invitation, Membership
from tests import factories as make
from tests.mailbox import send_waiting_mail

DETAILS = {
    "name": "Oak Nursery",
    "kind": "nursery",
    "safeguarding_lead_name": "Sam",
    "safeguarding_lead_contact": "01632 960000",
}


def link_in(message) -> str:
    return re.search(r"(/claims/\S+)", message.body)[1]


@pytest.fixture
def oak(paid_many):
    """A setting that Bright Nurseries has paid for; its manager has not come."""
    return PayerSetting.objects.of_order(paid_many("Oak", "Elm")).get(name="Oak")


@pytest.fixture
def olga(oak):
    """To whom the letter about Oak went; she has an account and works nowhere."""
    return make.make_user("Olga Oak", email="oak@group.example")


def fresh(setting: PayerSetting) -> PayerSetting:
    return PayerSetting.objects.select_related("invitation", "care_setting").get(pk=setting.pk)


def letter_path(setting: PayerSetting) -> str:
    return reverse("billing:open_claim", args=[fresh(setting).invitation.token])


def send_again(setting: PayerSetting, email: str, gwen) -> None:
    services.send_letter(payer_setting=setting, email=email, actor=gwen, now=timezone.now())


def test_each_manager_gets_one_letter_once_the_order_is_paid(order_many, pay, reconcile):
    order = pay(order_many("Oak", "Elm"))
    assert not send_waiting_mail()
    for _ in range(3):
        reconcile(order)
    to = sorted(letter.to[0] for letter in send_waiting_mail())
    assert to == ["bills@bright.example", "elm@group.example", "oak@group.example"]


def test_the_letter_says_who_paid_for_what_and_the_database_does_not_hold_its_key(oak):
    letters = {letter.to[0]: letter for letter in send_waiting_mail()}
    letter = letters["oak@group.example"]
    assert "Bright Nurseries has rented for Oak" in letter.subject
    assert "Section two" in letter.body
    token = link_in(letter).strip("/").split("/")[-1]
    assert token not in str(Invitation.objects.filter(pk=oak.invitation_id).values())
    assert "Elm" not in letter.body


def test_whoever_it_was_sent_to_opens_the_setting_once(as_, oak, olga):
    client = as_(olga)
    assert client.get(letter_path(oak)).status_code == 302
    page = client.get(reverse("billing:claim"))
    assert "Bright Nurseries rents for you" in page.content.decode()
    assert client.post(reverse("billing:claim"), DETAILS).url == "/at/oak-nursery/"
    membership = Membership.objects.get(user=olga)
    assert membership.is_owner
    assert membership.manages
    assert fresh(oak).claimed_at
    assert client.get(letter_path(oak)).status_code == 410


def test_a_form_with_faults_keeps_what_was_typed(as_, oak, olga):
    client = as_(olga)
    client.get(letter_path(oak))
    page = client.post(reverse("billing:claim"), {**DETAILS, "safeguarding_lead_name": ""})
    assert page.status_code == 422
    assert "Oak Nursery" in page.content.decode()


def test_another_person_cannot_use_the_link_and_it_stays_good(as_, oak, omar, olga):
    client = as_(omar)
    assert client.get(letter_path(oak)).status_code == 410
    assert client.get(reverse("billing:claim")).status_code == 410
    used = client.post(reverse("billing:use_claim"), {"setting": "harbour-house"})
    assert used.status_code == 410
    assert as_(olga).get(letter_path(oak)).status_code == 302


def test_somebody_who_has_not_verified_the_address_cannot_use_it(as_, oak, olga):
    olga.emailaddress_set.update(verified=False)
    assert as_(olga).get(letter_path(oak)).status_code == 410


def test_a_letter_to_an_owner_does_not_let_anybody_join_as_a_member(as_, oak, olga):
    token = fresh(oak).invitation.token
    assert as_(olga).get(f"/invitations/{token}/").status_code == 410


def test_sending_it_to_another_address_ends_the_old_link_even_in_mail_that_has_not_left(as_, oak, gwen):
    old = letter_path(oak)
    send_again(oak, "Right@Oak.example", gwen)
    assert as_().get(old).status_code == 410
    letters = [letter for letter in send_waiting_mail() if "Oak" in letter.subject]
    links = {letter.to[0]: link_in(letter) for letter in letters}
    assert links["oak@group.example"] == old
    assert links["right@oak.example"] == letter_path(oak)


def test_a_link_that_ran_out_is_sent_anew_to_the_same_address_only(as_, oak, olga):
    Invitation.objects.filter(pk=oak.invitation_id).update(expires_at=timezone.now() - dt.timedelta(1))
    send_waiting_mail()
    client = as_()
    page = client.get(letter_path(oak))
    assert page.status_code == 410
    assert "This link has run out" in page.content.decode()
    assert client.post(reverse("billing:fresh_claim")).status_code == 200
    (letter,) = send_waiting_mail()
    assert letter.to == ["oak@group.example"]
    assert client.post(reverse("billing:fresh_claim")).status_code == 404
    assert as_(olga).get(link_in(letter)).status_code == 302


@pytest.mark.parametrize("what", ["open", "used"])
def test_no_fresh_link_for_one_that_still_works_or_was_used(as_, oak, olga, what):
    client = as_(olga)
    client.get(letter_path(oak))
    if what == "used":
        client.post(reverse("billing:claim"), DETAILS)
        client.get(letter_path(oak))
    assert client.post(reverse("billing:fresh_claim")).status_code == 404


def test_after_a_full_refund_the_link_opens_nothing(as_, oak, olga, stan):
    order = oak.lines.get().order
    services.refund_order(
        order=order,
        amount_minor=order.paid_minor,
        reason="Asked",
        key=uuid.uuid4(),
        actor=stan,
        now=timezone.now(),
    )
    assert as_(olga).get(letter_path(oak)).status_code == 410


def test_a_later_order_with_another_address_sends_the_link_there(oak, bright_nurseries, gwen, pay, reconcile):
    send_waiting_mail()
    other = make.make_product("Section three")
    text = "Oak,Nursery,new@oak.example\nElm,Nursery,elm@group.example"
    reconcile(pay(make.make_group_order(bright_nurseries, gwen, other, text)))
    letters = {letter.to[0]: letter for letter in send_waiting_mail()}
    assert set(letters) == {"bills@bright.example", "new@oak.example"}
    assert "Section two" in letters["new@oak.example"].body
    assert "Section three" in letters["new@oak.example"].body


# --- For a setting that the manager has already -----------------------------------------------------


@pytest.fixture
def omars_letter(oak, omar, gwen):
    """The letter about Oak, sent to Omar, who manages Harbour House."""
    send_again(oak, omar.email, gwen)
    return letter_path(oak)


@pytest.fixture
def use_for(as_, omar, omars_letter):
    """Have Omar follow his link and use what was paid for in a setting: ``use_for("harbour-house")``."""

    def use(slug: str):
        client = as_(omar)
        client.get(omars_letter)
        return client.post(reverse("billing:use_claim"), {"setting": slug})

    return use


def test_it_moves_to_a_setting_that_the_manager_has_on_the_same_days(use_for, oak, harbour_house):
    before = oak.lines.get().term
    assert use_for("harbour-house").url == "/at/harbour-house/"
    term = harbour_house.rentals.get().terms.get()
    assert (term.pk, term.starts_on, term.ends_on) == (before.pk, before.starts_on, before.ends_on)
    assert fresh(oak).care_setting == harbour_house
    assert oak.lines.get().care_setting == harbour_house


def test_several_rentals_are_made_in_the_order_in_which_a_payment_makes_them(
    oak, use_for, omar, bright_nurseries, gwen, harbour_house, product, pay, reconcile
):
    """Else the two, at once and for the same setting, could each wait for a rental that the other makes."""
    other = make.make_product("Section three")
    assert product.pk < other.pk
    order = make.make_group_order(bright_nurseries, gwen, other, f"Oak,Nursery,{omar.email}")
    began = timezone.now() - dt.timedelta(days=1)
    reconcile(pay(order))
    days = {"starts_on": london_day(began), "anchor_on": None}
    Term.objects.of_order(order).update(**days, ends_on=add_months(london_day(began), 12))
    use_for("harbour-house")
    made = harbour_house.rentals.order_by("pk").values_list("product_id", flat=True)
    assert list(made) == [product.pk, other.pk]


def test_where_it_is_rented_already_the_paid_months_follow_and_never_overlap(
    use_for, oak, harbour_house, product
):
    starts_on = london_day(timezone.now()) - dt.timedelta(days=100)
    running = make.make_rental(harbour_house, product, starts_on=starts_on).terms.get()
    use_for("harbour-house")
    following = oak.lines.get().term
    assert following.rental == running.rental
    assert (following.starts_on, following.ends_on) == (running.ends_on, add_months(starts_on, 24))


def test_it_follows_a_year_that_lies_ahead_too(use_for, oak, harbour_house, product):
    today = london_day(timezone.now())
    rental = make.make_rental(harbour_house, product, starts_on=today - dt.timedelta(days=100))
    ends_on = rental.terms.get().ends_on
    make.make_rental(harbour_house, product, starts_on=ends_on)
    use_for("harbour-house")
    assert oak.lines.get().term.starts_on == add_months(ends_on, 12)


def test_the_money_still_rules_the_term_where_it_is_now(use_for, oak, harbour_house, stan):
    use_for("harbour-house")
    order = oak.lines.get().order
    services.refund_order(
        order=order,
        amount_minor=order.paid_minor,
        reason="Asked",
        key=uuid.uuid4(),
        actor=stan,
        now=timezone.now(),
    )
    assert harbour_house.rentals.get().terms.get().revoked_at


def test_a_setting_that_the_asker_does_not_work_in_or_manage_cannot_use_it(use_for, oak, omar, willow_lane):
    assert use_for("willow-lane").status_code == 404
    make.make_membership(omar, willow_lane, "facilitator")
    assert use_for("willow-lane").status_code == 403
    assert fresh(oak).claimed_at is None


def test_two_lines_of_one_order_do_not_end_in_one_setting(as_, use_for, oak, omar, gwen, harbour_house):
    assert use_for("harbour-house").status_code == 302
    elm = PayerSetting.objects.get(name="Elm")
    send_again(elm, omar.email, gwen)
    client = as_(omar)
    client.get(letter_path(elm))
    page = client.post(reverse("billing:use_claim"), {"setting": "harbour-house"}, follow=True)
    assert "an order of its own for this, or a line in the same one" in page.content.decode()
    assert fresh(elm).claimed_at is None
    assert fresh(elm).invitation.accepted_at is None, "the letter was used up for nothing"
    assert OrderLine.objects.get(payer_setting=elm).care_setting != harbour_house


def test_what_is_claimed_is_not_sent_again(oak, olga, gwen, as_):
    client = as_(olga)
    client.get(letter_path(oak))
    client.post(reverse("billing:claim"), DETAILS)
    with pytest.raises(services.CannotSendLetterError, match="begun already"):
        send_again(oak, "other@oak.example", gwen)
