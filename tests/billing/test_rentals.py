"""/at/<slug>/rentals/: what a setting rents, its orders in words, and receipts to print."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.models import Order
from billing.sandbox import bank
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(willow_lane):
    return reverse("billing:rentals", args=[willow_lane.slug])


def rent_since(care_setting, product, **ago):
    return make.make_rental(care_setting, product, starts_on=timezone.localdate() - dt.timedelta(**ago))


def test_an_empty_page_teaches(as_, address, maya):
    page = as_(maya).get(address).content.decode()
    assert "You rent nothing yet" in page


def test_it_says_the_last_day_and_offers_no_renewal_too_early(as_, address, maya, willow_lane, product):
    rental = rent_since(willow_lane, product, days=10)
    last = rental.terms.get().last_day
    page = as_(maya).get(address).content.decode()
    assert f"{last.day} {last:%B %Y}" in page
    assert ">Renew<" not in page


@pytest.mark.parametrize(
    ("days_ago", "words"), [(330, "Open"), (370, "still open for now"), (500, "Your plans and reflections")]
)
def test_it_offers_to_renew_near_the_end_in_grace_and_after(
    as_, address, maya, willow_lane, product, days_ago, words
):
    rent_since(willow_lane, product, days=days_ago)
    page = as_(maya).get(address).content.decode()
    assert words in page
    assert f"{reverse('billing:rent', args=[product.slug])}?setting=willow-lane" in page


@pytest.mark.parametrize(
    ("status", "method", "is_offered"),
    [
        ("processing", "checkout", False),
        ("review", "checkout", False),
        ("open", "invoice", False),
        ("open", "checkout", True),  # a pay page that somebody left: nothing is on its way
        ("cancelled", "invoice", True),
    ],
)
def test_it_offers_no_renewal_while_one_is_under_way(
    as_, address, maya, willow_lane, product, order, status, method, is_offered
):
    rent_since(willow_lane, product, days=330)
    Order.objects.update(
        status=status, method=method, billing_email="office@example.org", due_on=timezone.localdate()
    )
    page = as_(maya).get(address).content.decode()
    assert (f"{reverse('billing:rent', args=[product.slug])}?setting=willow-lane" in page) is is_offered
    assert ("A renewal is under way" in page) is not is_offered
    home = as_(maya).get(f"/at/{willow_lane.slug}/").content.decode()
    assert ("Renewing adds" in home) is is_offered
    assert ("A renewal is under way" in home) is not is_offered


def test_after_all_was_given_back_it_says_that_nothing_is_rented_now(
    as_, address, maya, order, pay, reconcile
):
    reconcile(pay(order))
    bank.give_back_from_dashboard(order.stripe_checkout_session_id, 6900)
    reconcile(order)
    assert "You rent nothing now" in as_(maya).get(address).content.decode()


@pytest.mark.parametrize("status", Order.Status)
def test_every_state_of_an_order_is_said_in_words(as_, address, maya, order, status):
    Order.objects.update(status=status)
    assert status.label in as_(maya).get(address).content.decode()
    detail = reverse("billing:order", args=[order.care_setting.slug, order.public_id])
    assert status.label in as_(maya).get(detail).content.decode()


def test_a_receipt_names_what_when_how_much_and_that_it_was_practice(as_, maya, order, pay, reconcile):
    reconcile(pay(order))
    page = as_(maya).get(reverse("billing:order", args=["willow-lane", order.public_id])).content.decode()
    for words in (
        "Download the receipt",
        "TEST-REC-00001",
        "Section two",
        "£69",
        "Maya Okafor",
        "A practice payment",
        str(order.public_id),
    ):
        assert words in page
    assert "VAT" not in page


def test_a_leavers_name_gives_way_to_former_member(as_, maya, order):
    Order.objects.update(buyer=None)
    assert "former member" in as_(maya).get(reverse("billing:rentals", args=["willow-lane"])).content.decode()


def test_another_settings_order_gets_404(as_, omar, order):
    for slug in ("willow-lane", "harbour-house"):
        address = reverse("billing:order", args=[slug, order.public_id])
        assert as_(omar).get(address).status_code == 404


@pytest.mark.parametrize("actor", ["priya", "fred", "noor"])
def test_who_does_not_manage_gets_403_with_the_reason(as_, address, order, actor, request):
    client = as_(request.getfixturevalue(actor))
    response = client.get(address)
    assert response.status_code == 403
    assert "Only owners and managers" in response.content.decode()
    assert client.get(reverse("billing:order", args=["willow-lane", order.public_id])).status_code == 403


def test_the_page_costs_the_same_for_two_orders_and_twenty(as_, address, maya, willow_lane, begin):
    counts = []
    for size in (2, 20):
        while Order.objects.count() < size:
            begin(maya, willow_lane, make.make_product())
            make.make_rental(willow_lane, make.make_product())
        client = as_(maya)
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        counts.append(len(found))
    assert counts[0] == counts[1]
