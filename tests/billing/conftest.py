"""What the tests of renting share: a product on sale, an order waiting to be paid, and hands to pay it."""

import uuid

import pytest
import stripe
from django.utils import timezone
from django.utils.text import slugify

from billing import services
from billing.models import Order, Refund
from billing.sandbox import payer
from billing.terms import TERMS_VERSION
from elearning.periods import london_day
from tests import factories as make
from tests.mailbox import send_waiting_mail


def pytest_collection_modifyitems(config, items):
    """What asks Stripe itself is run by ``make test-stripe`` only."""
    if config.option.markexpr != "stripe":
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("stripe")])
        items[:] = [item for item in items if not item.get_closest_marker("stripe")]


@pytest.fixture(autouse=True)
def _no_waiting_between_tries(monkeypatch):
    """stripe-python waits before it tries again; the tests need not."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0)


@pytest.fixture
def product(db):
    """Section two for £69 and 12 months."""
    return make.make_product("Section two")


@pytest.fixture
def begin(product):
    """Begin a checkout and return its order: ``begin(maya, willow_lane)``."""

    def begin_for(buyer, care_setting, chosen=None, now=None) -> Order:
        services.begin_checkout(
            product=chosen or product,
            care_setting=care_setting,
            buyer=buyer,
            terms_version=TERMS_VERSION,
            now=now or timezone.now(),
        )
        return Order.objects.for_care_setting(care_setting).newest_first().first()

    return begin_for


@pytest.fixture
def order(begin, maya, willow_lane):
    """Maya's order for Willow Lane, open and unpaid."""
    return begin(maya, willow_lane)


@pytest.fixture
def pay():
    """Pay an order by card at the sandbox, without telling the site."""

    def pay_order(order: Order) -> Order:
        payer.pay_by_card(order.stripe_checkout_session_id)
        return order

    return pay_order


@pytest.fixture
def reconcile():
    """Ask Stripe about an order, now or at another moment."""

    def reconcile_now(order: Order, now=None) -> Order:
        return services.reconcile_order(order=order, now=now or timezone.now())

    return reconcile_now


@pytest.fixture
def order_many(bright_nurseries, gwen, product):
    """Order for nurseries: ``order_many("Oak", "Elm")``; the manager of Oak is oak@group.example."""

    def order_for(*names: str, buyer=None, now=None) -> Order:
        lines = [f"{name},Nursery,{slugify(name)}@group.example" for name in names]
        return make.make_group_order(bright_nurseries, buyer or gwen, product, "\n".join(lines), now=now)

    return order_for


@pytest.fixture
def paid_many(order_many, pay, reconcile):
    """As ``order_many``, and paid by card."""

    def paid_for(*names: str, buyer=None) -> Order:
        return reconcile(pay(order_many(*names, buyer=buyer)))

    return paid_for


@pytest.fixture
def bill_many(bright_nurseries, gwen, product):
    """As ``order_many``, against an invoice that is open and unpaid."""

    def bill(*names: str, buyer=None, now=None, details=None) -> Order:
        lines = [f"{name},Nursery,{slugify(name)}@group.example" for name in names]
        usual = services.BillingDetails("PO-88", "Accounts", "accounts@council.example", "Civic Hall\nLeeds")
        return make.make_group_order(
            bright_nurseries, buyer or gwen, product, "\n".join(lines), now=now, details=details or usual
        )

    return bill


@pytest.fixture
def details() -> services.BillingDetails:
    """To whom Willow Lane's invoice goes."""
    return services.BillingDetails(
        "PO-4711", "Finance office", "finance@school.example", "1 Long Lane\nHarrow\nHA1 1AA"
    )


@pytest.fixture
def ask_for_invoice(product, details):
    """Ask for an invoice and return its order: ``ask_for_invoice(maya, willow_lane)``."""
    usual = details

    def ask(buyer, care_setting, *, now=None, details=None) -> Order:
        return services.begin_invoice(
            product=product,
            care_setting=care_setting,
            buyer=buyer,
            details=details or usual,
            terms_version=TERMS_VERSION,
            now=now or timezone.now(),
        )

    return ask


@pytest.fixture
def billed(ask_for_invoice, maya, willow_lane) -> Order:
    """Maya's order for Willow Lane against an invoice that is open and unpaid."""
    return ask_for_invoice(maya, willow_lane)


@pytest.fixture
def mails():
    """Send what waits and return the subjects for each address."""

    def sent() -> list[tuple[str, str]]:
        return sorted((mail.to[0], mail.subject) for mail in send_waiting_mail())

    return sent


@pytest.fixture
def open_meanwhile(stan):
    """Have Stan open what an invoice is for before it is paid."""

    def open_now(order, now=None):
        return services.open_meanwhile(
            order=order, reason="Their authority pays late.", actor=stan, now=now or timezone.now()
        )

    return open_now


@pytest.fixture
def mark_paid(stan):
    """Have Stan say that the money came to the provider's own account."""

    def mark(order):
        return services.mark_invoice_paid(
            order=order, bank_reference="BACS 881", reason="On the statement", actor=stan, now=timezone.now()
        )

    return mark


@pytest.fixture
def send_back(stan):
    """Record that our bank gave money back: ``send_back(order, 2000)``."""

    def send_now(order: Order, amount_minor: int = 6900, **changes) -> Refund:
        now = changes.pop("now", timezone.now())
        wish = {
            "sent_on": london_day(now),
            "bank_reference": "RFD 17",
            "reason": "They left the group",
            "key": uuid.uuid4(),
            "actor": stan,
            "now": now,
            **changes,
        }
        return services.record_bank_refund(order=order, amount_minor=amount_minor, **wish)

    return send_now
