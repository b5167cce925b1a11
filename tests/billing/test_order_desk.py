"""The order desk: found in a moment, told in one list, decided with a reason that is kept."""

import uuid

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from billing import services
from billing.models import Decision, Order, Refund, Term
from billing.sandbox import bank, faults
from tests import factories as make
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    """Staff of the provider who look after orders and nothing else."""
    user = make.make_user("Clara Clerk")
    user.groups.add(Group.objects.get(name="Order desk"))
    return user


@pytest.fixture
def desk(as_, clerk):
    """The clerk's client."""
    return as_(clerk)


@pytest.fixture
def paid(order, pay, reconcile):
    """Maya's order, paid and open."""
    return reconcile(pay(order))


@pytest.fixture
def second(paid, begin, maya, willow_lane, pay, reconcile):
    """A second real payment for the same thing: it waits for a decision."""
    Term.objects.update(revoked_at="2026-01-01T00:00Z")
    order = begin(maya, willow_lane)
    Term.objects.update(revoked_at=None)
    Term.objects.update(created_at=order.created_at)
    after = reconcile(pay(order))
    assert after.status == "review"
    send_waiting_mail()
    return after


def post(desk, name: str, order: Order, **data):
    return desk.post(reverse(f"billing_desk:{name}", args=[order.pk]), data)


def wish(**changes) -> dict:
    return {"amount": "69.00", "reason": "Bought by mistake", "key": str(uuid.uuid4()), **changes}


@pytest.mark.parametrize(
    "of", ["name", "email", "session", "payment", "reference at Stripe", "pk", "refund", "dispute"]
)
def test_an_order_is_found_by_whatever_people_have_in_hand(of, desk, paid, reconcile):
    bank.give_back_from_dashboard(paid.stripe_checkout_session_id, 100)
    bank.inquire(paid.stripe_checkout_session_id)
    order = reconcile(paid)
    text = {
        "name": "willow",
        "email": order.contact_email.upper(),
        "session": order.stripe_checkout_session_id,
        "payment": order.stripe_payment_intent_id,
        "reference at Stripe": str(order.public_id),
        "pk": str(order.pk),
        "refund": Refund.objects.get().stripe_refund_id,
        "dispute": order.disputes.get().stripe_dispute_id,
    }[of]
    response = desk.get(reverse("billing_desk:orders"), {"q": f" {text} "})
    assert list(response.context["orders"]) == [order]


@pytest.mark.parametrize("text", ["nobody", "9" * 40, "\x00", "%", "'", "x" * 5000])
def test_senseless_searches_find_nothing_and_break_nothing(text, desk, order):
    response = desk.get(reverse("billing_desk:orders"), {"q": text})
    assert response.status_code == 200


def test_the_refund_form_begins_with_all_that_is_left_in_pounds_and_pence(desk, paid):
    post(desk, "refund", paid, **wish(amount="6.90"))
    page = desk.get(reverse("billing_desk:order", args=[paid.pk])).content.decode()
    assert 'name="amount" value="62.10"' in page
    assert "At most £62.10 is left." in page


def test_the_page_tells_what_happened_in_one_list(desk, paid, clerk):
    post(desk, "refund", paid, **wish(amount="20.00"))
    page = desk.get(reverse("billing_desk:order", args=[paid.pk])).content.decode()
    for words in (
        "Order begun",
        "State: Paid",
        "State: Partly refunded",
        "Mail queued: receipt",
        "Mail queued: refund",
        "Gave money back",
        "Bought by mistake",
        "Clara Clerk",
        "Term of “Section two”",
    ):
        assert words in page


def test_giving_all_back_ends_the_rental_and_keeps_the_reason(desk, paid, clerk):
    assert post(desk, "refund", paid, **wish()).status_code == 302
    paid.refresh_from_db()
    assert paid.status == "refunded"
    decision = Decision.objects.get()
    assert (decision.kind, decision.reason, decision.decided_by) == ("refund", "Bought by mistake", clerk)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"reason": ""}, 422),
        ({"amount": ""}, 422),
        ({"amount": "0"}, 422),
        ({"amount": "1.234"}, 422),
        ({"amount": "nan"}, 422),
        ({"amount": "69.01"}, 409),
        ({"key": "no key"}, 422),
        ({"reason": "x" * 301}, 422),
    ],
)
def test_a_senseless_refund_comes_back_with_every_word(desk, paid, changes, status):
    response = post(desk, "refund", paid, **wish(**changes))
    assert response.status_code == status
    if "reason" not in changes:
        assert "Bought by mistake" in response.content.decode()
    assert not Refund.objects.exists()


def test_the_same_form_sent_twice_gives_back_once(desk, paid):
    data = wish(amount="10.00")
    for _ in range(2):
        assert post(desk, "refund", paid, **data).status_code == 302
    paid.refresh_from_db()
    assert paid.refunded_minor == 1000


def test_the_button_asks_stripe_and_keeps_who_pressed_it(desk, order, pay, clerk):
    with faults.held_deliveries():
        pay(order)
    post(desk, "reconcile", order)
    order.refresh_from_db()
    assert order.status == "fulfilled"
    assert Decision.objects.get().decided_by == clerk


