"""The nightly sum check: silent while all is well, and exact about each order that is not."""

import datetime as dt
import io

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import Order, SumCheck
from billing.sandbox import bank, faults, payer
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(order, pay, reconcile):
    after = reconcile(pay(order))
    send_waiting_mail()
    return after


def check(**options) -> SumCheck:
    return services.check_sums(now=timezone.now(), **options)


def at(hour: int, *, days: int = 0) -> dt.datetime:
    """An hour of a winter's day in London, ``days`` from tomorrow."""
    return timezone.now().replace(hour=hour, minute=0) + dt.timedelta(days=1 + days)


def test_what_was_paid_given_back_and_disputed_is_stripes(paid, begin, omar, harbour_house, pay, reconcile):
    other = reconcile(pay(begin(omar, harbour_house)))
    bank.give_back_from_dashboard(paid.stripe_checkout_session_id, 2000)
    bank.withdraw(other.stripe_checkout_session_id)
    for one in (paid, other):
        reconcile(one)
    found = check(is_nightly=True)
    assert found.differences == []
    assert found.compared == 2
    assert found.sums == {
        "GBP": {"paid": [13800, 13800], "given back": [2000, 2000], "disputed": [6900, 6900]}
    }
    send_waiting_mail()
    assert not [one for one in send_waiting_mail() if "sum" in one.subject]


def test_a_bank_that_gave_the_money_back_counts_nothing(paid, reconcile):
    bank.withdraw(paid.stripe_checkout_session_id)
    reconcile(paid)
    bank.decide_for_us(paid.stripe_checkout_session_id)
    reconcile(paid)
    found = check()
    assert found.differences == []
    assert found.sums["GBP"]["disputed"] == [0, 0]


def test_a_failed_refund_counts_nothing(paid, reconcile):
    bank.give_back_from_dashboard(paid.stripe_checkout_session_id)
    reconcile(paid)
    bank.fail_refund(paid.stripe_checkout_session_id)
    reconcile(paid)
    assert check().sums["GBP"]["given back"] == [0, 0]


def test_what_only_came_late_is_put_right_first(order, pay):
    with faults.held_deliveries():
        pay(order)
    assert check().differences == []
    order.refresh_from_db()
    assert order.status == "fulfilled"


@pytest.mark.parametrize(
    ("change", "what", "ours", "stripes"),
    [
        ({"paid_minor": 9999}, "paid", 9999, 6900),
        ({"refunded_minor": 500}, "given back", 500, 0),
    ],
)
def test_each_difference_names_its_order_and_both_sums(
    paid, monkeypatch, change, what, ours, stripes, as_, stan
):
    monkeypatch.setattr(services.sums, "reconcile_order", lambda *, order, now: order)
    Order.objects.update(**change)
    found = check(is_nightly=True)
    assert found.differences == [
        {
            "order": paid.pk,
            "number": paid.number,
            "payment": paid.stripe_payment_intent_id,
            "what": what,
            "currency": "gbp",
            "ours": ours,
            "stripes": stripes,
        }
    ]
    (message,) = send_waiting_mail()
    assert message.to == [site.SUPPORT_EMAIL]
    assert f"Order {paid.number}" in message.body
    assert "£69" in message.body or "£5" in message.body
    page = as_(stan).get(reverse("billing_desk:sums")).content.decode()
    assert reverse("billing_desk:order", args=[paid.pk]) in page
    assert paid.stripe_payment_intent_id in page


def test_an_order_whose_payment_stripe_does_not_know_differs(paid, monkeypatch):
    monkeypatch.setattr(services.sums, "reconcile_order", lambda *, order, now: order)
    Order.objects.update(stripe_payment_intent_id="pi_unknown")
    differences = {(row["payment"], row["ours"], row["stripes"]) for row in check().differences}
    assert differences == {("pi_unknown", 6900, 0), (paid.stripe_payment_intent_id, 0, 6900)}


def test_a_payment_of_an_order_that_is_gone_differs(paid):
    stray = bank.charge_of(paid.stripe_checkout_session_id)
    stray = {**stray, "id": "ch_stray", "payment_intent": "pi_stray", "amount_captured": 100}
    stray["metadata"] = {"order": "0e1f8a32-0000-4000-8000-000000000000"}
    bank.keep(stray)
    (row,) = check().differences
    assert (row["order"], row["payment"], row["stripes"]) == (None, "pi_stray", 100)
    bank.keep({**stray, "metadata": {}})  # a payment that has nothing to do with us
    assert check().differences == []


def test_an_order_that_cost_nothing_and_a_declined_card_count_nothing(order, begin, omar, harbour_house):
    payer.decline_card(order.stripe_checkout_session_id)
    found = check()
    assert (found.compared, found.differences) == (0, [])


def test_what_came_past_stripe_is_not_stripes(paid, monkeypatch):
    monkeypatch.setattr(services.sums, "reconcile_order", lambda *, order, now: order)
    Order.objects.update(paid_minor=9900, off_stripe_minor=3000)
    assert check().differences == []


# --- By the clock ---------------------------------------------------------------------------------


def test_it_is_made_once_a_night_from_three_in_london(paid):
    assert not services.is_check_due(now=at(1))
    assert services.is_check_due(now=at(4))
    services.check_sums(now=at(4), is_nightly=True)
    assert not services.is_check_due(now=at(5))
    assert services.is_check_due(now=at(4, days=1))


def test_two_workers_make_one_check_and_one_mail(paid, monkeypatch):
    monkeypatch.setattr(services.sums, "reconcile_order", lambda *, order, now: order)
    Order.objects.update(paid_minor=1)
    first = services.check_sums(now=at(4), is_nightly=True)
    assert services.check_sums(now=at(4), is_nightly=True).pk == first.pk
    assert SumCheck.objects.count() == 1
    assert len(send_waiting_mail()) == 1


def test_the_command_says_what_differs_and_fails(paid, monkeypatch):
    out = io.StringIO()
    call_command("check_sums", stdout=out)
    assert "1 orders compared, 0 differences." in out.getvalue()
    monkeypatch.setattr(services.sums, "reconcile_order", lambda *, order, now: order)
    Order.objects.update(paid_minor=1)
    with pytest.raises(CommandError, match="not Stripe's"):
        call_command("check_sums", stdout=out)
    assert f"Order {paid.number}" in out.getvalue()
    assert send_waiting_mail() == []


def test_while_stripe_is_away_the_night_is_tried_again(paid, monkeypatch):
    tonight = at(4)
    monkeypatch.setattr(timezone, "now", lambda: tonight)
    err = io.StringIO()
    with faults.injected(faults.Fault("500", where="GET /v1/charges", times=9)):
        call_command("check_sums", nightly=True, stderr=err)
    assert "away" in err.getvalue()
    assert not SumCheck.objects.exists()
    call_command("check_sums", nightly=True, verbosity=0)
    assert SumCheck.objects.count() == 1
    call_command("check_sums", nightly=True, verbosity=0)
    assert SumCheck.objects.count() == 1


def test_the_desk_page_says_that_all_is_well_or_that_nothing_was_checked(as_, stan, paid):
    address = reverse("billing_desk:sums")
    assert "Nothing was checked so far" in as_(stan).get(address).content.decode()
    check()
    page = as_(stan).get(address).content.decode()
    assert "The one order compared is the same" in page
    assert "by hand" in page
