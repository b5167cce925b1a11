"""Reminders to those who pay for many: one mail for all that ends, each step once; and an end to them."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import PayerReminder, PayerReminderStop, PayerSetting, Term
from billing.tokens import payer_reminder_token, reminder_token
from tests import factories as make
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

CONTACT = "bills@bright.example"


@pytest.fixture
def order(paid_many):
    """Bright Nurseries has paid for two settings, and nobody has claimed either."""
    found = paid_many("Oak", "Elm")
    send_waiting_mail()
    return found


def remind(order, days_before: int, *, hour: int = 12):
    """What the worker's clock does ``days_before`` days before the last day; returns the mail."""
    last_day = Term.objects.of_order(order).first().last_day
    day = last_day - dt.timedelta(days=days_before)
    services.send_reminders(now=dt.datetime.combine(day, dt.time(hour), dt.UTC))
    return send_waiting_mail()


def claim(name: str, user):
    """Have somebody take over a setting, and return it."""
    return services.claim_as_new(
        payer_setting=PayerSetting.objects.get(name=name),
        user=user,
        now=timezone.now(),
        name=f"{name} under its own name",
        kind="nursery",
        address="",
        safeguarding_lead_name="Sam",
        safeguarding_lead_contact="01632 960000",
    )


def test_each_step_is_one_mail_that_names_every_setting_and_goes_on_no_other_day(order):
    mailed = {}
    for days_before in (61, 60, 59, 31, 30, 29, 8, 7, 6, 2, 1, 0, -1):
        for message in [*remind(order, days_before), *remind(order, days_before)]:
            mailed.setdefault(days_before, []).append(message)
    assert {day: [one.to for one in found] for day, found in mailed.items()} == {
        day: [[CONTACT]] for day in (60, 30, 7, 1)
    }
    assert all("Oak:" in one.body and "Elm:" in one.body for found in mailed.values() for one in found)
    assert PayerReminder.objects.count() == 4 * 2


def test_after_days_without_a_worker_only_the_nearest_step_goes(order):
    (message,) = remind(order, 5)
    assert "in 5 days" in message.body
    assert set(PayerReminder.objects.values_list("days_before", flat=True)) == {7}


def test_nothing_goes_before_seven_in_the_morning(order):
    assert remind(order, 30, hour=5) == []


def test_it_says_what_ends_when_who_has_not_begun_and_where_to_order_again(order, product, bright_nurseries):
    claim("Oak", make.make_user("Olga Oak", email="oak@group.example"))
    send_waiting_mail()
    messages = {message.to[0]: message for message in remind(order, 30)}
    assert set(messages) == {CONTACT, "oak@group.example"}, "a manager and the payer each get their own"
    message = messages[CONTACT]
    last_day = Term.objects.of_order(order).first().last_day
    assert message.subject == f"Bright Nurseries: 2 rentals end, the first on {last_day:%-d %B %Y}"
    lines = {line.split(":")[0]: line for line in message.body.splitlines()}
    assert "has not begun yet" in lines["Elm"]
    assert "has not begun yet" not in lines["Oak"]
    assert "£69 for each setting and 12 months" in message.body
    assert reverse("billing:settings_list", args=[bright_nurseries.public_id, product.slug]) in message.body
    for private in ("own name", "Olga", "Sam"):
        assert private not in message.body
    product.is_on_sale = False
    product.save()
    again = {message.to[0]: message for message in remind(order, 7)}[CONTACT]
    assert "not offered any more" in again.body
    assert f"/rent/{product.slug}/" not in again.body


def test_what_is_renewed_on_hold_or_given_back_is_not_in_it(order, product):
    oak, elm = Term.objects.of_order(order).order_by("order_line_id")
    make_later = {"granted_by": make.make_user("Stan Staff"), "grant_reason": "x"}
    Term.objects.create(
        rental=oak.rental, starts_on=oak.ends_on, ends_on=oak.ends_on + dt.timedelta(days=365), **make_later
    )
    (message,) = remind(order, 60)
    assert "Elm:" in message.body
    assert "Oak:" not in message.body
    assert message.subject.startswith("Bright Nurseries: 1 rental ends on")
    Term.objects.filter(pk=elm.pk).update(suspended_at=timezone.now())
    assert remind(order, 30) == []
    Term.objects.filter(pk=elm.pk).update(suspended_at=None, revoked_at=timezone.now())
    assert remind(order, 7) == []


