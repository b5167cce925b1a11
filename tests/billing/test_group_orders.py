"""One order for many settings: what each line means, what it costs, and what it gives once paid."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import services
from billing.models import Decision, Order, OrderLine, PayerSetting, Rental, SettingsList, Term
from billing.sandbox import bank
from billing.services.group_offers import GroupOffer
from billing.stripe_gateway import StripeIsAwayError
from billing.stripe_gateway.calls import build_checkout_request
from billing.terms import TERMS_VERSION
from elearning.periods import add_months, london_day
from teams.models import CareSetting
from tests import factories as make
from tests.billing.test_concurrency import at_once

TODAY = london_day(timezone.now())


def days_ago(days: int) -> dt.date:
    return london_day(timezone.now()) - dt.timedelta(days=days)


@pytest.fixture
def look(bright_nurseries, gwen, product):
    """Type a list and return what it would give: ``look("Oak,Nursery,a@b.example", buyer=maya)``."""

    def offer_for(*lines: str, buyer=None) -> GroupOffer:
        reading = services.save_list(
            payer=bright_nurseries,
            product=product,
            text="\n".join(lines),
            actor=buyer or gwen,
            now=timezone.now(),
        )
        return services.make_group_offer(
            settings_list=services.find_list(payer=bright_nurseries, product=product),
            rows=reading.rows,
            buyer=buyer or gwen,
            day=london_day(timezone.now()),
        )

    return offer_for


@pytest.fixture
def maya_pays(bright_nurseries, maya):
    """Maya orders for Bright Nurseries too."""
    bright_nurseries.people.create(user=maya)
    return maya


def terms_of(order: Order) -> list[Term]:
    return list(Term.objects.of_order(order).select_related("rental").order_by("order_line_id"))


def test_a_paid_order_gives_each_line_one_term_however_often_stripe_is_asked(paid_many, reconcile):
    order = paid_many("Oak", "Elm", "Ash")
    for _ in range(3):
        reconcile(order)
    terms = terms_of(order)
    assert [(term.starts_on, term.ends_on) for term in terms] == [(TODAY, add_months(TODAY, 12))] * 3
    assert len({term.order_line_id for term in terms}) == len({term.rental_id for term in terms}) == 3
    assert order.paid_minor == 3 * 6900


def test_nothing_is_open_and_nobody_is_known_before_the_payment(order_many):
    order = order_many("Oak", "Elm")
    assert not Term.objects.exists()
    waiting = CareSetting.objects.filter(order_lines__order=order)
    assert {one.name for one in waiting} == {"Oak", "Elm"}
    assert not any(one.memberships.exists() for one in waiting)
    assert all(one.slug.startswith("waiting-") for one in waiting), "an address tells what others are called"


def test_stripe_is_told_how_many_and_not_for_whom(order_many):
    order = order_many(*[f"Setting {number}" for number in range(120)])
    request = build_checkout_request(order)
    (item,) = request["line_items"]
    assert (item["quantity"], item["price_data"]["unit_amount"]) == (120, 6900)
    assert "Setting" not in str(request)
    assert request["customer_email"] == "bills@bright.example"


def test_a_strangers_setting_of_the_same_name_is_neither_found_nor_touched(
    look, paid_many, harbour_house, omar, product
):
    make.make_rental(harbour_house, product, starts_on=days_ago(330))
    (line,) = look("Harbour House,Nursery,a@b.example").lines
    assert (line.care_setting, line.refusal, line.follows_last_day) == (None, "", None)
    order = paid_many("Harbour House")
    assert order.lines.get().care_setting != harbour_house
    assert harbour_house.rentals.get().terms.count() == 1


def test_a_setting_that_the_buyer_manages_is_meant_by_its_name(look, paid_many, willow_lane, maya_pays):
    (line,) = look("willow  LANE,Nursery,other@b.example", buyer=maya_pays).lines
    assert line.care_setting == willow_lane
    assert not line.gets_letter
    paid_many("Willow Lane", "Oak", buyer=maya_pays)
    assert willow_lane.rentals.get().terms.count() == 1
    assert PayerSetting.objects.get(care_setting=willow_lane).claimed_at


def test_another_buyer_of_the_payer_does_not_reach_it_before_it_was_ordered_for(
    look, willow_lane, maya_pays, gwen
):
    (line,) = look("Willow Lane,Nursery,a@b.example", buyer=gwen).lines
    assert line.care_setting is None


def test_a_setting_bought_for_before_is_meant_again(paid_many, look):
    before = paid_many("Oak").lines.get()
    (line,) = look("OAK,School,new@b.example").lines
    assert line.care_setting == before.care_setting
    assert "Rents this already" in line.refusal


def test_one_setting_that_rents_already_asks_whether_to_extend_and_then_follows_its_last_day(
    look, order_many, pay, reconcile, willow_lane, maya_pays, product
):
    rental = make.make_rental(willow_lane, product, starts_on=days_ago(330))
    running = rental.terms.get()
    offer = look("Willow Lane,Nursery,a@b.example", "Oak,Nursery,oak@b.example", buyer=maya_pays)
    assert [line.row.name for line in offer.undecided] == ["Willow Lane"]
    assert offer.total_minor == 6900
    order = reconcile(pay(order_many("Willow Lane", "Oak", buyer=maya_pays)))
    assert order.paid_minor == 2 * 6900
    following = rental.terms.in_time().last()
    assert (following.starts_on, following.ends_on) == (running.ends_on, add_months(running.starts_on, 24))


def test_it_can_be_left_out_and_the_others_are_ordered(
    look, willow_lane, maya_pays, product, bright_nurseries
):
    make.make_rental(willow_lane, product, starts_on=days_ago(330))
    look("Willow Lane,Nursery,a@b.example", "Oak,Nursery,oak@b.example", buyer=maya_pays)
    kept = services.find_list(payer=bright_nurseries, product=product)
    services.save_choices(settings_list=kept, choices={"willow lane": "leave_out"}, now=timezone.now())
    order = order_list(kept, buyer=maya_pays, total_minor=6900)
    assert [line.setting_name for line in OrderLine.objects.of_order(order)] == ["Oak"]


def order_list(kept: SettingsList, *, buyer, total_minor: int) -> Order:
    order, _ = services.begin_group_checkout(
        settings_list=kept,
        buyer=buyer,
        terms_version=TERMS_VERSION,
        total_minor=total_minor,
        now=timezone.now(),
    )
    return order


def test_more_than_sixty_days_before_its_end_it_is_left_out_and_says_from_when(
    look, willow_lane, maya_pays, product
):
    make.make_rental(willow_lane, product, starts_on=days_ago(100))
    (line,) = look("Willow Lane,Nursery,a@b.example", buyer=maya_pays).lines
    assert "It can go on from" in line.refusal
    assert not line.is_ordered
    assert not line.asks


def test_a_setting_whose_own_checkout_is_open_is_left_out(look, begin, maya_pays, willow_lane):
    begin(maya_pays, willow_lane)
    (line,) = look("Willow Lane,Nursery,a@b.example", buyer=maya_pays).lines
    assert "Somebody is paying" in line.refusal


def test_a_manager_is_not_handed_the_payers_checkout_but_told_who_pays(
    order_many, begin, maya_pays, willow_lane, product
):
    order_many("Willow Lane", "Oak", buyer=maya_pays)
    with pytest.raises(services.PaymentUnderWayError, match="Bright Nurseries is renting this for you"):
        begin(maya_pays, willow_lane)
    offer = services.make_offer(product=product, care_setting=willow_lane, day=TODAY)
    assert offer.live_order is None
    assert "You need not pay" in offer.refusal


def test_two_names_that_mean_one_setting_are_ordered_once(look, paid_many, willow_lane, maya_pays):
    paid_many("Willow Lane", buyer=maya_pays)
    PayerSetting.objects.filter(care_setting=willow_lane).update(name="The Willow")
    Term.objects.update(revoked_at=timezone.now())
    lines = look("The Willow,Nursery,a@b.example", "Willow Lane,Nursery,b@b.example", buyer=maya_pays).lines
    assert [line.is_ordered for line in lines] == [True, False]
    assert "same setting as “The Willow”" in lines[1].refusal


def test_what_is_ordered_is_what_was_seen(look, bright_nurseries, gwen, product):
    look("Oak,Nursery,a@b.example")
    kept = services.find_list(payer=bright_nurseries, product=product)
    product.price_minor = 7900
    product.save()
    with pytest.raises(services.ListChangedError, match="check it again"):
        order_list(kept, buyer=gwen, total_minor=6900)
    assert not Order.objects.exists()


def test_ordering_twice_makes_one_order(look, bright_nurseries, gwen, product):
    look("Oak,Nursery,a@b.example", "Elm,Nursery,b@b.example")
    kept = services.find_list(payer=bright_nurseries, product=product)
    order_list(kept, buyer=gwen, total_minor=2 * 6900)
    with pytest.raises(services.ListChangedError):
        order_list(kept, buyer=gwen, total_minor=2 * 6900)
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ordering_from_two_tabs_at_once_makes_one_order(look, bright_nurseries, gwen, product):
    look("Oak,Nursery,a@b.example", "Elm,Nursery,b@b.example")
    kept = services.find_list(payer=bright_nurseries, product=product)

    def try_it():
        try:
            return order_list(kept, buyer=gwen, total_minor=2 * 6900).pk
        except services.ListChangedError:
            return None

    found = at_once([try_it] * 4, threads=4)
    assert found.count(None) == 3
    assert Order.objects.count() == 1
    assert PayerSetting.objects.count() == 2


def test_the_list_stays_until_the_order_is_paid(order_many, pay, reconcile, gwen, bright_nurseries, product):
    order = order_many("Oak")
    services.call_off(order=order, actor=gwen, now=timezone.now())
    assert "Oak" in services.find_list(payer=bright_nurseries, product=product).text
    reconcile(pay(order_many("Oak")))
    assert not SettingsList.objects.exists()
    assert PayerSetting.objects.count() == 1, "a second try made a second setting"


def test_a_list_that_nobody_goes_on_with_is_forgotten(look):
    look("Oak,Nursery,a@b.example")
    assert services.forget_old_lists(now=timezone.now() + dt.timedelta(days=29)) == 0
    assert services.forget_old_lists(now=timezone.now() + dt.timedelta(days=31)) == 1


def test_an_order_waits_when_stripe_is_away(look, bright_nurseries, gwen, product, monkeypatch):
    def away(order):
        raise StripeIsAwayError("APIConnectionError")

    look("Oak,Nursery,a@b.example")
    kept = services.find_list(payer=bright_nurseries, product=product)
    monkeypatch.setattr("billing.stripe_gateway.create_checkout", away)
    with pytest.raises(services.NoCheckoutError):
        order_list(kept, buyer=gwen, total_minor=6900)
    assert Order.objects.get().status == Order.Status.DRAFT


@pytest.fixture
def order_with_a_taken_line(order_many, begin, pay, reconcile, maya_pays, willow_lane):
    """A group order that lapsed; then Willow Lane paid for itself, then the group's money came."""
    order = order_many("Willow Lane", "Oak", buyer=maya_pays)
    OrderLine.objects.filter(order=order).update(is_live=False)
    Order.objects.filter(pk=order.pk).update(status=Order.Status.EXPIRED)
    reconcile(pay(begin(maya_pays, willow_lane)))
    return reconcile(pay(order))


