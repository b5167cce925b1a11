"""Promotion codes are Stripe's: made there, entered on its pay page; the order hears what came of it."""

import datetime as dt

import pytest
import stripe
from django.urls import reverse
from django.utils import timezone

from billing import services, stripe_gateway
from billing.models import Order, Term
from billing.sandbox import payer, promotions, store
from billing.sandbox.models import SandboxObject
from elearning.demo.load_products import load_promotion_codes
from tests import factories as make
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_code():
    """Make a promotion code as somebody would at Stripe: ``make_code("WELCOME10", percent_off=10)``."""

    def make_one(code: str, *, limits: dict | None = None, coupon_limits: dict | None = None, **off):
        client = stripe_gateway.get_client().v1
        coupon = client.coupons.create({**(off or {"percent_off": 10}), **(coupon_limits or {})})
        promotion = {"type": "coupon", "coupon": coupon.id}
        return client.promotion_codes.create({"code": code, "promotion": promotion, **(limits or {})})

    return make_one


@pytest.fixture
def enter(as_):
    """Press a button of an order's pay page: ``enter(order, code="WELCOME10")``."""

    def press(order: Order, action: str = "redeem", **data):
        address = reverse("billing_sandbox:pay", args=[order.stripe_checkout_session_id])
        return as_().post(address, {"action": action, **data}, follow=action not in ("pay", "bacs"))

    return press


def session_of(order: Order) -> dict:
    return store.find(store.SESSION, order.stripe_checkout_session_id)


def stamp(**ahead) -> int:
    return int((timezone.now() + dt.timedelta(**ahead)).timestamp())


@pytest.mark.parametrize(
    ("off", "discount", "total"),
    [
        ({"percent_off": 10}, 690, 6210),
        ({"percent_off": 33.33}, 2300, 4600),
        ({"amount_off": 500, "currency": "gbp"}, 500, 6400),
        ({"amount_off": 9900, "currency": "gbp"}, 6900, 0),
        ({"percent_off": 100}, 6900, 0),
    ],
)
def test_what_a_code_takes_off_is_what_the_order_keeps(
    order, make_code, enter, reconcile, off, discount, total
):
    make_code("WELCOME", **off)
    page = enter(order, code=" welcome ").content.decode()
    assert "with the code <strong>WELCOME</strong>" in page
    session = session_of(order)
    assert (session["amount_total"], session["total_details"]["amount_discount"]) == (total, discount)
    enter(order, "pay")
    after = reconcile(order)
    assert (after.status, after.discount_minor, after.paid_minor) == ("fulfilled", discount, total)
    assert Term.objects.count() == 1


def test_a_code_for_the_whole_price_needs_no_payment(order, make_code, enter, reconcile, as_, maya):
    make_code("WHOLE", percent_off=100)
    page = enter(order, code="WHOLE").content.decode()
    assert "Complete the order" in page
    assert "Pay by card" not in page
    for act in (payer.decline_card, payer.pay_by_bacs):
        with pytest.raises(promotions.RefusedError, match="nothing to pay"):
            act(order.stripe_checkout_session_id)
    enter(order, "pay")
    session = session_of(order)
    assert (session["payment_status"], session["payment_intent"]) == ("no_payment_required", None)
    assert not SandboxObject.objects.filter(kind="payment_intent").exists()
    after = reconcile(order)
    assert (after.status, after.stripe_payment_intent_id, services.refundable_minor(after)) == (
        "fulfilled",
        "",
        0,
    )


def test_the_discount_is_on_the_order_and_in_the_letter(order, make_code, enter, reconcile, as_, maya):
    make_code("WELCOME10")
    enter(order, code="WELCOME10")
    enter(order, "pay")
    reconcile(order)
    page = as_(maya).get(reverse("billing:order", args=["willow-lane", order.public_id])).content.decode()
    assert "£6.90 off" in page
    assert "£62.10" in page
    (letter,) = send_waiting_mail()
    assert "Discount: £6.90" in letter.body
    assert "Paid: £62.10" in letter.body


def test_a_code_is_taken_off_again(order, make_code, enter):
    make_code("WELCOME10")
    enter(order, code="WELCOME10")
    enter(order, "take_off")
    session = session_of(order)
    assert (session["amount_total"], session["discounts"]) == (6900, [])
    assert [line["amount_total"] for line in session["line_items"]["data"]] == [6900]


