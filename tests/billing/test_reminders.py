"""Reminders before a rental ends: the right people, the right days, each once; and an end to them."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import Order, OrderLine, Reminder, ReminderStop, Term
from billing.tokens import reminder_token
from teams.models import Membership
from tests import factories as make
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

LAST_DAY = dt.date(2027, 11, 20)


@pytest.fixture
def term(willow_lane, product, maya, fred, priya) -> Term:
    """Willow Lane rents until 20 November 2027; maya manages, fred and priya do not."""
    return make.make_rental(willow_lane, product, starts_on=dt.date(2026, 11, 21)).terms.get()


def remind(days_before: int, *, hour: int = 12):
    """What the worker's clock does ``days_before`` days before the last day; returns the mail."""
    day = LAST_DAY - dt.timedelta(days=days_before)
    services.send_reminders(now=dt.datetime.combine(day, dt.time(hour), dt.UTC))
    return send_waiting_mail()


def test_each_step_is_mailed_once_and_on_no_other_day(term, maya):
    mailed = {}
    for days_before in range(65, -20, -1):
        for message in [*remind(days_before), *remind(days_before)]:
            mailed.setdefault(days_before, []).append(message.to)
    assert mailed == {step: [[maya.email]] for step in (60, 30, 7, 1)}


@pytest.mark.parametrize(
    ("back_on", "step"), [(59, 60), (31, 60), (29, 30), (8, 30), (5, 7), (2, 7), (0, 1), (-1, None)]
)
def test_after_days_without_a_worker_only_the_nearest_step_goes(term, back_on, step):
    assert len(remind(back_on)) == (step is not None)
    assert len(remind(back_on)) == 0
    assert list(Reminder.objects.values_list("days_before", flat=True)) == ([step] if step else [])


def test_a_step_that_was_passed_over_never_goes(term):
    remind(5)
    assert remind(4) == []
    assert len(remind(1)) == 1
    assert sorted(Reminder.objects.values_list("days_before", flat=True)) == [1, 7]


def test_owners_and_managers_get_it_and_nobody_else(term, willow_lane):
    owner, manager = make.make_user("Olga Owner"), make.make_user("Max Manager")
    make.make_membership(owner, willow_lane, "owner")
    make.make_membership(manager, willow_lane, "manager")
    gone = make.make_user("Gone Away")
    make.make_membership(gone, willow_lane, "manager", left_at=timezone.now())
    closed = make.make_user("Closed Account", is_active=False)
    make.make_membership(closed, willow_lane, "manager")
    names = {message.to[0].split("-")[0] for message in remind(30)}
    assert names == {"maya", "olga", "max"}


def test_another_settings_manager_gets_nothing(term, omar):
    assert omar.email not in [address for message in remind(30) for address in message.to]


@pytest.mark.parametrize("change", ["revoked_at", "suspended_at"])
def test_what_is_taken_back_or_on_hold_is_not_reminded_of(term, change):
    Term.objects.update(**{change: timezone.now()})
    assert remind(30) == []


def test_what_is_renewed_already_is_not_reminded_of(term):
    make.make_rental(term.rental.care_setting, term.rental.product, starts_on=term.ends_on)
    assert remind(30) == []


def test_a_renewal_that_was_given_back_is_none(term):
    make.make_rental(term.rental.care_setting, term.rental.product, starts_on=term.ends_on)
    Term.objects.exclude(pk=term.pk).update(revoked_at=timezone.now())
    assert len(remind(30)) == 1


@pytest.mark.parametrize(
    ("status", "mails"), [("processing", 0), ("review", 0), ("open", 1), ("expired", 1), ("invoiced", 0)]
)
def test_while_a_payment_is_on_its_way_nobody_is_asked_to_pay(term, begin, maya, willow_lane, status, mails):
    Term.objects.update(revoked_at=timezone.now())  # so that the sandbox lets a checkout begin today
    begin(maya, willow_lane)
    Term.objects.update(revoked_at=None)
    if status == "invoiced":
        status = "open"
        Order.objects.update(method="invoice", billing_email="bills@example.org", due_on=LAST_DAY)
    Order.objects.update(status=status)
    OrderLine.objects.update(is_live=status in Order.LIVE_STATUSES)
    assert len(remind(30)) == mails


def test_pretend_money_is_not_reminded_of_on_a_live_site(term, settings):
    Term.objects.update(is_pretend=True)
    settings.STRIPE_SECRET_KEY = "sk_live_x"
    assert remind(30) == []


@pytest.mark.parametrize(("months", "steps"), [(1, [7, 1]), (2, [30, 7, 1]), (3, [60, 30, 7, 1])])
def test_a_short_rental_is_not_reminded_of_on_its_first_day(willow_lane, maya, months, steps):
    product = make.make_product("Short", months=months)
    short = make.make_rental(willow_lane, product, starts_on=dt.date(2027, 5, 1)).terms.get()
    for day in range((short.ends_on - short.starts_on).days):
        moment = dt.datetime.combine(short.starts_on + dt.timedelta(days=day), dt.time(12), dt.UTC)
        services.send_reminders(now=moment)
    assert list(Reminder.objects.order_by("pk").values_list("days_before", flat=True)) == steps


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2027-06-30T23:30+00:00", False),  # half past midnight in London: the day has come, the hour has not
        ("2027-07-01T05:59+00:00", False),
        ("2027-07-01T06:00+00:00", True),  # seven in summer
        ("2027-12-01T06:30+00:00", False),
        ("2027-12-01T07:00+00:00", True),  # seven in winter
    ],
)
def test_mail_waits_for_the_morning_in_london(willow_lane, product, maya, moment, goes):
    now = dt.datetime.fromisoformat(moment)
    day = now.date() if now.hour < 23 else now.date() + dt.timedelta(days=1)
    starts_on = day + dt.timedelta(days=8)
    make.make_rental(willow_lane, product, starts_on=starts_on.replace(year=starts_on.year - 1))
    assert services.send_reminders(now=now) == int(goes)


