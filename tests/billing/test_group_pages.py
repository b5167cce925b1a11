"""The pages of an organisation that pays for many settings: what they show, and what they never show."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import Order, OrderLine, Payer, PayerSetting
from billing.settings_lists import BIGGEST_LIST
from teams.models import CareSetting
from tests import factories as make
from tests.mailbox import send_waiting_mail

NEW_PAYER = {
    "name": "Leeds City Council",
    "address": "Civic Hall",
    "contact_name": "Bo",
    "contact_email": "bo@leeds.example",
}


@pytest.fixture
def gwens(as_, gwen):
    return as_(gwen)


@pytest.fixture
def list_path(bright_nurseries, product):
    return reverse("billing:settings_list", args=[bright_nurseries.public_id, product.slug])


@pytest.fixture
def check_path(list_path):
    return f"{list_path}check/"


def box_of(page) -> str:
    return re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page.content.decode(), re.S)[1]


def statements(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


# --- Who pays ---------------------------------------------------------------------------------------


def test_a_new_organisation_is_named_and_its_buyer_goes_on_to_the_list(as_, outsider, product):
    client = as_(outsider)
    answer = client.post(reverse("billing:rent_for_several", args=[product.slug]), NEW_PAYER)
    payer = Payer.objects.get(name="Leeds City Council")
    assert answer.url == reverse("billing:settings_list", args=[payer.public_id, product.slug])
    assert client.get(payer.path).status_code == 200


def test_a_colleague_who_was_added_by_address_sees_the_orders(as_, gwens, bright_nurseries, paid_many):
    paid_many("Oak")
    colleague = make.make_user("Cora Col", email="cora@bright.example")
    assert as_(colleague).get(bright_nurseries.path).status_code == 404
    people = reverse("billing:payer_people", args=[bright_nurseries.public_id])
    gwens.post(people, {"email": "Cora@Bright.example"})
    assert as_(colleague).get(bright_nurseries.path).status_code == 200
    letters = {letter.to[0]: letter for letter in send_waiting_mail()}
    assert bright_nurseries.path in letters["cora@bright.example"].body

    assert gwens.post(people, {"email": "cora@bright.example"}).status_code == 422
    row = bright_nurseries.people.get(email="cora@bright.example")
    gwens.post(reverse("billing:remove_payer_person", args=[bright_nurseries.public_id, row.pk]))
    assert as_(colleague).get(bright_nurseries.path).status_code == 404


def test_an_address_that_is_not_verified_opens_nothing(as_, bright_nurseries):
    stranger = make.make_user("Somebody", email="cora@bright.example")
    bright_nurseries.people.create(email="cora@bright.example")
    stranger.emailaddress_set.update(verified=False)
    assert as_(stranger).get(bright_nurseries.path).status_code == 404


def test_adding_an_address_says_the_same_whether_somebody_has_it_or_not(gwens, bright_nurseries, omar):
    people = reverse("billing:payer_people", args=[bright_nurseries.public_id])
    known = gwens.post(people, {"email": omar.email}, follow=True).content.decode()
    unknown = gwens.post(people, {"email": "nobody@nowhere.example"}, follow=True).content.decode()
    assert f"{omar.email} can order now" in known
    assert "nobody@nowhere.example can order now" in unknown
    assert omar.display_name not in unknown


def test_who_began_it_cannot_be_taken_off(gwens, as_, bright_nurseries, gwen):
    colleague = make.make_user("Cora Col", email="cora@bright.example")
    row = bright_nurseries.people.create(email=colleague.email)
    gwens_row = bright_nurseries.people.get(user=gwen)
    client = as_(colleague)
    for taken in (row, gwens_row):
        path = reverse("billing:remove_payer_person", args=[bright_nurseries.public_id, taken.pk])
        assert client.post(path).status_code == 403


# --- The list ---------------------------------------------------------------------------------------


def test_bad_lines_are_named_and_everything_typed_stays_in_the_box(gwens, list_path):
    typed = "Oak,Nursery,oak@b.example\nElm,Zoo,elm@b.example"
    page = gwens.post(list_path, {"text": typed})
    assert page.status_code == 422
    words = page.content.decode()
    assert "Line 2 needs mending" in words
    assert "“Zoo” is no kind that we know" in words
    assert box_of(page) == typed
    assert box_of(gwens.get(list_path)) == typed


def test_the_box_says_where_its_bad_lines_are_named(gwens, list_path):
    page = gwens.post(list_path, {"text": "Elm, Castle, elm@group.example"}).content.decode()
    assert "stands above the box" in page
    assert page.index('id="line-1"') < page.index("<textarea")


def test_a_file_and_what_was_typed_beside_it_are_both_kept(gwens, list_path):
    upload = SimpleUploadedFile("a.csv", b"Oak,Nursery,oak@b.example\r\n")
    answer = gwens.post(list_path, {"text": "Elm,School,elm@b.example", "file": upload})
    assert answer.status_code == 302
    assert box_of(gwens.get(list_path)).split("\n") == [
        "Oak,Nursery,oak@b.example",
        "Elm,School,elm@b.example",
    ]


def test_a_file_that_was_mended_takes_the_place_of_the_first_one(gwens, list_path):
    first = SimpleUploadedFile("a.csv", b"Oak,Nursery,oak@b.example\r\nElm,Zoo,elm@b.example")
    page = gwens.post(list_path, {"text": "", "file": first})
    second = SimpleUploadedFile("a.csv", b"Oak,Nursery,oak@b.example\r\nElm,School,elm@b.example")
    answer = gwens.post(list_path, {"text": box_of(page).replace("\n", "\r\n"), "file": second})
    assert answer.status_code == 302
    assert "Zoo" not in box_of(gwens.get(list_path))


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"PK\x03\x04rest", "This is a workbook"), (b"a" * (BIGGEST_LIST + 1), "too large")],
)
def test_a_file_that_is_no_list_is_refused_and_what_was_typed_stays(gwens, list_path, raw, words):
    page = gwens.post(list_path, {"text": "Elm,School,e", "file": SimpleUploadedFile("a.csv", raw)})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert box_of(page) == "Elm,School,e"


def test_the_template_is_a_csv_file_that_excel_reads(gwens):
    answer = gwens.get(reverse("billing:list_template"))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer["Content-Disposition"]


def test_without_a_good_list_there_is_nothing_to_check(gwens, list_path, check_path):
    assert gwens.get(check_path).url == list_path


# --- Check and order --------------------------------------------------------------------------------


def test_the_sum_is_shown_before_anything_is_accepted(gwens, list_path, check_path):
    gwens.post(list_path, {"text": "Oak,Nursery,oak@b.example\nElm,School,elm@b.example"})
    words = gwens.get(check_path).content.decode()
    assert "£138" in words
    assert "oak@b.example" in words
    page = gwens.post(check_path, {"total_minor": 13800})
    assert page.status_code == 422
    assert "tick the box" in page.content.decode()
    assert gwens.post(check_path, {"total_minor": 13800, "accepts_terms": "on"}).status_code == 302


def test_a_choice_must_be_made_for_a_setting_that_rents_already(
    as_, maya, willow_lane, bright_nurseries, list_path, check_path, product
):
    today = timezone.localdate()
    make.make_rental(willow_lane, product, starts_on=today.replace(day=1) - timezone.timedelta(days=320))
    bright_nurseries.people.create(user=maya)
    client = as_(maya)
    client.post(list_path, {"text": "Oak,Nursery,oak@b.example\nWillow Lane,Nursery,w@b.example"})
    assert "One setting rents this already" in client.get(check_path).content.decode()
    assert client.post(check_path, {}).status_code == 422
    refused = client.post(check_path, {"total_minor": 6900, "accepts_terms": "on"})
    assert refused.status_code == 409
    client.post(check_path, {"line-2": "leave_out"})
    assert "Left out, as you chose" in client.get(check_path).content.decode()
    client.post(check_path, {"again": "1"})
    client.post(check_path, {"line-2": "extend"})
    assert "£138" in client.get(check_path).content.decode()


def test_a_sum_that_is_not_the_one_that_was_shown_is_refused(gwens, list_path, check_path):
    gwens.post(list_path, {"text": "Oak,Nursery,oak@b.example"})
    page = gwens.post(check_path, {"total_minor": 100, "accepts_terms": "on"})
    assert page.status_code == 409
    assert "check it again" in page.content.decode()


# --- Afterwards -------------------------------------------------------------------------------------


def test_the_payers_pages_show_no_people_and_lead_into_no_setting(gwens, paid_many, bright_nurseries):
    order = paid_many("Oak", "Elm")
    oak = PayerSetting.objects.get(name="Oak")
    olga = make.make_user("Olga Oak", email="oak@group.example")
    services.claim_as_new(
        payer_setting=oak,
        user=olga,
        now=timezone.now(),
        name="Olga’s own name for it",
        kind="nursery",
        address="",
        safeguarding_lead_name="Sam Safe",
        safeguarding_lead_contact="01632 960000",
    )
    care_setting = CareSetting.objects.get(pk=oak.care_setting_id)
    make.make_membership(make.make_user("Pia Practice"), care_setting, "practitioner")
    for address in (bright_nurseries.path, order.path):
        words = gwens.get(address).content.decode()
        assert "Oak" in words
        for private in ("Olga", "Pia", "Sam Safe", care_setting.slug, "oak@group.example"):
            assert private not in words, address
    assert "elm@group.example" in gwens.get(bright_nurseries.path).content.decode()
    assert "Started on" in gwens.get(bright_nurseries.path).content.decode()
    for page in ("", "people/", "rentals/", "courses/", f"rentals/{order.public_id}/"):
        assert gwens.get(f"/at/{care_setting.slug}/{page}").status_code == 404


def test_the_managers_of_its_settings_do_not_see_the_payers_pages(as_, paid_many, bright_nurseries):
    order = paid_many("Oak")
    olga = make.make_user("Olga Oak", email="oak@group.example")
    client = as_(olga)
    for address in (bright_nurseries.path, order.path):
        assert client.get(address).status_code == 404


def test_pages_cost_as_many_statements_for_thirty_settings_as_for_two(
    gwens, paid_many, bright_nurseries, list_path, check_path
):
    def measure(order) -> list[int]:
        lines = OrderLine.objects.of_order(order)
        names = [f"{line.setting_name} Annexe,Nursery,a@b.example" for line in lines]
        gwens.post(list_path, {"text": "\n".join([*names, "Oak,Nursery,oak@b.example"])})
        return [statements(gwens, one) for one in (bright_nurseries.path, order.path, check_path)]

    two = measure(paid_many("Oak", "Elm"))
    thirty = measure(paid_many(*[f"Place {number}" for number in range(30)]))
    assert thirty == two


def test_an_order_that_was_not_paid_can_be_gone_on_with_or_called_off(gwens, order_many):
    order = order_many("Oak")
    words = gwens.get(order.path).content.decode()
    assert "Go on to pay" in words
    assert gwens.post(reverse("billing:call_off", args=[order.public_id])).url == order.orders_path
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_a_list_that_was_ordered_already_leads_to_that_order(gwens, order_many, check_path):
    order = order_many("Oak", "Elm")
    page = gwens.get(check_path).content.decode()
    assert "You have ordered this already" in page
    assert f'href="{order.path}"' in page
    assert "Nothing to order" not in page
    assert "for 0 settings" not in page


def test_the_receipt_is_made_out_to_the_payer_and_names_its_settings_as_it_does(
    gwens, as_, outsider, paid_many, bright_nurseries
):
    order = paid_many("Oak", "Elm")
    receipt = order.documents.get()
    assert receipt.path in gwens.get(order.path).content.decode()
    assert receipt.snapshot["buyer"]["name"] == "Bright Nurseries"
    assert {line["setting"] for line in receipt.snapshot["lines"]} == {"Oak", "Elm"}
    assert as_(outsider).get(receipt.path).status_code == 404


def test_vat_on_top_is_in_the_sum_before_it_is_accepted(gwens, list_path, check_path, settings):
    settings.BILLING_VAT_MODE, settings.BILLING_VAT_RATE_BP = "exclusive", 2000
    gwens.post(list_path, {"text": "Oak,Nursery,oak@b.example\nElm,School,elm@b.example"})
    words = gwens.get(check_path).content.decode()
    assert "£165.60" in words
    assert "£27.60" in words
    gwens.post(check_path, {"total_minor": 16560, "accepts_terms": "on"})
    order = Order.objects.get()
    assert (order.net_minor, order.vat_minor, order.gross_minor) == (13800, 2760, 16560)


def test_an_order_of_another_payer_answers_as_if_it_were_not_there(gwens, order_many, bright_nurseries):
    other = make.make_payer("Other Group")
    order = order_many("Oak")
    path = reverse("billing:payer_order", args=[other.public_id, order.public_id])
    assert gwens.get(path).status_code == 404


def test_staff_find_the_order_by_payer_setting_and_managers_address(as_, stan, order_many):
    order = order_many("Oak", "Elm")
    client = as_(stan)
    for text in ("Bright", "elm", "oak@group.example"):
        page = client.get(reverse("billing_desk:orders"), {"q": text})
        assert order.number in page.content.decode(), text
    assert "Elm" in client.get(reverse("billing_desk:order", args=[order.pk])).content.decode()


def test_a_waiting_setting_is_not_offered_for_a_grant(as_, stan, order_many, maya):
    order_many("A setting that waits")
    words = as_(stan).get(reverse("billing_desk:grant")).content.decode()
    assert "Willow Lane" in words
    assert "A setting that waits" not in words