@pytest.mark.parametrize("code", ["NOTHING", "OFF", "EURO"])
def test_an_unknown_code_is_refused_in_words(order, make_code, enter, code):
    off = make_code("OFF")
    stripe_gateway.get_client().v1.promotion_codes.update(off.id, {"active": False})
    make_code("EURO", amount_off=500, currency="eur")
    response = enter(order, code=code)
    assert response.status_code == 422
    assert promotions.INVALID in response.content.decode()
    assert session_of(order)["amount_total"] == 6900


def test_code_used_twice(order, begin, omar, harbour_house, make_code, enter):
    make_code("ONCE", limits={"max_redemptions": 1})
    other = begin(omar, harbour_house)
    assert enter(order, code="ONCE").status_code == 200
    assert enter(other, code="ONCE").status_code == 200
    enter(order, "pay")
    response = enter(other, "pay")
    assert (response.status_code, promotions.SPENT in response.content.decode()) == (422, True)
    session = session_of(other)
    assert (session["status"], session["amount_total"]) == ("open", 6900)
    again = enter(other, code="once")
    assert promotions.SPENT in again.content.decode()
    assert (store.list_objects(promotions.PROMOTION)[0]["times_redeemed"]) == 1


def test_a_coupon_used_up_stops_all_of_its_codes(order, begin, omar, harbour_house, make_code, enter):
    first = make_code("FIRST", coupon_limits={"max_redemptions": 1})
    second = {"code": "SECOND", "promotion": {"type": "coupon", "coupon": first.promotion.coupon}}
    stripe_gateway.get_client().v1.promotion_codes.create(second)
    enter(order, code="FIRST")
    enter(order, "pay")
    assert promotions.SPENT in enter(begin(omar, harbour_house), code="SECOND").content.decode()


@pytest.mark.parametrize(
    "limits",
    [{"limits": {"expires_at": stamp(hours=1)}}, {"coupon_limits": {"redeem_by": stamp(hours=1)}}],
    ids=["code", "coupon"],
)
def test_code_expired(order, make_code, enter, limits):
    make_code("SHORT", **limits)
    assert enter(order, code="SHORT").status_code == 200
    for thing in SandboxObject.objects.filter(kind__in=[promotions.PROMOTION, promotions.COUPON]):
        past = {name: stamp(hours=-1) for name in ("expires_at", "redeem_by") if thing.body.get(name)}
        store.keep({**thing.body, **past})
    response = enter(order, "pay")
    assert promotions.EXPIRED in response.content.decode()
    assert session_of(order)["amount_total"] == 6900
    assert promotions.EXPIRED in enter(order, code="SHORT").content.decode()


def test_a_code_for_a_larger_order_is_refused(order, make_code, enter):
    least = {"minimum_amount": 6901, "minimum_amount_currency": "gbp"}
    make_code("LARGE", limits={"restrictions": least})
    assert "at least 69.01" in enter(order, code="LARGE").content.decode()
    make_code("FITS", limits={"restrictions": {**least, "minimum_amount": 6900}})
    assert enter(order, code="FITS").status_code == 200


def test_a_code_for_a_first_payment_is_for_that_only(order, begin, maya, harbour_house, make_code, enter):
    make.make_membership(maya, harbour_house, "owner")
    make_code("FIRST", limits={"restrictions": {"first_time_transaction": True}})
    second = begin(maya, harbour_house)
    assert enter(order, code="FIRST").status_code == 200
    enter(order, "pay")
    assert promotions.NOT_FIRST in enter(second, code="FIRST").content.decode()


def test_a_code_that_leaves_too_little_to_charge_is_refused(order, make_code, enter):
    make_code("ALMOST", amount_off=6890, currency="gbp")
    assert "less is left" in enter(order, code="ALMOST").content.decode()


def test_a_used_code_counts_for_a_direct_debit_too(order, make_code, enter, reconcile):
    make_code("WELCOME10", limits={"max_redemptions": 1})
    enter(order, code="WELCOME10")
    enter(order, "bacs")
    payer.settle(order.stripe_checkout_session_id)
    assert reconcile(order).paid_minor == 6210
    assert store.list_objects(promotions.PROMOTION)[0]["active"] is False


