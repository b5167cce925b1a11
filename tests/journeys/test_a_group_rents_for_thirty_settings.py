"""Gwen pays for thirty settings in one order; one manager begins anew, another uses it where he is."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Order, OrderLine, Term
from tests.mailbox import send_waiting_mail

BAD = {7: "Nursery 7;Nursery;no address", 15: "Nursery 15;Crèche;m15@group.example", 22: "Nursery 22;Nursery"}
MENDED = {7: "Nursery 7;Nursery;m7@group.example", 15: "Nursery 15;Nursery;m15@group.example"}


def thirty(changed: dict[int, str], omar) -> str:
    """A list of thirty settings as Excel writes it, with some lines ``changed``; the last is Omar's."""
    lines = [
        changed.get(number, f'"Nursery {number}, Leeds";Nursery;m{number}@group.example')
        for number in range(1, 30)
    ]
    return "\r\n".join(["Name;Kind;Manager's e-mail", *lines, f"The Harbour;Children’s home;{omar.email}"])


def link_in(message) -> str:
    """The link with which a manager begins."""
    return re.search(r"https?://\S+/claims/\S+", message.body)[0]


def test_a_group_rents_for_thirty_settings_from_a_file_with_three_bad_lines(
    walk, gwen, omar, harbour_house, course
):
    gwens = walk(gwen)
    gwens.open(course.page.url).follow("Rent for several settings").follow("Bright Nurseries")
    # Windows-1252, as Excel saves it; the headings are line 1.
    upload = SimpleUploadedFile("ours.csv", thirty(BAD, omar).encode("cp1252"))
    gwens.press("Check the list", status=422, file=upload)
    assert "3 lines need mending: 8, 16, 23." in gwens.text
    assert "“Crèche” is no kind that we know" in gwens.text
    assert "The other 27 are fine" in gwens.text
    assert gwens.page.find("textarea").text.strip() == thirty(BAD, omar).replace("\r\n", "\n")
    assert "Line 16" in gwens.open(gwens.address).text, "what was typed was lost"

    gwens.press("Check the list", text=thirty(MENDED, omar))
    assert "for 30 settings, paid by Bright Nurseries" in gwens.text
    assert "Together 30 of 30 £2,070" in gwens.text
    gwens.press("Go on to pay", accepts_terms="on")
    assert "12 months for each setting" in gwens.text
    assert not send_waiting_mail()
    gwens.press("Pay by card")

    order = Order.objects.get()
    assert (order.status, order.paid_minor, order.buyer) == ("fulfilled", 30 * 6900, gwen)
    assert Term.objects.of_order(order).count() == OrderLine.objects.of_order(order).count() == 30
    assert "Paid: every setting can begin" in gwens.text
    assert "0 of 30 settings have begun" in gwens.follow("See which settings have begun").text
    letters = {letter.to[0]: letter for letter in send_waiting_mail()}
    assert len(letters) == 31
    assert "30 settings" in letters["bills@bright.example"].subject

    mia = walk()
    mia.open(link_in(letters["m1@group.example"])).follow("Create my account")
    mia.press(
        "Create my account",
        display_name="Mia Ash",
        email="m1@group.example",
        password1="warm porridge at noon",
    )
    mia.press("Open the setting", safeguarding_lead_name="Sam", safeguarding_lead_contact="01632 960000")
    assert mia.address == "/at/nursery-1-leeds/"
    assert course.session_page.aim in mia.open(course.session_page.address).text
    walk().open(link_in(letters["m1@group.example"]), status=410)

    omars = walk(omar).open(link_in(letters[omar.email]))
    omars.press("Use it for Harbour House")
    assert omars.address == harbour_house.home_path
    assert course.session_page.aim in omars.open(course.session_page.address).text

    gwens.open(gwens.address)
    assert "2 of 30 settings have begun" in gwens.text
    assert "The Harbour" in gwens.text
    for word in ("Harbour House", "Omar", "Mia Ash"):
        assert word not in str(gwens.page)
    gwens.open("/at/nursery-1-leeds/", status=404)
    gwens.open(course.session_page.address, status=403)


def test_an_authority_rents_for_thirty_settings_against_one_invoice(walk, gwen, omar, stan, course):
    gwens = walk(gwen)
    gwens.open(course.page.url).follow("Rent for several settings").follow("Bright Nurseries")
    gwens.press("Check the list", text=thirty({}, omar))
    gwens.follow("Pay by invoice")
    assert "Together 30 of 30 £2,070" in gwens.text
    gwens.press("Get the invoice", status=422, accepts_terms="on")
    assert "Enter the purchase order number, or tick" in gwens.text
    gwens.press("Get the invoice", po_number="PO-88", accepts_terms="on")
    order = Order.objects.get()
    assert "Purchase order PO-88" in gwens.text
    assert "for 30 settings: see the whole order" in gwens.text
    assert (order.status, order.billing_email) == ("open", "bills@bright.example")
    (bill,) = send_waiting_mail()
    assert "PO-88" in bill.subject

    stans = walk(stan)
    stans.open(f"/admin/orders/{order.pk}/")
    stans.press("Mark as paid", bank_reference="BACS 881", reason="On the statement")
    assert Term.objects.of_order(order).count() == 30
    letters = {letter.to[0]: letter for letter in send_waiting_mail()}
    assert len(letters) == 31

    gwens.open(gwens.address)
    assert "Paid: every setting can begin" in gwens.text
    assert "Receipt" in gwens.text
    walk(omar).open(link_in(letters[omar.email])).press("Use it for Harbour House")
    assert "1 of 30 settings has begun" in gwens.open(order.orders_path).text
