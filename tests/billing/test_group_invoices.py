"""Many settings on one invoice: made, paid in whole, in parts or too much, opened meanwhile, called off."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import Document, Order, OrderLine, PayerSetting, SettingsList, Term
from billing.sandbox import faults, invoices, store, transfers
from elearning.periods import london_day
from tests.billing.test_concurrency import at_once
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

THIRTY = [f"Nursery {number}" for number in range(1, 31)]
FILLED = {
    "po_number": " PO  88 ",
    "billing_name": "Accounts payable",
    "billing_email": "accounts@council.example",
    "billing_address": "Civic Hall\nLeeds\nLS1 1UR",
    "accepts_terms": "on",
    "total_minor": 13800,
}


@pytest.fixture
def gwens(as_, gwen):
    return as_(gwen)


@pytest.fixture
def address(bright_nurseries, product):
    return reverse("billing:group_invoice", args=[bright_nurseries.public_id, product.slug])


@pytest.fixture
def typed(gwens, bright_nurseries, product):
    """Gwen has typed two settings, and goes on."""
    path = reverse("billing:settings_list", args=[bright_nurseries.public_id, product.slug])
    text = "Oak,Nursery,oak@group.example\nElm,School,elm@group.example"
    return gwens.post(path, {"text": text}).url


def terms_of(order: Order) -> list[Term]:
    return list(Term.objects.of_order(order).order_by("order_line_id"))


def letters() -> set[str]:
    """The addresses to which a link to begin went."""
    return {mail.to[0] for mail in send_waiting_mail() if "/claims/" in mail.body}


# --- Made -------------------------------------------------------------------------------------------


def test_one_numbered_invoice_has_every_line_at_once_and_goes_to_who_pays(bill_many, gwen):
    order = bill_many(*THIRTY)
    assert (order.status, order.method, order.buyer, order.gross_minor) == (
        "open",
        "invoice",
        gwen,
        30 * 6900,
    )
    assert order.due_on == london_day(order.created_at) + dt.timedelta(days=30)
    paper = Document.objects.get()
    said = paper.snapshot
    assert [line["setting"] for line in said["lines"]] == THIRTY
    assert (said["gross_minor"], said["due_on"]) == (30 * 6900, order.due_on.isoformat())
    assert (said["buyer"]["name"], said["buyer"]["po_number"]) == ("Bright Nurseries", "PO-88")
    assert (said["buyer"]["contact_name"], said["buyer"]["address"]) == ("Accounts", "Civic Hall\nLeeds")
    mail = {mail.to[0]: mail for mail in send_waiting_mail()}
    assert set(mail) == {"accounts@council.example", "bills@bright.example"}
    assert all(paper.number in one.subject and "PO-88" in one.subject for one in mail.values())
    assert not Term.objects.exists()


def test_stripe_is_told_how_many_and_not_for_whom(bill_many):
    order = bill_many(*[f"Setting {number}" for number in range(120)])
    at_stripe = store.find(store.INVOICE, order.stripe_invoice_id)
    assert (at_stripe["status"], at_stripe["total"]) == ("open", 120 * 6900)
    (line,) = at_stripe["lines"]["data"]
    assert line["description"].startswith("120 × ")
    assert "Setting 1" not in str(at_stripe)


@pytest.mark.parametrize("step", ["POST /v1/customers", "POST /v1/invoiceitems", "finalize", "send"])
def test_an_answer_lost_on_the_way_ends_in_one_invoice_over_the_whole_sum(step, bill_many):
    with faults.injected(faults.Fault("timeout_after", where=step, times=9)):
        order = bill_many("Oak", "Elm", "Ash")
        assert order.status == "draft"
    services.reconcile_waiting(now=timezone.now())
    order.refresh_from_db()
    assert order.status == "open"
    assert store.find(store.INVOICE, order.stripe_invoice_id)["total"] == 3 * 6900
    assert Document.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ordering_from_two_tabs_at_once_makes_one_invoice(order_many, gwen, bright_nurseries, product):
    services.call_off(order=order_many("Oak", "Elm"), actor=gwen, now=timezone.now())
    kept = services.find_list(payer=bright_nurseries, product=product)
    details = services.BillingDetails("PO-88", "Accounts", "accounts@council.example", "Civic Hall")

    def try_it():
        try:
            return services.begin_group_invoice(
                settings_list=kept,
                buyer=gwen,
                details=details,
                terms_version="x",
                total_minor=2 * 6900,
                now=timezone.now(),
            ).pk
        except services.ListChangedError:
            return None

    found = at_once([try_it] * 3, threads=3)
    assert found.count(None) == 2
    assert Document.objects.filter(kind="invoice").count() == 1


# --- Paid, in whole or not ----------------------------------------------------------------------------


def test_paid_it_opens_every_line_with_one_receipt_and_each_manager_gets_a_link(bill_many, reconcile):
    order = bill_many("Oak", "Elm", "Ash")
    send_waiting_mail()
    transfers.transfer_all(order.stripe_invoice_id)
    for _ in range(2):
        after = reconcile(order)
    assert (after.status, after.paid_minor) == ("fulfilled", 3 * 6900)
    assert len(terms_of(order)) == 3
    receipt = Document.objects.of_order(order).last()
    assert (receipt.kind, receipt.gross_minor) == ("receipt", 3 * 6900)
    assert receipt.snapshot["settles"]["number"] == Document.objects.of_order(order).first().number
    assert receipt.snapshot["buyer"]["name"] == "Bright Nurseries"
    sent = {mail.to[0]: mail.subject for mail in send_waiting_mail()}
    assert {f"{name}@group.example" for name in ("oak", "elm", "ash")} <= set(sent)
    assert "3 settings" in sent["bills@bright.example"]
    assert "PO-88" in sent["accounts@council.example"]
    assert not SettingsList.objects.exists()


def test_a_part_opens_nothing_and_the_payer_sees_what_is_missing(bill_many, reconcile, gwens):
    order = bill_many("Oak", "Elm")
    send_waiting_mail()
    transfers.transfer(order.stripe_invoice_id, 10000)
    after = reconcile(order)
    assert (after.status, after.received_minor, after.remaining_minor) == ("open", 10000, 3800)
    assert not Term.objects.exists()
    for page in (reverse("billing:invoice", args=[order.public_id]), order.path, order.orders_path):
        assert "£38" in gwens.get(page).content.decode(), page
    assert {mail.to[0] for mail in send_waiting_mail()} == {
        "accounts@council.example",
        "bills@bright.example",
    }
    transfers.transfer_all(order.stripe_invoice_id)
    assert reconcile(order).status == "fulfilled"
    assert len(terms_of(order)) == 2


def test_too_much_opens_every_line_and_is_told_to_staff(bill_many, reconcile, settings):
    order = bill_many("Oak", "Elm")
    send_waiting_mail()
    transfers.transfer_more(order.stripe_invoice_id)
    after = reconcile(order)
    assert (after.status, after.paid_minor, after.surplus_minor) == ("fulfilled", 2 * 6900, 1000)
    assert settings.SUPPORT_EMAIL in {mail.to[0] for mail in send_waiting_mail()}
    assert len(terms_of(order)) == 2


def test_marked_as_paid_at_the_desk_opens_every_line(bill_many, mark_paid):
    order = bill_many("Oak", "Elm")
    after = mark_paid(order)
    assert (after.status, after.off_stripe_minor, len(terms_of(order))) == ("fulfilled", 2 * 6900, 2)
    receipt = Document.objects.of_order(order).last()
    assert receipt.snapshot["how_paid"] == "Bank transfer, as a practice payment"
    assert letters() == {"oak@group.example", "elm@group.example"}


# --- Opened meanwhile, called off ---------------------------------------------------------------------


def test_opened_meanwhile_every_manager_can_begin_and_being_paid_keeps_the_days(
    bill_many, open_meanwhile, reconcile, gwens
):
    order = bill_many("Oak", "Elm")
    terms = open_meanwhile(order)
    assert [term.is_provisional for term in terms] == [True, True]
    assert letters() == {"oak@group.example", "elm@group.example"}
    assert "until the invoice is paid" in gwens.get(order.orders_path).content.decode()
    assert "Open already" in gwens.get(order.path).content.decode()
    assert SettingsList.objects.exists(), "it may still be called off, and ordered again"
    transfers.transfer_all(order.stripe_invoice_id)
    after = reconcile(order, timezone.now() + dt.timedelta(days=9))
    assert after.status == "fulfilled"
    paid = terms_of(order)
    assert [(one.pk, one.starts_on) for one in paid] == [(one.pk, one.starts_on) for one in terms]
    assert not any(one.is_provisional for one in paid)
    assert letters() == set(), "a link that still works was sent a second time"


def test_voided_after_it_was_opened_meanwhile_closes_every_line_and_the_links(
    bill_many, open_meanwhile, stan, as_
):
    order = bill_many("Oak", "Elm")
    open_meanwhile(order)
    (claim,) = [
        mail.body.split("/claims/")[1].split()[0]
        for mail in send_waiting_mail()
        if mail.to == ["oak@group.example"]
    ]
    services.void_invoice(order=order, reason="Wrong number", actor=stan, now=timezone.now())
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert all(term.revoked_at for term in terms_of(order))
    assert not OrderLine.objects.live().exists()
    kinds = [(one.kind, one.gross_minor) for one in Document.objects.of_order(order)]
    assert kinds == [("invoice", 2 * 6900), ("credit_note", 2 * 6900)]
    assert as_().get(f"/claims/{claim}", follow=True).status_code == 410


def test_called_off_to_pay_by_card_leads_back_to_the_same_list(bill_many, gwens, bright_nurseries, product):
    order = bill_many("Oak", "Elm")
    call_off = reverse("billing:call_off", args=[order.public_id])
    answer = gwens.post(call_off, {"then": "card"})
    assert answer.url == reverse("billing:check_list", args=[bright_nurseries.public_id, product.slug])
    words = gwens.get(answer.url).content.decode()
    assert "£138" in words
    assert "Go on to pay" in words
    assert store.find(store.INVOICE, order.stripe_invoice_id)["status"] == "void"
    page = gwens.get(reverse("billing:invoice", args=[order.public_id])).content.decode()
    assert "This invoice is closed" in page
    assert answer.url in page
    assert PayerSetting.objects.count() == 2


def test_a_manager_whose_payer_has_an_open_invoice_is_told_until_when(
    bill_many, begin, maya, willow_lane, bright_nurseries
):
    bright_nurseries.people.create(user=maya)
    order = bill_many("Willow Lane", buyer=maya)
    with pytest.raises(services.PaymentUnderWayError) as refused:
        begin(maya, willow_lane)
    assert f"{order.due_on:%-d %B %Y}, the last day of its invoice" in str(refused.value)
    assert "within a day" not in str(refused.value)


def test_given_up_at_stripe_it_can_be_ordered_anew(bill_many, reconcile):
    first = bill_many("Oak")
    invoices.mark_uncollectible(first.stripe_invoice_id)
    assert reconcile(first).status == "expired"
    assert bill_many("Oak").status == "open"
    assert PayerSetting.objects.count() == 1


# --- The pages ----------------------------------------------------------------------------------------


def test_the_check_page_offers_both_ways_and_the_invoice_page_says_what_comes_when(gwens, typed, address):
    assert address in gwens.get(typed).content.decode()
    words = gwens.get(address).content.decode()
    for expected in (
        "£138",
        "Purchase order number",
        "Our organisation does not use purchase order numbers",
        "bills@bright.example",
        "12 months from the day the money arrives",
        "once it is paid",
    ):
        assert expected in words, expected


def test_from_the_list_to_the_paper_and_the_payers_pages(gwens, as_, typed, address, bright_nurseries):
    response = gwens.post(address, FILLED, follow=True)
    order = Order.objects.get()
    assert response.redirect_chain == [(reverse("billing:invoice", args=[order.public_id]), 302)]
    assert (order.po_number, order.billing_name, order.payer) == (
        "PO 88",
        "Accounts payable",
        bright_nurseries,
    )
    paper = Document.objects.get()
    words = response.content.decode()
    for expected in ("Your invoice", paper.number, "PO 88", "Sort code 00-00-00", "£138", "Oak", "Elm"):
        assert expected in words, expected
    pdf = as_().get(reverse("billing:invoice_paper", args=[order.public_id, order.paper_key]))
    assert pdf["Content-Type"] == "application/pdf"
    overview = gwens.get(bright_nurseries.path).content.decode()
    assert reverse("billing:invoice", args=[order.public_id]) in overview
    one = gwens.get(order.path).content.decode()
    assert "See the invoice and how to pay" in one
    assert "Go on to pay" not in one
    assert paper.path in one
    assert gwens.get(paper.path)["Content-Type"] == "application/pdf"


def test_who_has_no_purchase_order_numbers_ticks_it_and_is_not_asked_again(gwens, typed, address, stan):
    gwens.post(address, {**FILLED, "po_number": "", "has_no_po": "on"})
    order = Order.objects.get()
    assert (order.po_number, order.status) == ("", "open")
    services.void_invoice(order=order, reason="Again", actor=stan, now=timezone.now())
    words = gwens.get(address).content.decode()
    assert "Accounts payable" in words
    assert "checked" in words.split('name="has_no_po"')[1].split(">")[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"po_number": ""}, "Enter the purchase order number, or tick"),
        ({"billing_name": " "}, "Enter the person or office"),
        ({"billing_email": "nonsense"}, "Enter an e-mail address like"),
        ({"billing_address": ""}, "Enter the address"),
        ({"accepts_terms": ""}, "tick the box"),
        ({"total_minor": "lots"}, "Load the page again"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(gwens, typed, address, changes, words):
    response = gwens.post(address, {**FILLED, **changes})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    kept = {"Accounts payable": "billing_name", "Civic Hall": "billing_address"}
    assert all(text in page for text, name in kept.items() if name not in changes)
    assert not Order.objects.exists()


def test_a_sum_that_is_not_the_one_that_was_shown_is_refused_and_the_right_one_shown(gwens, typed, address):
    response = gwens.post(address, {**FILLED, "total_minor": 100})
    page = response.content.decode()
    assert response.status_code == 409
    assert "check it again" in page
    assert 'name="total_minor" value="13800"' in page
    assert "Accounts payable" in page
    assert not Order.objects.exists()


def test_pressed_twice_it_is_ordered_once_and_says_where(gwens, typed, address):
    gwens.post(address, FILLED)
    page = gwens.post(address, FILLED, follow=True)
    assert page.redirect_chain == [(typed, 302)]
    assert "which waits for its payment" in page.content.decode()
    assert Order.objects.count() == 1


def test_while_stripe_is_away_the_order_is_kept_and_said_to_be(gwens, typed, address):
    with faults.injected(faults.Fault("500", times=99)):
        response = gwens.post(address, FILLED, follow=True)
    assert "We are making your invoice" in response.content.decode()
    services.reconcile_waiting(now=timezone.now())
    order = Order.objects.get()
    page = gwens.get(reverse("billing:invoice", args=[order.public_id])).content.decode()
    assert "Download the invoice" in page


def test_without_a_list_or_with_a_choice_to_make_there_is_nothing_to_invoice(
    as_, gwens, maya, willow_lane, bright_nurseries, address, product
):
    check = reverse("billing:check_list", args=[bright_nurseries.public_id, product.slug])
    assert gwens.get(address).url == check
    assert gwens.post(address, FILLED).url == check


def test_a_stranger_finds_no_invoice_of_a_payer(as_, outsider, maya, bill_many, address):
    order = bill_many("Oak")
    for who in (outsider, maya):
        client = as_(who)
        assert client.get(address).status_code == 404
        assert client.get(reverse("billing:invoice", args=[order.public_id])).status_code == 404