def test_a_discount_is_shared_among_lines_to_the_penny():
    lines = [{"amount_subtotal": amount} for amount in (3333, 3333, 3334)]
    session = {"amount_subtotal": 10_000, "line_items": {"data": lines}, "total_details": {}}
    coupon = {"amount_off": None, "percent_off": 33.33}
    priced = promotions._priced(session, coupon=coupon)
    shares = [line["amount_discount"] for line in priced["line_items"]["data"]]
    assert sum(shares) == 3333 == 10_000 - priced["amount_total"]
    assert max(shares) - min(shares) <= 2


def test_a_checkout_can_be_opened_with_a_discount(make_code, product):
    code = make_code("WELCOME10")
    price = {"currency": "gbp", "unit_amount": 6900, "product_data": {"name": "Section"}}
    session = stripe_gateway.get_client().v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://testserver/done",
            "cancel_url": "http://testserver/back",
            "expires_at": stamp(hours=23),
            "line_items": [{"quantity": 1, "price_data": price}],
            "discounts": [{"promotion_code": code.id}],
        }
    )
    assert (session.amount_total, session.discounts[0].promotion_code) == (6210, code.id)


@pytest.mark.nonsense
@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({}, "percent_off"),
        ({"percent_off": 10, "amount_off": 500, "currency": "gbp"}, "percent_off"),
        ({"percent_off": 101}, "percent_off"),
        ({"amount_off": 500}, "currency"),
        ({"amount_off": 0, "currency": "gbp"}, "amount_off"),
        ({"percent_off": 10, "max_redemptions": 0}, "max_redemptions"),
        ({"percent_off": 10, "redeem_by": 1}, "redeem_by"),
        ({"percent_off": 10, "duration": "sometimes"}, "duration"),
        ({"percent_off": 10, "colour": "red"}, "colour"),
    ],
)
def test_a_senseless_coupon_is_refused(params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        stripe_gateway.get_client().v1.coupons.create(params)
    assert refusal.value.param == param
    assert not SandboxObject.objects.exists()


@pytest.mark.nonsense
@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"code": "TWO WORDS"}, "code"),
        ({"code": "taken"}, "code"),
        ({"promotion": {"type": "coupon"}}, "promotion[coupon]"),
        ({"promotion": {"type": "coupon", "coupon": "nothing"}}, "id"),
        ({"expires_at": 1}, "expires_at"),
        ({"restrictions": {"minimum_amount": 100}}, "restrictions[minimum_amount_currency]"),
    ],
)
def test_a_senseless_promotion_code_is_refused(make_code, changes, param):
    taken = make_code("TAKEN")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        stripe_gateway.get_client().v1.promotion_codes.create(
            {"code": "NEW", "promotion": {"type": "coupon", "coupon": taken.promotion.coupon}, **changes}
        )
    assert refusal.value.param == param


def test_staff_make_a_code_and_switch_it_off(as_, stan):
    address = reverse("billing_desk:promotion_codes")
    client = as_(stan)
    form = {"code": "SUMMER", "kind": "amount", "value": "5", "max_redemptions": "3", "last_on": "2099-07-31"}
    form |= {"minimum": "20", "is_for_first": "on"}
    page = client.post(address, form, follow=True).content.decode()
    assert "SUMMER" in page
    assert "31 July 2099" in page
    (made,) = store.list_objects(promotions.PROMOTION)
    assert made["restrictions"]["minimum_amount"] == 2000
    assert store.list_objects(promotions.COUPON)[0]["amount_off"] == 500
    assert client.post(address, form).status_code == 422
    assert SandboxObject.objects.filter(kind="coupon").count() == 1
    assert client.post(address, {**form, "kind": "percent", "value": "101"}).status_code == 422
    client.post(reverse("billing_desk:end_promotion_code", args=[made["id"]]))
    assert promotions.find_active("SUMMER") is None
    assert client.post(reverse("billing_desk:end_promotion_code", args=["promo_none"])).status_code == 404


def test_with_keys_codes_are_made_at_stripe(as_, stan, settings):
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    assert as_(stan).get(reverse("billing_desk:promotion_codes")).status_code == 404
    load_promotion_codes()
    assert not SandboxObject.objects.exists()


def test_the_demo_has_a_code_for_a_tenth_and_one_for_all():
    load_promotion_codes()
    load_promotion_codes()
    off = {one["percent_off"] for one in store.list_objects(promotions.COUPON)}
    assert (off, SandboxObject.objects.count()) == ({10.0, 100.0}, 4)
