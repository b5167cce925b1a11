"""The way through an invoice in the browser: details, the page about it, the paper, the desk, the sandbox."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import Decision, Document, Order, Term
from billing.sandbox import faults, invoices, transfers
from billing.terms import TERMS_VERSION
from tests import factories as make
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

FILLED = {
    "setting": "willow-lane",
    "po_number": " PO  4711 ",
    "billing_name": "Finance office",
    "billing_email": "finance@school.example",
    "billing_address": "1 Long Lane\nHarrow\nHA1 1AA",
    "accepts_terms": "on",
}


@pytest.fixture
def address(product):
    return reverse("billing:rent_by_invoice", args=[product.slug])


@pytest.fixture
def desk(as_):
    """The client of staff who look after orders and nothing else."""
    clerk = make.make_user("Clara Clerk")
    clerk.groups.add(Group.objects.get(name="Order desk"))
    return as_(clerk)


def page_of(client, order) -> str:
    return client.get(reverse("billing:invoice", args=[order.public_id])).content.decode()


def test_the_check_page_offers_both_ways_to_pay(as_, maya, product, address):
    page = as_(maya).get(reverse("billing:rent", args=[product.slug])).content.decode()
    assert f"{address}?setting=willow-lane" in page
    page = as_(maya).get(f"{address}?setting=willow-lane").content.decode()
    assert "Purchase order number" in page
    assert maya.email in page
    assert "from the day the money arrives" in page


def test_from_the_details_to_the_paper_and_the_rentals_page(as_, maya, address):
    client = as_(maya)
    response = client.post(address, FILLED, follow=True)
    order = Order.objects.get()
    assert response.redirect_chain == [(reverse("billing:invoice", args=[order.public_id]), 302)]
    assert (order.po_number, order.terms_version, order.terms_accepted_by) == ("PO 4711", TERMS_VERSION, maya)
    paper = Document.objects.get()
    page = response.content.decode()
    for words in ("Your invoice", paper.number, "PO 4711", "Sort code 00-00-00", "finance@school.example"):
        assert words in page
    pdf = as_().get(reverse("billing:invoice_paper", args=[order.public_id, order.paper_key]))
    assert pdf["Content-Type"] == "application/pdf"
    assert paper.number in pdf["Content-Disposition"]
    rentals = client.get(reverse("billing:rentals", args=["willow-lane"])).content.decode()
    assert reverse("billing:invoice", args=[order.public_id]) in rentals
    assert "Waiting for payment" in rentals
    for mail in send_waiting_mail():
        assert reverse("billing:invoice_paper", args=[order.public_id, order.paper_key]) in mail.body
        assert "Sort code 00-00-00" in mail.body


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"po_number": ""}, "Enter the purchase order number, or tick"),
        ({"po_number": "x" * 61}, "at most 60"),
        ({"billing_name": " "}, "Enter the person or office"),
        ({"billing_email": ""}, "Enter the e-mail address for the invoice"),
        ({"billing_email": "nonsense"}, "Enter an e-mail address like"),
        ({"billing_address": ""}, "Enter the address"),
        ({"accepts_terms": ""}, "tick the box"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(as_, maya, address, changes, words):
    response = as_(maya).post(address, {**FILLED, **changes})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    kept = {
        "Finance office": "billing_name",
        "finance@school.example": "billing_email",
        "Harrow": "billing_address",
    }
    assert all(typed in page for typed, name in kept.items() if name not in changes)
    assert not Order.objects.exists()


def test_who_has_no_purchase_order_numbers_says_so(as_, maya, address):
    as_(maya).post(address, {**FILLED, "po_number": "", "has_no_po": "on"})
    assert (Order.objects.get().po_number, Order.objects.get().status) == ("", "open")


def test_while_stripe_is_away_the_order_is_kept_and_said_to_be(as_, maya, address):
    with faults.injected(faults.Fault("500", times=99)):
        response = as_(maya).post(address, FILLED, follow=True)
        assert "We are making your invoice" in response.content.decode()
    services.reconcile_waiting(now=timezone.now())
    assert "Download the invoice" in page_of(as_(maya), Order.objects.get())


def test_a_refusal_is_said_once(as_, maya, willow_lane, product, address):
    make.make_rental(willow_lane, product)
    page = as_(maya).post(address, FILLED, follow=True)
    refusal = page.context["offer"].refusal
    assert refusal
    assert page.content.decode().count(refusal) == 1


def test_the_second_manager_is_handed_the_first_ones_invoice(as_, billed, willow_lane, product, address):
    ben = make.make_user("Ben Manager")
    make.make_membership(ben, willow_lane, "manager")
    client = as_(ben)
    page = client.get(reverse("billing:rent", args=[product.slug])).content.decode()
    assert "An invoice for this is open already" in page
    assert "Maya Okafor asked for it" in page
    response = client.post(address, FILLED, follow=True)
    assert "An invoice for this was open already" in response.content.decode()
    by_card = {"setting": "willow-lane", "accepts_terms": "on"}
    response = client.post(reverse("billing:rent", args=[product.slug]), by_card)
    assert response.url == reverse("billing:invoice", args=[billed.public_id])
    assert Order.objects.count() == 1


def test_called_off_to_pay_by_card_leads_back_to_the_check(as_, maya, billed, product):
    response = as_(maya).post(
        reverse("billing:call_off", args=[billed.public_id]), {"then": "card"}, follow=True
    )
    assert "Go on to pay" in response.content.decode()
    billed.refresh_from_db()
    assert billed.status == "cancelled"
    assert "This invoice is closed" in page_of(as_(maya), billed)


def test_the_payment_page_is_the_sandbox_and_paying_there_leads_to_ready(as_, maya, billed, reconcile):
    client = as_(maya)
    response = client.post(reverse("billing:pay", args=[billed.public_id]))
    assert response.url.endswith(reverse("billing_sandbox:invoice", args=[billed.stripe_invoice_id]))
    page = client.get(response.url).content.decode()
    assert "SANDBOX, NO MONEY MOVES" in page
    client.post(response.url, {"action": "short"})
    reconcile(billed)
    page = page_of(client, billed)
    assert "Part of the money has arrived" in page
    assert "£34.50" in page
    client.post(response.url, {"action": "pay"})
    reconcile(billed)
    assert "Play the bank" in client.get(response.url).content.decode()
    followed = client.get(reverse("billing:invoice", args=[billed.public_id]), follow=True)
    assert "You are ready" in followed.content.decode()


def test_an_overdue_invoice_says_so_to_buyer_and_desk(as_, maya, billed, reconcile, desk):
    transfers.become_overdue(billed.stripe_invoice_id)
    reconcile(billed)
    assert "This invoice is overdue" in page_of(as_(maya), billed)
    assert list(desk.get(reverse("billing_desk:orders")).context["overdue"]) == [billed]


@pytest.mark.parametrize("key", ["0" * 32, "x"])
def test_a_guessed_key_opens_no_paper(as_, billed, key):
    assert as_().get(reverse("billing:invoice_paper", args=[billed.public_id, key])).status_code == 404


def test_an_order_by_card_has_no_invoice_page(as_, maya, order):
    assert as_(maya).get(reverse("billing:invoice", args=[order.public_id])).status_code == 404


def test_drafts_and_unknown_invoices_have_no_page_in_the_sandbox(as_, ask_for_invoice, maya, willow_lane):
    with faults.injected(faults.Fault("timeout_before", where="finalize", times=9)):
        draft = ask_for_invoice(maya, willow_lane)
    for invoice_id in (draft.stripe_invoice_id, "in_nothing"):
        assert as_().get(reverse("billing_sandbox:invoice", args=[invoice_id])).status_code == 404


# --- The order desk -----------------------------------------------------------------------------------


def post(desk, name: str, order: Order, **data):
    return desk.post(reverse(f"billing_desk:{name}", args=[order.pk]), data)


@pytest.mark.parametrize("of", ["po", "email", "invoice", "customer", "paper"])
def test_it_is_found_by_whatever_people_have_in_hand(of, desk, billed, begin, omar, harbour_house):
    begin(omar, harbour_house)
    text = {
        "po": "po-4711",
        "email": "FINANCE@school",
        "invoice": billed.stripe_invoice_id,
        "customer": billed.stripe_customer_id,
        "paper": Document.objects.get().number.lower(),
    }[of]
    response = desk.get(reverse("billing_desk:orders"), {"q": text})
    assert list(response.context["orders"]) == [billed]


def test_marked_as_paid_at_the_desk_opens_it_and_is_told_in_the_list(desk, billed):
    assert post(desk, "mark_paid", billed, bank_reference="", reason="Statement").status_code == 422
    assert post(desk, "mark_paid", billed, bank_reference="BACS 881", reason="Statement").status_code == 302
    billed.refresh_from_db()
    assert billed.status == "fulfilled"
    page = desk.get(reverse("billing_desk:order", args=[billed.pk])).content.decode()
    assert "the bank calls it BACS 881" in page
    assert "Clara Clerk" in page
    assert "Give money back" not in page
    assert post(desk, "mark_paid", billed, bank_reference="Again", reason="Again").status_code == 409
    found = desk.get(reverse("billing_desk:orders"), {"q": "bacs 881"})
    assert list(found.context["orders"]) == [billed]


def test_opened_meanwhile_and_voided_at_the_desk(desk, as_, maya, billed):
    assert post(desk, "meanwhile", billed, reason=" ").status_code == 422
    assert post(desk, "meanwhile", billed, reason="They always pay").status_code == 302
    assert Term.objects.get().grant_reason == "They always pay"
    assert "Lessons are open already" in page_of(as_(maya), billed)
    assert post(desk, "meanwhile", billed, reason="Again").status_code == 409
    assert post(desk, "void", billed, reason="Wrong number").status_code == 302
    billed.refresh_from_db()
    assert (billed.status, Term.objects.unrevoked().count()) == ("cancelled", 0)
    assert [one.kind for one in Decision.objects.of_order(billed)] == ["meanwhile", "void"]
    assert post(desk, "void", billed, reason="Again").status_code == 409


def test_a_card_order_has_none_of_it(desk, order):
    for name, data in (("mark_paid", {"bank_reference": "x"}), ("meanwhile", {}), ("void", {})):
        assert post(desk, name, order, reason="Why not", **data).status_code == 409
    assert not Decision.objects.exists()


def test_too_much_money_is_listed_at_the_desk(desk, billed, reconcile):
    transfers.transfer_more(billed.stripe_invoice_id)
    reconcile(billed)
    assert list(desk.get(reverse("billing_desk:orders")).context["surplus"]) == [billed]
    assert "£10 too much" in desk.get(reverse("billing_desk:order", args=[billed.pk])).content.decode()


# --- What the sandbox refuses -------------------------------------------------------------------------


def test_the_sandbox_refuses_what_makes_no_sense_of_an_invoice(billed):
    transfers.transfer_all(billed.stripe_invoice_id)
    for act in (
        invoices.finalize,
        invoices.send,
        invoices.void,
        invoices.pay_out_of_band,
        invoices.mark_uncollectible,
        invoices.delete_draft,
        transfers.become_overdue,
    ):
        with pytest.raises(invoices.RefusedError):
            act(billed.stripe_invoice_id)