def test_where_stripe_is_silent_the_button_says_so(desk, paid):
    with faults.injected(faults.Fault("500", where="GET", times=9)):
        response = desk.post(reverse("billing_desk:reconcile", args=[paid.pk]), follow=True)
    assert "does not answer" in response.content.decode()
    assert not Decision.objects.exists()


def test_what_waits_for_a_decision_is_shown_first_with_its_reason(desk, second):
    response = desk.get(reverse("billing_desk:orders"))
    assert list(response.context["waiting"]) == [second]
    assert second.review_reason in response.content.decode()


def test_a_second_payment_cannot_be_fulfilled_but_extends(desk, second, clerk):
    response = post(desk, "open", second, kind="fulfil", reason="They want it")
    assert response.status_code == 409
    assert "They want it" in response.content.decode()
    assert post(desk, "open", second, kind="extend", reason="They want two years").status_code == 302
    second.refresh_from_db()
    assert (second.status, second.review_reason) == ("fulfilled", "")
    first, later = Term.objects.in_time()
    assert later.starts_on == first.ends_on
    assert later.order_line.order_id == second.pk
    decision = Decision.objects.get()
    assert (decision.kind, decision.reason, decision.decided_by) == ("extend", "They want two years", clerk)
    (mail,) = send_waiting_mail()
    assert mail.to == [second.contact_email]


def test_a_second_payment_is_given_back_and_the_first_stays(desk, second, paid):
    post(desk, "refund", second, **wish())
    second.refresh_from_db()
    paid.refresh_from_db()
    assert (second.status, paid.status) == ("refunded", "fulfilled")
    assert Term.objects.unrevoked().count() == 1


def test_paid_after_it_was_called_off_is_fulfilled_by_staff_once(desk, order, pay, reconcile):
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    reconcile(pay(order))
    assert post(desk, "open", order, kind="fulfil", reason="They meant to pay").status_code == 302
    assert post(desk, "open", order, kind="fulfil", reason="Again").status_code == 409
    order.refresh_from_db()
    assert order.status == "fulfilled"
    assert Term.objects.count() == 1
    assert reconcile(order).status == "fulfilled"


def test_a_refund_that_failed_with_taken_days_is_opened_after_them(desk, paid, begin, maya, pay, reconcile):
    post(desk, "refund", paid, **wish())
    second = reconcile(pay(begin(maya, paid.care_setting)))
    bank.fail_refund(paid.stripe_checkout_session_id)
    assert reconcile(paid).status == "review"
    assert post(desk, "open", paid, kind="extend", reason="Keep both").status_code == 302
    first, later = Term.objects.unrevoked().in_time()
    assert (first.order_line.order_id, later.order_line.order_id) == (second.pk, paid.pk)
    assert later.starts_on == first.ends_on


def test_nothing_is_opened_for_money_that_never_came(desk, order):
    Order.objects.filter(pk=order.pk).update(status="review", review_reason="The amount is not the order's.")
    assert post(desk, "open", order, kind="fulfil", reason="Be kind").status_code == 409
    assert not Term.objects.exists()


def test_a_grant_opens_without_payment_and_keeps_who_and_why(desk, willow_lane, product, clerk):
    data = {"care_setting": willow_lane.pk, "product": product.pk, "months": "3", "reason": "A trial"}
    assert desk.post(reverse("billing_desk:grant"), data).status_code == 302
    term = Term.objects.get()
    assert (term.granted_by, term.grant_reason, term.order_line) == (clerk, "A trial", None)
    assert services.rental_summary(willow_lane, term.starts_on)[0].is_open


def test_a_grant_follows_what_is_rented_already(desk, paid, product):
    data = {"care_setting": paid.care_setting_id, "product": product.pk, "months": "1", "reason": "Sorry"}
    desk.post(reverse("billing_desk:grant"), data)
    first, later = Term.objects.in_time()
    assert later.starts_on == first.ends_on


def test_a_grant_without_a_reason_comes_back(desk, willow_lane, product):
    data = {"care_setting": willow_lane.pk, "product": product.pk, "months": "3", "reason": " "}
    assert desk.post(reverse("billing_desk:grant"), data).status_code == 422
    assert not Term.objects.exists()


def test_the_menu_shows_orders_to_the_clerk_and_not_to_an_editor(desk, as_, edith):
    address = reverse("billing_desk:orders")
    assert address in desk.get(reverse("wagtailadmin_home")).content.decode()
    assert address not in as_(edith).get(reverse("wagtailadmin_home")).content.decode()


def test_an_order_that_is_not_there_gets_404(desk):
    assert desk.get(reverse("billing_desk:order", args=[10**12])).status_code == 404


def test_the_manager_sees_what_was_given_back(as_, desk, paid, maya):
    post(desk, "refund", paid, **wish(amount="20.00"))
    page = as_(maya).get(reverse("billing:order", args=["willow-lane", paid.public_id])).content.decode()
    assert "Given back" in page
    assert "£20" in page
