"""Invoices by purchase order, paid by bank transfer. Money comes by Stripe's own way to try a transfer."""

import datetime as dt
import uuid

import pytest
import stripe
from django.utils import timezone

from billing import services, stripe_gateway
from billing.models import Document, Order, Term

pytestmark = pytest.mark.django_db


@pytest.fixture
def transfer(client):
    """Have money come to the account of an order's customer: ``transfer(order, 6900)``, in pence."""

    def send(order: Order, amount: int):
        params = {"amount": amount, "currency": "gbp", "reference": "Willow Lane"}
        return client.test_helpers.customers.fund_cash_balance(order.stripe_customer_id, params)

    return send


def look_at(order: Order):
    return lambda: stripe_gateway.fetch_invoice(order.stripe_invoice_id)


def test_an_invoice_is_open_and_says_what_the_order_says(billed):
    assert billed.status == "open"
    invoice = stripe_gateway.fetch_invoice(billed.stripe_invoice_id)
    assert invoice.is_open
    assert not invoice.is_paid
    assert invoice.url.startswith("https://")
    assert (invoice.reference, invoice.currency, invoice.livemode) == (str(billed.public_id), "gbp", False)
    assert (invoice.subtotal_minor, invoice.total_minor, invoice.tax_minor) == (6900, 6900, 0)
    assert (invoice.received_minor, invoice.surplus_minor, invoice.off_stripe_minor) == (0, 0, 0)
    assert (invoice.customer_id, invoice.due_on) == (billed.stripe_customer_id, billed.due_on)
    assert services.reconcile_order(order=billed, now=timezone.now()).status == "open"


def test_it_asks_to_quote_our_number_and_names_the_purchase_order(client, billed):
    paper = Document.objects.get()
    fields = {one.name: one.value for one in client.invoices.retrieve(billed.stripe_invoice_id).custom_fields}
    assert fields == {
        "Please quote": paper.number,
        "Purchase order": "PO-4711",
        "Attention": "Finance office",
    }
    assert "account number" in paper.snapshot["how_to_pay"]


def test_the_same_order_gets_the_same_customer_and_the_same_invoice(billed):
    number = Document.objects.get().number
    assert stripe_gateway.create_customer(billed) == billed.stripe_customer_id
    assert stripe_gateway.create_invoice(billed, number=number).invoice_id == billed.stripe_invoice_id
    assert stripe_gateway.find_invoice_of_order(billed) == billed.stripe_invoice_id


def test_a_key_is_not_taken_for_another_customer(billed):
    Order.objects.filter(pk=billed.pk).update(billing_address="2 Long Lane")
    with pytest.raises(stripe_gateway.KeyReusedError):
        stripe_gateway.create_customer(Order.objects.get(pk=billed.pk))


def test_an_invoice_for_many_settings_has_their_sum(client, bill_many):
    order = bill_many("Oak", "Elm", "Ash")
    assert order.status == "open"
    assert stripe_gateway.fetch_invoice(order.stripe_invoice_id).total_minor == 3 * 6900
    lines = client.invoices.retrieve(order.stripe_invoice_id).lines.data
    assert sum(line.amount for line in lines) == 3 * 6900


def test_an_invoice_that_is_called_off_can_never_be_paid(client, billed, maya):
    assert services.call_off(order=billed, actor=maya, now=timezone.now()).status == "cancelled"
    assert client.invoices.retrieve(billed.stripe_invoice_id).status == "void"
    with pytest.raises(stripe_gateway.StripeRefusedError):
        stripe_gateway.mark_invoice_paid(billed)
    assert [paper.kind for paper in Document.objects.of_order(billed)] == ["invoice", "credit_note"]


def test_a_transfer_in_two_parts_pays_it(billed, transfer, seen, reconcile):
    transfer(billed, 2000)
    seen(look_at(billed), lambda invoice: invoice.received_minor == 2000)
    assert (reconcile(billed).status, Term.objects.count()) == ("open", 0)
    transfer(billed, 4900)
    invoice = seen(look_at(billed), lambda invoice: invoice.is_paid)
    assert stripe_gateway.find_invoice_of_payment(invoice.payment_intent_id) == billed.stripe_invoice_id
    paid = reconcile(billed)
    assert (paid.status, paid.paid_minor, paid.off_stripe_minor) == ("fulfilled", 6900, 0)
    assert Term.objects.count() == 1


def test_what_is_transferred_too_much_is_noticed(billed, transfer, seen, reconcile):
    transfer(billed, 7900)
    seen(look_at(billed), lambda invoice: invoice.is_paid and invoice.surplus_minor == 1000)
    paid = reconcile(billed)
    assert (paid.status, paid.paid_minor, paid.surplus_minor) == ("fulfilled", 6900, 1000)


def test_money_that_came_past_stripe_is_marked_as_paid(billed, mark_paid):
    paid = mark_paid(billed)
    assert (paid.status, paid.paid_minor, paid.off_stripe_minor) == ("fulfilled", 6900, 6900)
    assert stripe_gateway.fetch_invoice(billed.stripe_invoice_id).is_paid


def test_a_paid_invoice_is_given_back_through_stripe(billed, transfer, seen, reconcile, stan):
    transfer(billed, 6900)
    seen(look_at(billed), lambda invoice: invoice.is_paid)
    order = reconcile(billed)
    services.refund_order(
        order=order,
        amount_minor=1900,
        reason="They left early.",
        key=uuid.uuid4(),
        actor=stan,
        now=timezone.now(),
    )
    assert [
        refund.amount_minor for refund in stripe_gateway.fetch_invoice_answer(order.stripe_invoice_id).refunds
    ] == [1900]


def test_an_invoice_is_in_the_list_of_its_time(billed):
    since = timezone.now() - dt.timedelta(minutes=10)
    assert (billed.stripe_invoice_id, str(billed.public_id)) in stripe_gateway.list_invoices_since(since)
    later = timezone.now() + dt.timedelta(hours=1)
    assert billed.stripe_invoice_id not in dict(stripe_gateway.list_invoices_since(later))


def test_an_unknown_invoice_is_refused():
    with pytest.raises(stripe_gateway.StripeRefusedError) as refusal:
        stripe_gateway.fetch_invoice("in_nothing")
    assert refusal.value.code == "resource_missing"


@pytest.mark.nonsense
@pytest.mark.parametrize(
    "params",
    [{"amount": 0}, {"amount": -100}, {"currency": "usd"}, {"colour": "red"}, {"amount": "69.00"}],
    ids=str,
)
def test_a_transfer_that_makes_no_sense_is_refused(client, billed, params):
    with pytest.raises(stripe.InvalidRequestError):
        client.test_helpers.customers.fund_cash_balance(
            billed.stripe_customer_id, {"amount": 100, "currency": "gbp", **params}
        )
    assert stripe_gateway.fetch_invoice(billed.stripe_invoice_id).received_minor == 0


@pytest.mark.nonsense
@pytest.mark.parametrize(
    "changes",
    [
        {"collection_method": "charge_automatically"},
        {"custom_fields": [{"name": "x" * 41, "value": "1"}]},
        {"custom_fields": [{"name": "Purchase order", "value": "x" * 141}]},
        {"custom_fields": [{"name": f"Field {number}", "value": "1"} for number in range(5)]},
        {"customer": "cus_nothing"},
        {"colour": "red"},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_an_invoice_that_makes_no_sense_is_refused(client, billed, changes):
    usual = {"customer": billed.stripe_customer_id, "collection_method": "send_invoice", "days_until_due": 30}
    with pytest.raises(stripe.InvalidRequestError):
        client.invoices.create({**usual, **changes})
