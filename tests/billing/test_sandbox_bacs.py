"""A Direct Debit in the sandbox takes its days: it arrives or comes back by a button, or by the clock."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from billing.models import Term
from billing.sandbox import payer, store
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(order, as_, django_capture_on_commit_callbacks):
    """Press a button of the order's pay page and return the page after it."""

    def press_button(action: str) -> str:
        address = reverse("billing_sandbox:pay", args=[order.stripe_checkout_session_id])
        with django_capture_on_commit_callbacks(execute=True):
            as_().post(address, {"action": action})
        return as_().get(address).content.decode()

    return press_button


def put_back(order, **ago) -> None:
    """Have the order's payment begun so long ago."""
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    intent = store.find(store.INTENT, session["payment_intent"])
    store.keep({**intent, "created": int((timezone.now() - dt.timedelta(**ago)).timestamp())})


@pytest.mark.parametrize(
    ("begun", "button", "status"),
    [
        ("bacs", "settle", "fulfilled"),
        ("bacs", "send_back", "failed"),
        ("bad_bacs", "settle", "fulfilled"),
        ("bad_bacs", "send_back", "failed"),
    ],
)
def test_a_button_decides_how_it_ends(order, press, begun, button, status):
    page = press(begun)
    order.refresh_from_db()
    assert order.status == "processing"
    assert "The money arrives" in page
    press(button)
    order.refresh_from_db()
    assert (order.status, Term.objects.count()) == (status, status == "fulfilled")


@pytest.mark.parametrize(("begun", "status"), [("bacs", "fulfilled"), ("bad_bacs", "failed")])
def test_after_five_days_the_clock_decides(order, press, begun, status):
    press(begun)
    put_back(order, days=5, minutes=-1)
    call_command("reconcile_orders", stdout=io.StringIO())
    order.refresh_from_db()
    assert order.status == "processing"
    put_back(order, days=5)
    call_command("reconcile_orders", stdout=io.StringIO())
    order.refresh_from_db()
    assert order.status == status
    assert len(send_waiting_mail()) == 1


def test_a_bank_day_may_be_shorter_than_a_real_one(order, press, settings):
    settings.BILLING_SANDBOX_DAY_MINUTES = 1
    press("bacs")
    put_back(order, minutes=5)
    assert payer.end_due_debits(now=timezone.now()) == 1
    assert payer.end_due_debits(now=timezone.now()) == 0


def test_the_page_says_when_and_how_it_ends_by_itself(order, press):
    assert "It arrives by itself on" in press("bacs")


def test_the_page_says_that_a_bad_one_comes_back(order, press):
    assert "It comes back by itself on" in press("bad_bacs")
