"""Gwen rents for thirty settings against one invoice; a part comes, then the rest: in a real browser."""

from django.utils import timezone

from billing import services
from billing.models import Order
from tests.browser.conftest import assert_good_everywhere, assert_good_page


def test_a_group_rents_for_thirty_settings_against_an_invoice_that_is_paid_in_two_parts(
    visit, gwen, bright_nurseries, course
):
    visitor = visit()
    page = visitor.sign_in(gwen)
    visitor.open(f"/billing/payers/{bright_nurseries.public_id}/rent/{course.product.slug}/")
    lines = [f"Nursery {number},Nursery,m{number}@group.example" for number in range(1, 31)]
    page.get_by_label("Your settings, one in a line").fill("\n".join(lines))
    visitor.press("Check the list")
    visitor.reads("How do you want to pay?")
    visitor.follow("Pay by invoice")
    assert_good_everywhere(visitor, "group-invoice")

    visitor.expect(422)
    page.get_by_label("I accept the terms").check()
    visitor.press("Get the invoice")
    visitor.reads("Enter the purchase order number, or tick")
    assert_good_page(page)
    page.get_by_label("Purchase order number", exact=True).fill("PO-88")
    visitor.press("Get the invoice")

    visitor.reads("Your invoice")
    visitor.reads("PO-88")
    assert_good_everywhere(visitor, "group-invoice-open")
    paper = page.get_by_role("link", name="Download the invoice").get_attribute("href")
    assert page.request.get(f"{visitor.address}{paper}", timeout=120_000).body()[:5] == b"%PDF-"
    visitor.press("Open the payment page")
    visitor.reads("SANDBOX, NO MONEY MOVES")
    visitor.press("Too little arrives")
    order = services.reconcile_order(order=Order.objects.get(), now=timezone.now())
    visitor.open(order.path)
    visitor.reads("See the invoice and how to pay")
    assert_good_everywhere(visitor, "group-invoice-order")
    visitor.open(order.orders_path)
    visitor.reads("is missing")
    assert_good_everywhere(visitor, "group-invoice-payer")

    visitor.open(f"/billing/invoices/{order.public_id}/")
    visitor.press("Open the payment page")
    visitor.press("The money arrives")
    services.reconcile_order(order=order, now=timezone.now())
    visitor.open(f"/billing/invoices/{order.public_id}/")
    visitor.reads("Paid: every setting can begin")
    assert_good_everywhere(visitor, "group-invoice-paid")