def test_the_database_holds_that_each_goes_once(term, maya):
    Reminder.objects.create(term=term, user=maya, days_before=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(term=term, user=maya, days_before=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(term=term, user=maya, days_before=8)


def test_who_was_quicker_leaves_nothing_to_send(term, maya):
    Reminder.objects.create(term=term, user=maya, days_before=30)
    assert not services.reminders.send_once(term, maya, step=30, now=timezone.now())
    assert send_waiting_mail() == []


def test_it_says_what_ends_when_and_where_to_renew(term, maya, product):
    (message,) = remind(7)
    assert message.subject == "Section two: last day 20 November 2027"
    html = message.alternatives[0][0]
    for words in ("Hello Maya Okafor", "20 November 2027", "in 7 days", "£69", "14 days"):
        assert words in message.body
        assert words in html
    assert f"{reverse('billing:rent', args=[product.slug])}?setting=willow-lane" in message.body
    assert "tomorrow" in remind(1)[0].body
    product.is_on_sale = False
    product.save()
    Reminder.objects.all().delete()
    (message,) = remind(0)
    assert "today" in message.body
    assert "not offered any more" in message.body
    assert "/billing/rent/" not in message.body + message.alternatives[0][0]


# --- Stopping them --------------------------------------------------------------------------------


def stop_path(message) -> str:
    """The path of the address in the mail's header."""
    return re.fullmatch(r"<https?://[^/]+(/[^>]+)>", message.extra_headers["List-Unsubscribe"])[1]


def test_one_press_stops_them_without_signing_in(term, maya):
    (message,) = remind(30)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = stop_path(message)
    assert path in message.body
    assert path in message.alternatives[0][0]
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(path)
    assert page.status_code == 200
    assert page.content.decode().count("<button") == 1
    assert page["Referrer-Policy"] == "no-referrer"
    assert services.wants_reminders(maya, term.rental.care_setting)  # looking changes nothing
    answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "No more reminders" in answer.content.decode()
    assert browser.post(path).status_code == 200
    assert remind(7) == []
    assert ReminderStop.objects.get().user == maya


def test_stopping_is_for_one_person_and_one_setting(term, maya, willow_lane, harbour_house, product):
    make.make_membership(make.make_user("Olga Owner"), willow_lane, "owner")
    make.make_membership(maya, harbour_house, "manager")
    make.make_rental(harbour_house, product, starts_on=term.starts_on)
    services.stop_reminders(user_id=maya.pk, care_setting_id=willow_lane.pk, now=timezone.now())
    told = sorted((message.to[0].split("-")[0], "Harbour" in message.body) for message in remind(30))
    assert told == [("maya", True), ("olga", False)]


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.split(".")[0], lambda t: "x"]
)
def test_an_address_that_we_did_not_make_gets_404(change, maya, willow_lane):
    token = reminder_token(user_id=maya.pk, care_setting_id=willow_lane.pk)
    path = reverse("billing:stop_reminders", args=[change(token)])
    assert Client().post(path).status_code == 404
    assert not ReminderStop.objects.exists()


def test_a_setting_or_person_that_is_gone_gets_404(maya, willow_lane):
    for named in (
        {"user_id": maya.pk, "care_setting_id": 10**9},
        {"user_id": 10**9, "care_setting_id": willow_lane.pk},
    ):
        path = reverse("billing:stop_reminders", args=[reminder_token(**named)])
        assert Client().post(path).status_code == 404


def test_a_manager_turns_them_off_and_on_again(as_, term, maya):
    client, address = as_(maya), reverse("billing:reminders", args=["willow-lane"])
    rentals = reverse("billing:rentals", args=["willow-lane"])
    assert "Stop my reminders" in client.get(rentals).content.decode()
    assert client.post(address, {"wanted": "no"}).status_code == 302
    assert "Send me reminders" in client.get(rentals).content.decode()
    assert remind(30) == []
    client.post(address, {"wanted": "yes"})
    assert len(remind(30)) == 1
    assert client.get(address).status_code == 405


def test_who_stopped_managing_gets_no_more(term, maya):
    remind(30)
    Membership.objects.filter(user=maya).update(is_owner=False, is_manager=False, is_practitioner=True)
    assert remind(7) == []


def test_the_desk_sees_who_was_reminded(as_, stan, order, pay, reconcile, maya):
    term = Term.objects.get(order_line__order=reconcile(pay(order)))
    services.send_reminders(
        now=dt.datetime.combine(term.last_day - dt.timedelta(days=7), dt.time(12), dt.UTC)
    )
    page = as_(stan).get(reverse("billing_desk:order", args=[order.pk])).content.decode()
    assert "Reminder, 7 days before the end" in page
