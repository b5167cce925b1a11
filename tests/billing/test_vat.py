"""VAT: none, inside the price, or on top of it; whole pence that add up, and the right words everywhere."""

import itertools
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing import services, stripe_gateway, vat
from billing.models import Document, Order
from billing.printouts import document_html
from billing.sandbox import bank, store
from billing.services.snapshots import lines_left, take_from
from elearning.settings.selling import check_seller, vat_rate_bp
from tests import factories as make
from tests.mailbox import send_waiting_mail

pytestmark = pytest.mark.django_db

MODES = ["none", "inclusive", "exclusive"]
# £69 on the price list: (net, VAT, gross) in each mode at 20 per cent.
SPLITS = {"none": (6900, 0, 6900), "inclusive": (5750, 1150, 6900), "exclusive": (6900, 1380, 8280)}
RATES = [1, 500, 1250, 1750, 2000, 2500, 9999, 10000]


@pytest.fixture
def with_vat(settings):
    """Switch the site to a mode: ``with_vat("inclusive")``."""

    def switch(mode: str, rate_bp: int = 2000) -> None:
        settings.BILLING_VAT_MODE = mode
        settings.BILLING_VAT_RATE_BP = 0 if mode == "none" else rate_bp
        settings.BILLING_SELLER_NAME = "Familiar Faces Ltd"
        settings.BILLING_SELLER_ADDRESS = "1 High Street\nLondon N1 1AA"
        settings.BILLING_SELLER_VAT_NUMBER = "GB 123 4567 89"

    return switch


@pytest.fixture
def order_in(with_vat, begin, maya, willow_lane):
    """Maya's order for Willow Lane in a mode, open and unpaid."""

    def make_order(mode: str, rate_bp: int = 2000) -> Order:
        with_vat(mode, rate_bp)
        return begin(maya, willow_lane)

    return make_order


def discount(order: Order, minor: int) -> None:
    """As a code at Stripe takes it off what is to be paid."""
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    session["amount_total"] = session["amount_subtotal"] - minor
    session["total_details"] = {"amount_discount": minor, "amount_shipping": 0, "amount_tax": 0}
    store.keep(session)


# --- Whole pence ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "split"), SPLITS.items())
def test_69_pounds_are_split_as_an_accountant_would(mode, split):
    price = vat.price_of(6900, vat_mode=mode, rate_bp=2000)
    assert (price.net_minor, price.vat_minor, price.gross_minor) == split


def test_half_a_penny_goes_up_and_less_goes_down():
    assert [vat.nearest(amount, 10) for amount in (4, 5, 14, 15, 16)] == [0, 1, 1, 2, 2]
    assert vat.price_of(12, vat_mode="exclusive", rate_bp=2000).vat_minor == 2  # 2.4
    assert vat.price_of(13, vat_mode="exclusive", rate_bp=2000).vat_minor == 3  # 2.6
    assert vat.price_of(10, vat_mode="exclusive", rate_bp=500).vat_minor == 1  # 0.5


def test_net_and_vat_make_gross_for_every_price_and_rate():
    for amount, rate in itertools.product(range(1, 700), RATES):
        for mode in ("inclusive", "exclusive"):
            price = vat.price_of(amount, vat_mode=mode, rate_bp=rate)
            assert price.net_minor + price.vat_minor == price.gross_minor
            assert price.vat_minor >= 0
            # What was added on top is found inside again: one rule for orders and papers.
            assert vat.vat_within(price.gross_minor, rate_bp=rate) == price.vat_minor


def test_shares_add_up_and_none_is_more_than_its_line():
    for total, weights in itertools.product(range(21), ([3, 7, 11], [7, 7, 7], [1, 0, 20], [21])):
        shares = vat.share_out(total, weights)
        assert sum(shares) == total
        assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))


@pytest.mark.parametrize(("rate_bp", "words"), [(2000, "20%"), (1750, "17.5%"), (500, "5%")])
def test_a_rate_is_said_in_per_cent(rate_bp, words):
    assert vat.rate_in_words(rate_bp) == words


# --- Settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "bp"), [("20", 2000), ("17.5", 1750), ("0.01", 1), ("100", 10000)])
def test_a_rate_in_per_cent_becomes_basis_points(rate, bp):
    assert vat_rate_bp("inclusive", Decimal(rate)) == bp


