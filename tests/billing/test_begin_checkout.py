"""begin_checkout: commit the order, only then call Stripe; never two payments for one thing."""

import datetime as dt

import pytest
from django.utils import timezone

from billing import services
from billing.models import Order, OrderLine
from billing.sandbox import faults, payer, store
from billing.sandbox.models import SandboxObject
from billing.services.checkout import DRAFT_LIFE
from billing.stripe_gateway import build_checkout_request
from billing.terms import TERMS_VERSION
from tests import factories as make

pytestmark = pytest.mark.django_db


def sessions() -> int:
    return SandboxObject.objects.filter(kind="checkout.session").count()


def test_it_writes_the_order_with_its_prices_and_who_accepted_which_terms(order, maya, willow_lane):
    assert (order.status, order.buyer, order.care_setting) == ("open", maya, willow_lane)
    assert (order.net_minor, order.vat_minor, order.gross_minor, order.currency) == (6900, 0, 6900, "gbp")
    assert (order.terms_version, order.terms_accepted_by) == (TERMS_VERSION, maya)
    assert order.terms_accepted_at == order.created_at
    assert order.livemode is False
    line = order.lines.get()
    assert (line.title, line.months, line.gross_minor, line.is_live) == ("Section two", 12, 6900, True)


def test_a_later_price_never_touches_an_open_order(order, product, reconcile, pay):
    product.price_minor = 9900
    product.save()
    assert reconcile(pay(order)).paid_minor == 6900


def test_a_product_taken_off_sale_while_open_is_still_fulfilled(order, product, reconcile, pay):
    product.is_on_sale = False
    product.save()
    assert reconcile(pay(order)).status == "fulfilled"


def test_the_request_is_a_pure_function_of_the_order(order):
    first = build_checkout_request(order)
    again = build_checkout_request(Order.objects.get(pk=order.pk))
    assert first == again
    assert "payment_method_types" not in first
    assert first["expires_at"] == int((order.created_at + dt.timedelta(hours=23)).timestamp())


def test_a_second_manager_is_handed_the_first_ones_checkout(order, willow_lane, product):
    ben = make.make_user("Ben Manager")
    make.make_membership(ben, willow_lane, "manager")
    address = services.begin_checkout(
        product=product, care_setting=willow_lane, buyer=ben, terms_version="x", now=timezone.now()
    )
    assert order.stripe_checkout_session_id in address
    assert Order.objects.count() == 1


def test_another_setting_gets_a_checkout_of_its_own(order, begin, omar, harbour_house):
    assert begin(omar, harbour_house).stripe_checkout_session_id != order.stripe_checkout_session_id


def test_after_expiry_a_new_order_is_begun(order, begin, maya, willow_lane):
    store.expire_session(order.stripe_checkout_session_id)
    second = begin(maya, willow_lane)
    assert second.pk != order.pk
    order.refresh_from_db()
    assert order.status == "expired"


@pytest.mark.parametrize("how", [payer.pay_by_card, payer.pay_by_bacs])
def test_what_is_paid_or_being_paid_is_not_sold_again(order, begin, maya, willow_lane, how):
    how(order.stripe_checkout_session_id)
    with pytest.raises(services.CannotRentError):
        begin(maya, willow_lane)
    with pytest.raises(services.CannotRentError):
        begin(maya, willow_lane)
    assert Order.objects.count() == 1


def test_while_staff_look_at_a_payment_nobody_pays_again(order, begin, maya, willow_lane):
    Order.objects.filter(pk=order.pk).update(status="review")
    OrderLine.objects.update(is_live=False)
    with pytest.raises(services.PaymentUnderWayError):
        begin(maya, willow_lane)


def test_a_time_out_after_stripe_acted_opens_the_same_checkout_on_the_next_try(begin, maya, willow_lane):
    with (
        faults.injected(faults.Fault("timeout_after", where="POST", times=3)),
        pytest.raises(services.NoCheckoutError),
    ):
        begin(maya, willow_lane)
    assert (Order.objects.get().status, sessions()) == ("draft", 1)
    order = begin(maya, willow_lane)
    assert (order.status, sessions(), Order.objects.count()) == ("open", 1, 1)


@pytest.mark.parametrize("kind", ["timeout_after", "timeout_before", "409", "500", "503"])
def test_one_bad_answer_is_tried_again_under_the_same_key(begin, maya, willow_lane, kind):
    with faults.injected(faults.Fault(kind, where="POST", times=2)):
        assert begin(maya, willow_lane).status == "open"
    assert sessions() == 1


