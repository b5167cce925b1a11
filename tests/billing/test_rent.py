"""The way through renting: see what you get, choose the setting, accept the terms, pay, come back."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import Order, Term
from billing.sandbox import faults, payer
from billing.terms import TERMS_VERSION
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(product):
    return reverse("billing:rent", args=[product.slug])


def rent(client, address, care_setting, **data):
    return client.post(address, {"setting": care_setting.slug, "accepts_terms": "on", **data})


def test_a_stranger_sees_price_length_and_whom_it_covers_and_is_asked_to_sign_in(as_, address):
    response = as_().get(address)
    page = response.content.decode()
    assert response.status_code == 200
    for words in ("£69", "12 months", "one setting", "Nothing renews itself"):
        assert words in page
    for name in ("account_login", "account_signup"):
        assert f"{reverse(name)}?next=%2Fbilling%2Frent%2Fsection-two%2F" in page


def test_a_stranger_who_posts_is_sent_to_sign_in_and_comes_back(as_, address):
    response = as_().post(address, {"setting": "willow-lane", "accepts_terms": "on"})
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={address}"


def test_someone_without_a_setting_is_sent_to_make_one_and_comes_back(as_, address, outsider):
    page = as_(outsider).get(address).content.decode()
    assert f"{reverse('teams:new_care_setting')}?next={address}" in page


def test_a_practitioner_is_told_whom_to_ask(as_, address, priya):
    page = as_(priya).get(address).content.decode()
    assert "Willow Lane" in page
    assert "ask one of them" in page


def test_with_one_setting_the_check_comes_at_once(as_, address, maya):
    page = as_(maya).get(address).content.decode()
    assert "Rent for Willow Lane" in page
    assert "Last day" in page


def test_with_two_settings_one_is_chosen_first(as_, address, maya, harbour_house):
    make.make_membership(maya, harbour_house, "manager")
    page = as_(maya).get(address).content.decode()
    assert f"{address}?setting=willow-lane" in page
    assert f"{address}?setting=harbour-house" in page
    assert "Rent for Harbour House" in as_(maya).get(f"{address}?setting=harbour-house").content.decode()


def test_terms_must_be_accepted_and_the_form_comes_back_with_422(as_, address, maya, willow_lane):
    response = as_(maya).post(address, {"setting": willow_lane.slug})
    assert response.status_code == 422
    assert "tick the box" in response.content.decode()
    assert not Order.objects.exists()


def test_accepting_goes_to_the_pay_page_and_keeps_version_time_and_person(as_, address, maya, willow_lane):
    response = rent(as_(maya), address, willow_lane)
    order = Order.objects.get()
    assert response.status_code == 302
    assert order.stripe_checkout_session_id in response.url
    assert (order.terms_version, order.terms_accepted_by) == (TERMS_VERSION, maya)
    assert timezone.now() - order.terms_accepted_at < dt.timedelta(minutes=1)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_practitioner_who_starts_a_checkout_gets_403_with_the_reason(
    as_, address, priya, willow_lane, method
):
    client = as_(priya)
    response = (
        client.get(f"{address}?setting=willow-lane")
        if method == "get"
        else rent(client, address, willow_lane)
    )
    assert response.status_code == 403
    assert "Only owners and managers" in response.content.decode()
    assert not Order.objects.exists()


def test_another_setting_and_one_that_does_not_exist_answer_alike(as_, address, omar, willow_lane):
    assert rent(as_(omar), address, willow_lane).status_code == 404
    assert as_(omar).get(f"{address}?setting=nowhere").status_code == 404
    assert as_(omar).get(f"{address}?setting=%00").status_code == 404


def test_a_leaver_gets_404(as_, address, leo, willow_lane):
    assert rent(as_(leo), address, willow_lane).status_code == 404


def test_what_is_not_on_sale_gets_404(as_, address, maya, product):
    product.is_on_sale = False
    product.save()
    assert as_(maya).get(address).status_code == 404


def test_the_second_manager_sees_who_began_and_goes_on_with_that(as_, address, order, willow_lane):
    ben = make.make_user("Ben Manager")
    make.make_membership(ben, willow_lane, "manager")
    page = as_(ben).get(address).content.decode()
    assert "Maya Okafor began it" in page
    assert order.stripe_checkout_session_id in rent(as_(ben), address, willow_lane).url
    assert (
        order.stripe_checkout_session_id in as_(ben).post(reverse("billing:pay", args=[order.public_id])).url
    )
    assert Order.objects.count() == 1


def test_renting_what_is_rented_gets_409_and_says_when_it_can_be_renewed(
    as_, address, maya, willow_lane, product
):
    make.make_rental(willow_lane, product)
    assert "You can renew from 60 days" in as_(maya).get(address).content.decode()
    response = rent(as_(maya), address, willow_lane)
    assert response.status_code == 409
    assert "You can renew from 60 days" in response.content.decode()


def test_while_stripe_is_away_it_says_so_with_503_and_nothing_is_charged(as_, address, maya, willow_lane):
    with faults.injected(faults.Fault("500", times=9)):
        response = rent(as_(maya), address, willow_lane)
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "Nothing was charged" in response.content.decode()
    assert rent(as_(maya), address, willow_lane).status_code == 302


# --- Paying and coming back -----------------------------------------------------------------------


def pay_page(order, client, action):
    address = reverse("billing_sandbox:pay", args=[order.stripe_checkout_session_id])
    return client.post(address, {"action": action})


def test_declined_then_paid_then_ready(as_, order, maya):
    client = as_(maya)
    assert pay_page(order, client, "decline").status_code == 302
    address = reverse("billing_sandbox:pay", args=[order.stripe_checkout_session_id])
    assert "declined" in client.get(f"{address}?after=decline").content.decode()
    back = pay_page(order, client, "pay")
    assert back.url.endswith(reverse("billing:return", args=[order.public_id]))
    response = client.get(back.url, follow=True)
    assert response.redirect_chain[-1][0] == reverse("billing:ready", args=[order.public_id])
    page = response.content.decode()
    for words in ("You are ready", "Invite your team", "Name a facilitator", "Open session one"):
        assert words in page


def test_coming_back_without_having_paid_opens_nothing(as_, order, maya):
    response = as_(maya).get(reverse("billing:return", args=[order.public_id]))
    assert response.status_code == 200
    assert "Not paid yet" in response.content.decode()
    assert not Term.objects.exists()
    ready = as_(maya).get(reverse("billing:ready", args=[order.public_id]))
    assert ready.url == reverse("billing:return", args=[order.public_id])


def test_another_orders_session_in_the_address_changes_nothing(as_, order, begin, omar, harbour_house, pay):
    paid = pay(begin(omar, harbour_house))
    address = reverse("billing:return", args=[order.public_id])
    response = as_(order.buyer).get(f"{address}?session_id={paid.stripe_checkout_session_id}")
    assert "Not paid yet" in response.content.decode()
    assert as_(order.buyer).get(reverse("billing:return", args=[paid.public_id])).status_code == 404


def test_bacs_is_on_its_way_until_the_bank_has_spoken(as_, order, maya):
    client = as_(maya)
    page = client.get(pay_page(order, client, "bacs").url).content.decode()
    assert "on its way" in page
    pay_page(order, client, "settle")
    assert client.get(reverse("billing:return", args=[order.public_id])).status_code == 302
    assert Term.objects.count() == 1


def test_bacs_that_comes_back_lets_you_begin_again(as_, order, maya):
    client = as_(maya)
    pay_page(order, client, "bacs")
    pay_page(order, client, "send_back")
    page = client.get(reverse("billing:return", args=[order.public_id])).content.decode()
    assert "Nothing was paid" in page
    assert "Begin again" in page


def test_going_back_leaves_the_order_open_to_go_on_or_call_off(as_, order, maya):
    client = as_(maya)
    back = pay_page(order, client, "back")
    page = client.get(back.url).content.decode()
    assert "Go on to pay" in page
    response = client.post(reverse("billing:call_off", args=[order.public_id]), follow=True)
    assert "called off" in response.content.decode()
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_while_stripe_is_away_the_return_page_says_that_the_money_is_safe(as_, order, maya):
    with faults.injected(faults.Fault("500", times=9)):
        response = as_(maya).get(reverse("billing:return", args=[order.public_id]))
    assert response.status_code == 503
    assert "We are still asking" in response.content.decode()


def test_review_is_said_in_words(as_, order, maya):
    Order.objects.update(status="review")
    page = as_(maya).get(reverse("billing:return", args=[order.public_id])).content.decode()
    assert "A person is looking at your payment" in page


@pytest.mark.parametrize("name", ["pay", "call_off"])
def test_a_closed_order_cannot_be_paid_or_called_off(as_, order, maya, name):
    payer.pay_by_card(order.stripe_checkout_session_id)
    response = as_(maya).post(reverse(f"billing:{name}", args=[order.public_id]))
    assert response.status_code == 302
    order.refresh_from_db()
    assert order.status == "fulfilled"


@pytest.mark.parametrize("name", ["return", "ready", "cancelled"])
def test_another_settings_order_gets_404_and_a_practitioner_403(as_, order, omar, priya, name):
    address = reverse(f"billing:{name}", args=[order.public_id])
    assert as_(omar).get(address).status_code == 404
    assert as_(priya).get(address).status_code == 403
    assert as_().get(address).status_code == 302


def test_the_terms_are_public_and_name_their_version(as_):
    response = as_().get(reverse("billing:terms"))
    assert response.status_code == 200
    assert TERMS_VERSION in response.content.decode()