@pytest.mark.parametrize("rate", ["0", "-20", "100.01", "17.555"])
def test_a_mode_with_vat_needs_a_rate_that_makes_sense(rate):
    with pytest.raises(ImproperlyConfigured, match="BILLING_VAT_RATE"):
        vat_rate_bp("exclusive", Decimal(rate))


def test_a_rate_without_a_mode_is_not_guessed_about():
    assert vat_rate_bp("none", Decimal(0)) == 0
    with pytest.raises(ImproperlyConfigured, match="BILLING_VAT_RATE"):
        vat_rate_bp("none", Decimal(20))
    with pytest.raises(ImproperlyConfigured, match="BILLING_VAT_MODE"):
        vat_rate_bp("perhaps", Decimal(20))


SELLER = {
    "vat_mode": "inclusive",
    "is_live": False,
    "name": "Us",
    "address": "Here",
    "vat_number": "GB123456789",
}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"vat_number": ""}, "BILLING_SELLER_VAT_NUMBER"),
        ({"vat_number": "123"}, "BILLING_SELLER_VAT_NUMBER"),
        ({"name": ""}, "BILLING_SELLER_NAME"),
        ({"address": ""}, "BILLING_SELLER_ADDRESS"),
        ({"vat_mode": "none", "is_live": True, "address": ""}, "BILLING_SELLER_ADDRESS"),
    ],
)
def test_papers_that_would_not_name_the_seller_end_the_start(changes, named):
    check_seller(**SELLER)
    check_seller(vat_mode="none", is_live=False, name="", address="", vat_number="")
    with pytest.raises(ImproperlyConfigured, match=named):
        check_seller(**{**SELLER, **changes})


# --- The order and what Stripe is sent --------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_an_order_keeps_the_split_and_stripe_is_sent_what_is_to_be_paid(order_in, mode):
    order = order_in(mode)
    line = order.lines.get()
    assert (order.net_minor, order.vat_minor, order.gross_minor) == SPLITS[mode]
    assert (line.net_minor, line.vat_minor, line.gross_minor) == SPLITS[mode]
    (item,) = stripe_gateway.build_checkout_request(order)["line_items"]
    assert item["price_data"]["unit_amount"] == SPLITS[mode][2]
    description = item["price_data"]["product_data"]["description"]
    assert (
        description
        == {
            "none": "12 months for Willow Lane",
            "inclusive": "12 months for Willow Lane, £11.50 VAT (20%) included",
            "exclusive": "12 months for Willow Lane: £69.00 plus £13.80 VAT (20%)",
        }[mode]
    )


def test_a_new_mode_rate_or_price_does_not_touch_an_open_order(order_in, with_vat, product):
    order = order_in("exclusive")
    before = stripe_gateway.build_checkout_request(order)
    with_vat("inclusive", 500)
    product.price_minor = 9900
    product.save()
    assert stripe_gateway.build_checkout_request(Order.objects.get(pk=order.pk)) == before


@pytest.mark.parametrize("mode", MODES)
def test_what_is_sent_is_what_comes_back_as_paid(order_in, pay, reconcile, mode):
    order = reconcile(pay(order_in(mode)))
    assert (order.status, order.paid_minor) == ("fulfilled", SPLITS[mode][2])
    receipt = order.documents.get()
    assert (receipt.net_minor, receipt.vat_minor, receipt.gross_minor) == SPLITS[mode]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("subtotal", "total", "tax"), [(-1, -1, 0), (0, -1, 0), (0, 1380, 1380), (0, 0, 1), (-1380, 0, 1380)]
)
def test_amounts_that_do_not_follow_from_the_order_go_to_review(
    order_in, pay, reconcile, mode, subtotal, total, tax
):
    order = pay(order_in(mode))
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    session["amount_subtotal"] += subtotal
    session["amount_total"] += total
    session["total_details"]["amount_tax"] = tax
    store.keep(session)
    after = reconcile(order)
    assert after.status == "review"
    assert not after.documents.exists()