@pytest.mark.parametrize("kind", ["timeout_before", "429", "500", "malformed"])
def test_while_stripe_is_away_the_order_waits_as_a_draft(begin, maya, willow_lane, kind):
    with (
        faults.injected(faults.Fault(kind, where="POST", times=9)),
        pytest.raises(services.NoCheckoutError),
    ):
        begin(maya, willow_lane)
    assert Order.objects.get().status == "draft"
    assert begin(maya, willow_lane).status == "open"


def test_a_key_that_was_used_for_another_request_gets_a_new_one(begin, maya, willow_lane):
    with (
        faults.injected(faults.Fault("timeout_after", where="POST", times=3)),
        pytest.raises(services.NoCheckoutError),
    ):
        begin(maya, willow_lane)
    Order.objects.update(contact_email="changed@example.org")
    order = begin(maya, willow_lane)
    assert (order.status, order.attempt) == ("open", 2)


def test_a_request_that_stripe_refuses_calls_the_order_off(begin, maya, willow_lane):
    cheap = make.make_product("Too cheap", price_minor=10)
    with pytest.raises(services.NoCheckoutError):
        begin(maya, willow_lane, cheap)
    assert Order.objects.get().status == "cancelled"
    assert not OrderLine.objects.live().exists()


def test_an_old_draft_gives_way_to_a_new_order(order, begin, maya, willow_lane):
    yesterday = timezone.now() - dt.timedelta(hours=23)
    Order.objects.update(status="draft", stripe_checkout_session_id="", created_at=yesterday)
    second = begin(maya, willow_lane)
    assert second.pk != order.pk
    assert Order.objects.get(pk=order.pk).status == "cancelled"


def test_a_checkout_of_other_keys_gives_way_to_a_new_order(order, begin, maya, willow_lane):
    SandboxObject.objects.all().delete()
    second = begin(maya, willow_lane)
    assert second.pk != order.pk
    assert Order.objects.get(pk=order.pk).status == "cancelled"


def test_calling_off_closes_the_checkout_at_stripe_too(order, maya):
    assert services.call_off(order=order, actor=maya, now=timezone.now()).status == "cancelled"
    assert store.find(store.SESSION, order.stripe_checkout_session_id)["status"] == "expired"


def test_calling_off_what_was_paid_meanwhile_fulfils_it(order, maya, pay):
    assert services.call_off(order=pay(order), actor=maya, now=timezone.now()).status == "fulfilled"


def test_calling_off_a_draft_whose_answer_was_lost_closes_its_checkout(order, maya):
    Order.objects.update(status="draft", stripe_checkout_session_id="")
    draft = Order.objects.get()
    assert services.call_off(order=draft, actor=maya, now=timezone.now()).status == "cancelled"
    assert store.find(store.SESSION, order.stripe_checkout_session_id)["status"] == "expired"


@pytest.fixture
def broken_off(order):
    """The site died after it noted the checkout, and before it noted that the order is open."""
    Order.objects.update(status="draft")
    return Order.objects.get()


def test_calling_off_a_draft_that_has_a_checkout_closes_that_too(broken_off, maya):
    assert services.call_off(order=broken_off, actor=maya, now=timezone.now()).status == "cancelled"
    assert store.find(store.SESSION, broken_off.stripe_checkout_session_id)["status"] == "expired"


def test_a_draft_that_has_a_checkout_is_open_for_whoever_goes_on(broken_off, begin, maya, willow_lane):
    assert begin(maya, willow_lane) == broken_off
    broken_off.refresh_from_db()
    assert broken_off.status == "open"


def test_a_draft_that_has_a_checkout_is_asked_about_and_not_dropped(broken_off, pay):
    """Paid, and neither a ring nor the return page came: the money wins."""
    with faults.held_deliveries():
        pay(broken_off)
    services.reconcile_waiting(now=timezone.now() + DRAFT_LIFE * 2)
    broken_off.refresh_from_db()
    assert broken_off.status == "fulfilled"


def test_while_stripe_is_away_nothing_is_called_off(order, maya):
    with (
        faults.injected(faults.Fault("500", times=9)),
        pytest.raises(services.NoCheckoutError),
    ):
        services.call_off(order=order, actor=maya, now=timezone.now())
    order.refresh_from_db()
    assert order.status == "open"
