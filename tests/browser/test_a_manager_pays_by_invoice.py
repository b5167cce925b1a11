"""Lena rents against an invoice; too little money comes, then the rest: in a real browser."""

from django.utils import timezone

from billing import services
from billing.models import Order
from tests.browser.conftest import assert_good_everywhere, assert_good_page


def test_a_manager_rents_against_an_invoice_that_is_paid_in_two_parts(visit, lena, little_acorns, course):
    visitor = visit()
    page = visitor.sign_in(lena)
    visitor.open(f"/billing/rent/{course.product.slug}/")
    visitor.follow("Pay by invoice")
    assert_good_everywhere(visitor, "rent-invoice")

    visitor.expect(422)
    page.get_by_label("Who looks after bills").fill("Finance office")
    page.get_by_label("E-mail address for the invoice").fill("finance@school.example")
    page.get_by_label("Billing address").fill("1 Long Lane\nHarrow\nHA1 1AA")
    page.get_by_label("I accept the terms").check()
    visitor.press("Get the invoice")
    visitor.reads("Enter the purchase order number, or tick")
    assert_good_page(page)
    page.get_by_label("Purchase order number", exact=True).fill("PO-4711")
    visitor.press("Get the invoice")

    visitor.reads("Your invoice")
    visitor.reads("PO-4711")
    assert_good_everywhere(visitor, "invoice")
    visitor.press("Open the payment page")
    visitor.reads("SANDBOX, NO MONEY MOVES")
    assert_good_everywhere(visitor, "invoice-sandbox")
    visitor.press("Too little arrives")
    order = services.reconcile_order(order=Order.objects.get(), now=timezone.now())
    visitor.open(f"/billing/invoices/{order.public_id}/")
    visitor.reads("Part of the money has arrived")
    assert_good_everywhere(visitor, "invoice-part-paid")
    visitor.open("/at/little-acorns/rentals/")
    visitor.reads("Waiting for payment")
    assert_good_everywhere(visitor, "rentals-with-invoice")
    visitor.open(f"/billing/invoices/{order.public_id}/")
    visitor.press("Open the payment page")
    visitor.press("The money arrives")
    services.reconcile_order(order=order, now=timezone.now())
    visitor.open(f"/billing/invoices/{order.public_id}/")
    visitor.reads("You are ready")