# --- Discounts, refunds ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "off", "split"),
    [
        ("none", 690, (6210, 0, 6210)),
        ("inclusive", 690, (5175, 1035, 6210)),
        ("exclusive", 828, (6210, 1242, 7452)),
        ("inclusive", 6900, (0, 0, 0)),
        ("exclusive", 8280, (0, 0, 0)),
    ],
)
def test_vat_is_due_on_what_a_code_leaves(order_in, pay, reconcile, mode, off, split):
    order = order_in(mode)
    discount(order, off)
    after = reconcile(pay(order))
    assert (after.status, after.discount_minor, after.paid_minor) == ("fulfilled", off, split[2])
    receipt = after.documents.get()
    assert (receipt.net_minor, receipt.vat_minor, receipt.gross_minor) == split
    paper = document_html(receipt)
    assert "Discount" in paper
    assert f"£{off / 100:.2f}" in paper


def test_a_receipt_over_nothing_says_why(order_in, pay, reconcile):
    order = order_in("none")
    discount(order, 6900)
    receipt = reconcile(pay(order)).documents.get()
    assert receipt.gross_minor == 0
    assert "the discount took off all of it" in document_html(receipt)


@pytest.mark.parametrize("mode", ["inclusive", "exclusive"])
@pytest.mark.parametrize("parts", [[1], [1000, 2500], [333, 333, 333], [6899]])
def test_credit_notes_take_back_the_very_vat_that_was_charged(order_in, pay, reconcile, mode, parts):
    order = reconcile(pay(order_in(mode)))
    rest = order.paid_minor - sum(parts)
    for part in [*parts, rest]:
        bank.give_back_from_dashboard(order.stripe_checkout_session_id, part)
        reconcile(order)
    notes = Document.objects.of_order(order).of_kind("credit_note")
    assert sorted(note.gross_minor for note in notes) == sorted([*parts, rest])
    assert sum(note.vat_minor for note in notes) == SPLITS[mode][1]
    assert sum(note.net_minor for note in notes) == SPLITS[mode][0]


def test_many_lines_are_credited_in_proportion_and_to_the_penny():
    lines = [
        {"line": key, "net_minor": gross - tax, "vat_minor": tax, "gross_minor": gross, "price_minor": gross}
        for key, gross, tax in ((1, 8280, 1380), (2, 6900, 1150), (3, 999, 167))
    ]
    receipt = Document(kind="receipt", snapshot={"lines": lines})
    notes = []
    for amount in (1, 5000, 7777, 16179 - 12778):
        left = lines_left(receipt, notes)
        taken = take_from(left, amount)
        assert sum(line["gross_minor"] for line in taken) == amount
        assert all(line["net_minor"] + line["vat_minor"] == line["gross_minor"] for line in taken)
        assert all(0 <= line["vat_minor"] <= line["gross_minor"] for line in taken)
        notes.append(Document(kind="credit_note", snapshot={"lines": taken}))
    left = lines_left(receipt, notes)
    assert all(line[name] == 0 for line in left for name in ("net_minor", "vat_minor", "gross_minor"))


# --- Words ----------------------------------------------------------------------------------------


def everything_said(client: Client, order: Order) -> dict[str, str]:
    """Every page, mail and paper that a buyer sees, by name."""
    slug = order.care_setting.slug
    product = order.lines.get().product
    pages = {
        "rent": reverse("billing:rent", args=[product.slug]) + f"?setting={slug}",
        "order": order.path,
        "rentals": reverse("billing:rentals", args=[slug]),
        "ready": reverse("billing:ready", args=[order.public_id]),
        "terms": reverse("billing:terms"),
    }
    said = {name: client.get(address).content.decode() for name, address in pages.items()}
    said |= {f"mail {at}": mail.body for at, mail in enumerate(send_waiting_mail())}
    said |= {f"paper {paper.number}": document_html(paper) for paper in Document.objects.of_order(order)}
    request = stripe_gateway.build_checkout_request(order)
    return {**said, "stripe": str(request["line_items"])}


def test_without_vat_nothing_says_vat(as_, maya, order_in, pay, reconcile):
    order = reconcile(pay(order_in("none")))
    bank.give_back_from_dashboard(order.stripe_checkout_session_id, 1000)
    order = reconcile(order)
    with transaction.atomic():
        services.issue_document(order=order, kind="invoice", now=timezone.now())
    said = everything_said(as_(maya), order)
    assert len([name for name in said if name.startswith(("mail", "paper"))]) == 5
    assert [name for name, text in said.items() if "VAT" in text] == []