def test_a_line_that_cannot_be_fulfilled_holds_the_whole_order_for_staff(order_with_a_taken_line):
    order = order_with_a_taken_line
    assert order.status == Order.Status.REVIEW
    assert "meanwhile: Willow Lane" in order.review_reason
    assert not terms_of(order)
    assert not PayerSetting.objects.filter(invitation__isnull=False).exists()


def test_staff_extend_it_and_every_line_opens(order_with_a_taken_line, stan, willow_lane):
    order = services.open_reviewed_order(
        order=order_with_a_taken_line,
        kind=Decision.Kind.EXTEND,
        reason="Both were paid",
        actor=stan,
        now=timezone.now(),
    )
    assert order.status == Order.Status.FULFILLED
    by_name = {line.setting_name: line.term for line in OrderLine.objects.of_order(order)}
    assert by_name["Oak"].starts_on == TODAY
    assert by_name["Willow Lane"].starts_on == add_months(TODAY, 12)
    assert PayerSetting.objects.get(name="Oak").invitation


def give_back(order: Order, amount_minor: int, stan) -> Order:
    services.refund_order(
        order=order,
        amount_minor=amount_minor,
        reason="Asked",
        key=uuid.uuid4(),
        actor=stan,
        now=timezone.now(),
    )
    order.refresh_from_db()
    return order


def test_a_refund_of_a_part_leaves_every_setting_open_and_of_all_ends_every_one(paid_many, stan):
    order = give_back(paid_many("Oak", "Elm", "Ash"), 6900, stan)
    assert order.status == Order.Status.PARTLY_REFUNDED
    assert not any(term.revoked_at for term in terms_of(order))
    order = give_back(order, 2 * 6900, stan)
    assert order.status == Order.Status.REFUNDED
    assert all(term.revoked_at for term in terms_of(order))


def test_a_dispute_holds_every_setting_and_lets_all_go_on_when_it_is_won(paid_many, reconcile):
    order = paid_many("Oak", "Elm")
    bank.withdraw(order.stripe_checkout_session_id)
    reconcile(order)
    assert all(term.suspended_at for term in terms_of(order))
    bank.decide_for_us(order.stripe_checkout_session_id)
    reconcile(order)
    assert not any(term.suspended_at for term in terms_of(order))


def test_an_order_has_exactly_one_customer(bright_nurseries, willow_lane, order_many):
    order = order_many("Oak")
    for changes in ({"payer": None}, {"care_setting": willow_lane}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(**changes)
    assert Rental.objects.count() == 0