def test_two_payers_get_a_mail_each_about_their_own(order, product):
    other = make.make_payer("Other Group", contact_email="bills@other.example")
    buyer = make.make_user("Otto Other")
    make.make_paid_group_order(other, buyer, product, "Yew,Nursery,yew@other.example")
    send_waiting_mail()
    messages = {message.to[0]: message for message in remind(order, 30)}
    assert set(messages) == {CONTACT, "bills@other.example"}
    assert "Yew" not in messages[CONTACT].body
    assert "Oak" not in messages["bills@other.example"].body


def test_who_was_quicker_leaves_nothing_to_send(order, bright_nurseries):
    term = Term.objects.of_order(order).first()
    PayerReminder.objects.create(term=term, email=CONTACT, days_before=30)
    day = term.last_day - dt.timedelta(days=30)
    sent = services.payer_reminders.send_to_payer(bright_nurseries, [(term, 30)], day=day, now=timezone.now())
    assert not sent
    assert send_waiting_mail() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        PayerReminder.objects.create(term=term, email=CONTACT, days_before=8)


def test_asking_costs_as_many_statements_for_thirty_settings(
    paid_many, order, django_assert_max_num_queries, bright_nurseries
):
    paid_many(*[f"Place {number}" for number in range(30)])
    last_day = Term.objects.of_order(order).first().last_day
    with django_assert_max_num_queries(3):
        ((payer, due),) = services.payer_reminders.find_due(day=last_day - dt.timedelta(days=30))
    assert (payer, len(due)) == (bright_nurseries, 32)


# --- Stopping them ------------------------------------------------------------------------------------


def test_one_press_stops_them_without_signing_in_and_the_payer_turns_them_on_again(
    order, bright_nurseries, as_, gwen
):
    (message,) = remind(order, 60)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(r"<https?://[^/]+(/[^>]+)>", message.extra_headers["List-Unsubscribe"])[1]
    assert path in message.body
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(path)
    assert page.content.decode().count("<button") == 1
    assert page["Referrer-Policy"] == "no-referrer"
    assert services.wants_payer_reminders(bright_nurseries), "looking changes nothing"
    for _ in range(2):
        assert "No more reminders" in browser.post(path, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert remind(order, 30) == []

    client = as_(gwen)
    assert f"{CONTACT} gets no mail before rentals end" in client.get(bright_nurseries.path).content.decode()
    address = reverse("billing:payer_reminders", args=[bright_nurseries.public_id])
    client.post(address, {"wanted": "yes"})
    assert len(remind(order, 7)) == 1
    client.post(address, {"wanted": "no"})
    assert remind(order, 1) == []


def test_another_contact_of_the_payer_is_not_stopped(order, bright_nurseries):
    services.stop_payer_reminders(payer=bright_nurseries, email=CONTACT.upper(), now=timezone.now())
    assert remind(order, 60) == []
    bright_nurseries.contact_email = "new@bright.example"
    bright_nurseries.save()
    (message,) = remind(order, 30)
    assert message.to == ["new@bright.example"]


def test_an_address_that_we_did_not_make_or_made_for_a_manager_gets_404(bright_nurseries, maya, willow_lane):
    good = payer_reminder_token(payer_id=bright_nurseries.pk, email=CONTACT)
    managers = reminder_token(user_id=maya.pk, care_setting_id=willow_lane.pk)
    for token in (good[:-1], f"x{good}", "x", managers, payer_reminder_token(payer_id=10**9, email=CONTACT)):
        path = reverse("billing:stop_payer_reminders", args=[token])
        assert Client().post(path).status_code == 404
    assert not PayerReminderStop.objects.exists()


def test_the_desk_sees_that_the_payer_was_reminded(as_, stan, order):
    remind(order, 7)
    page = as_(stan).get(reverse("billing_desk:order", args=[order.pk])).content.decode()
    assert page.count(f"Reminder to the payer, 7 days before the end: {CONTACT}") == 1