@pytest.mark.parametrize("mode", ["inclusive", "exclusive"])
def test_with_vat_mail_order_and_paper_say_how_much(as_, maya, order_in, pay, reconcile, mode):
    order = reconcile(pay(order_in(mode)))
    net, tax, gross = (f"£{minor / 100:.2f}" for minor in SPLITS[mode])
    said = everything_said(as_(maya), order)
    assert f"Of this VAT: {tax}" in said["mail 0"]
    assert "Of this VAT, 20%" in said["order"]
    paper = said["paper TEST-REC-00001"]
    for words in (
        net,
        tax,
        gross,
        "VAT 20%",
        "VAT number GB 123 4567 89",
        "1 High Street",
        "your VAT invoice",
    ):
        assert words in paper, words


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("none", "£69, paid once"),
        ("inclusive", "£69 including VAT, paid once"),
        ("exclusive", "£69 plus £13.80 VAT: £82.80 in all, paid once"),
    ],
)
def test_before_paying_one_reads_what_is_to_be_paid(as_, maya, willow_lane, with_vat, product, mode, words):
    with_vat(mode)
    address = reverse("billing:rent", args=[product.slug])
    for page in (Client().get(address), as_(maya).get(f"{address}?setting=willow-lane")):
        assert words in page.content.decode()


@pytest.mark.parametrize(
    ("mode", "words"), [("inclusive", "including VAT"), ("exclusive", "VAT: £"), ("none", "")]
)
def test_the_catalogue_and_a_course_say_what_prices_mean(client, with_vat, course, mode, words):
    with_vat(mode)
    for address in ("/courses/", "/courses/the-key-person-approach/"):
        page = client.get(address).content.decode()
        assert "£" in page
        assert words in page
        assert mode != "none" or "VAT" not in page


def test_the_vat_invoice_of_an_invoiced_order_is_the_invoice(order_in, pay, reconcile):
    order = order_in("exclusive")
    with transaction.atomic():
        invoice = services.issue_document(order=order, kind="invoice", now=timezone.now())
    receipt = reconcile(pay(order)).documents.get(kind="receipt")
    paper = document_html(receipt)
    assert "your VAT invoice" not in paper
    assert f"The VAT invoice for this is {invoice.number}" in paper
    assert (invoice.net_minor, invoice.vat_minor, invoice.gross_minor) == SPLITS["exclusive"]


def test_an_order_of_before_keeps_its_words_when_vat_begins(order_in, with_vat, pay, reconcile):
    order = order_in("none")
    with_vat("exclusive")
    receipt = reconcile(pay(order)).documents.get()
    assert "VAT" not in document_html(receipt)


def test_odd_pence_come_out_right_on_the_paper(order_in, pay, reconcile, product):
    product.price_minor = 1999
    product.save()
    receipt = reconcile(pay(order_in("exclusive", 1750))).documents.get()
    assert (receipt.net_minor, receipt.vat_minor, receipt.gross_minor) == (1999, 350, 2349)
    assert "VAT 17.5%" in document_html(receipt)


def test_a_sum_that_staff_let_pass_is_on_the_receipt_as_it_was_paid(order_in, pay, reconcile, stan):
    order = pay(order_in("inclusive"))
    session = store.find(store.SESSION, order.stripe_checkout_session_id)
    store.keep({**session, "amount_subtotal": 6000, "amount_total": 6000})
    assert reconcile(order).status == "review"
    services.open_reviewed_order(order=order, kind="fulfil", reason="Agreed", actor=stan, now=timezone.now())
    receipt = order.documents.get()
    assert (receipt.net_minor, receipt.vat_minor, receipt.gross_minor) == (5000, 1000, 6000)


def test_a_second_setting_is_charged_the_same_way(with_vat, begin, lena, little_acorns):
    with_vat("exclusive")
    order = begin(lena, little_acorns, make.make_product("Section nine", price_minor=1001))
    assert (order.net_minor, order.vat_minor, order.gross_minor) == (1001, 200, 1201)
