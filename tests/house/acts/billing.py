"""Acts of renting: buying, paying, coming back, and what a setting bought."""

import uuid
from functools import partial

from django.db import transaction
from django.utils import timezone

from billing import services
from billing.models import Order, PayerSetting, Refund
from billing.sandbox import payer, promotions
from billing.terms import TERMS_VERSION
from billing.tokens import payer_reminder_token, reminder_token
from elearning.periods import london_day
from tests import factories as make
from tests.house.acts import EVERYONE, Act

MEMBERS_WHO_DO_NOT_MANAGE = {"priya": 403, "fred": 403, "noor": 403}
ANYONE = dict.fromkeys(EVERYONE, 200)


def the_order(request) -> Order:
    """Willow Lane's order, made once."""
    maya, willow_lane = request.getfixturevalue("maya"), request.getfixturevalue("willow_lane")
    product = request.getfixturevalue("course").product
    order = Order.objects.for_care_setting(willow_lane).first()
    if order is None:
        services.begin_checkout(
            product=product,
            care_setting=willow_lane,
            buyer=maya,
            terms_version=TERMS_VERSION,
            now=timezone.now(),
        )
        order = Order.objects.for_care_setting(willow_lane).get()
    return order


def of_order(request, **more) -> dict:
    return {"public_id": the_order(request).public_id, **more}


def of_document(request) -> dict:
    order = the_order(request)
    with transaction.atomic():
        paper = services.issue_document(order=order, kind="receipt", now=timezone.now())
    return {"slug": "willow-lane", "public_id": order.public_id, "number": paper.number}


def of_product(request) -> dict:
    return {"product_slug": request.getfixturevalue("course").product.slug}


def of_product_row(request) -> dict:
    return {"pk": request.getfixturevalue("course").product.pk}


def of_grant(request) -> dict:
    return {"pk": request.getfixturevalue("rental").terms.get().pk}


def of_checkout(request) -> dict:
    return {"session_id": the_order(request).stripe_checkout_session_id}


def the_invoice(request) -> Order:
    """Willow Lane's order against an invoice, made once."""
    maya, willow_lane = request.getfixturevalue("maya"), request.getfixturevalue("willow_lane")
    order = Order.objects.for_care_setting(willow_lane).by_invoice().first()
    return order or services.begin_invoice(
        product=request.getfixturevalue("course").product,
        care_setting=willow_lane,
        buyer=maya,
        details=services.BillingDetails("PO-1", "Office", "office@school.example", "1 Lane"),
        terms_version=TERMS_VERSION,
        now=timezone.now(),
    )


def of_invoice(request) -> dict:
    return {"public_id": the_invoice(request).public_id}


def of_paper(request) -> dict:
    return {**of_invoice(request), "key": the_invoice(request).paper_key}


def of_invoice_page(request) -> dict:
    return {"invoice_id": the_invoice(request).stripe_invoice_id}


def at_desk_by_invoice(request) -> dict:
    return {"pk": the_invoice(request).pk}


def of_bank_refund(request) -> dict:
    """A refund by bank transfer of Willow Lane's order against an invoice, made once."""
    order, stan, now = the_invoice(request), request.getfixturevalue("stan"), timezone.now()
    made = Refund.objects.of_order(order).by_bank().first()
    if made is None:
        services.mark_invoice_paid(
            order=order, bank_reference="BACS 881", reason="It came", actor=stan, now=now
        )
        made = services.record_bank_refund(
            order=order,
            amount_minor=100,
            sent_on=london_day(now),
            bank_reference="RFD 17",
            reason="They left",
            key=uuid.uuid4(),
            actor=stan,
            now=now,
        )
    return {"pk": made.pk}


def for_willow_lane(request) -> dict:
    return {"setting": "willow-lane", "accepts_terms": "on"}


with_slug = partial(of_order, slug="willow-lane")
MANAGER_SEES = {"maya": 200, **MEMBERS_WHO_DO_NOT_MANAGE}
MANAGER_GOES_ON = {"maya": 302, **MEMBERS_WHO_DO_NOT_MANAGE}


def to_stop(request) -> dict:
    maya, willow_lane = request.getfixturevalue("maya"), request.getfixturevalue("willow_lane")
    return {"token": reminder_token(user_id=maya.pk, care_setting_id=willow_lane.pk)}


def to_stop_as_payer(request) -> dict:
    bright_nurseries = request.getfixturevalue("bright_nurseries")
    return {"token": payer_reminder_token(payer_id=bright_nurseries.pk, email="bills@bright.example")}


def a_code(request) -> dict:
    """A promotion code of the sandbox that is not used yet."""
    request.getfixturevalue("db")
    coupon = promotions.make_coupon({"percent_off": "10"})
    code = {"code": "WELCOME10", "promotion": {"type": "coupon", "coupon": coupon["id"]}}
    made = promotions.find_active("WELCOME10") or promotions.make_promotion_code(code)
    return {"promotion_id": made["id"]}


def the_group_order(request) -> Order:
    """Bright Nurseries' order for two settings, made once, unpaid."""
    bright_nurseries, gwen = request.getfixturevalue("bright_nurseries"), request.getfixturevalue("gwen")
    order = Order.objects.for_payer(bright_nurseries).first()
    product = request.getfixturevalue("course").product
    text = "Oak,Nursery,oak@group.example\nElm,Nursery,elm@group.example"
    return order or make.make_group_order(bright_nurseries, gwen, product, text)


def the_group_setting(request) -> PayerSetting:
    """A setting for which Bright Nurseries has paid and whose manager has not come."""
    order = the_group_order(request)
    if order.is_live:
        payer.pay_by_card(order.stripe_checkout_session_id)
        services.reconcile_order(order=order, now=timezone.now())
    return PayerSetting.objects.of_order(order).first()


def of_group_bill(request) -> dict:
    """Bright Nurseries' order for two settings against an invoice, made once."""
    bright_nurseries, gwen = request.getfixturevalue("bright_nurseries"), request.getfixturevalue("gwen")
    order = Order.objects.for_payer(bright_nurseries).by_invoice().first()
    details = services.BillingDetails("PO-88", "Accounts", "accounts@council.example", "Civic Hall")
    text = "Ash,Nursery,ash@group.example\nYew,Nursery,yew@group.example"
    product = request.getfixturevalue("course").product
    order = order or make.make_group_order(bright_nurseries, gwen, product, text, details=details)
    return {"public_id": order.public_id}


def of_payer(request, **more) -> dict:
    return {"payer_id": request.getfixturevalue("bright_nurseries").public_id, **more}


def of_payer_and_product(request) -> dict:
    return of_payer(request, **of_product(request))


def of_group_order(request) -> dict:
    return {"public_id": the_group_order(request).public_id}


def of_payer_order(request) -> dict:
    return of_payer(request, **of_group_order(request))


def of_payer_setting(request) -> dict:
    return of_payer(request, setting_id=the_group_setting(request).pk)


def of_payer_document(request) -> dict:
    order = the_group_setting(request).lines.first().order
    return of_payer_order(request) | {"number": order.documents.get().number}


def of_colleague(request) -> dict:
    people = request.getfixturevalue("bright_nurseries").people
    return of_payer(request, person_id=people.get_or_create(email="colleague@group.example")[0].pk)


SIGNED_IN = dict.fromkeys(set(EVERYONE) - {"stranger"}, 200)
GWEN_SEES = {"gwen": 200}
GWEN_GOES_ON = {"gwen": 302}

# Wagtail sends away whoever may not be there: strangers and settings' people to sign in, editors home.
STAFF_SEE = {"stan": 200}
STAFF_GO_ON = {"stan": 302}


def at_desk(request) -> dict:
    return {"pk": the_order(request).pk}


ACTS = [
    Act("billing:terms", ANYONE),
    Act("billing:rent", ANYONE, kwargs=of_product, fixtures=("course",), note="look"),
    Act(
        "billing:rent",
        MANAGER_SEES | {"stranger": 200},
        kwargs=of_product,
        fixtures=("course", "willow_lane"),
        query="?setting=willow-lane",
        note="for Willow Lane",
    ),
    Act(
        "billing:rent",
        MANAGER_GOES_ON,
        method="post",
        kwargs=of_product,
        data=for_willow_lane,
        fixtures=("course", "willow_lane"),
    ),
    Act("billing:rent_by_invoice", {"maya": 302}, otherwise=302, kwargs=of_product, note="without a setting"),
    Act(
        "billing:rent_by_invoice",
        MANAGER_SEES,
        kwargs=of_product,
        fixtures=("course", "willow_lane"),
        query="?setting=willow-lane",
        note="for Willow Lane",
    ),
    Act(
        "billing:rent_by_invoice",
        {"maya": 422, **MEMBERS_WHO_DO_NOT_MANAGE},
        method="post",
        kwargs=of_product,
        data=for_willow_lane,
        fixtures=("course", "willow_lane"),
    ),
    Act("billing:invoice", MANAGER_SEES, kwargs=of_invoice),
    # Who pays need not have an account: the address that we sent is the key.
    Act("billing:invoice_paper", ANYONE, kwargs=of_paper),
    Act("billing:pay", MANAGER_GOES_ON, method="post", kwargs=of_order),
    Act("billing:call_off", MANAGER_GOES_ON, method="post", kwargs=of_order),
    Act("billing:return", MANAGER_SEES, kwargs=of_order),
    Act("billing:ready", MANAGER_GOES_ON, kwargs=of_order),
    Act("billing:cancelled", MANAGER_SEES, kwargs=of_order),
    Act("billing:order", MANAGER_SEES, kwargs=with_slug),
    Act("billing:document", MANAGER_SEES | STAFF_SEE, kwargs=of_document),
    Act(
        "billing:rentals",
        MANAGER_SEES,
        kwargs=lambda request: {"slug": request.getfixturevalue("willow_lane").slug},
    ),
    Act(
        "billing:reminders",
        MANAGER_GOES_ON,
        method="post",
        kwargs=lambda request: {"slug": request.getfixturevalue("willow_lane").slug},
    ),
    # The signed address in a mail is the key: it works without signing in, and for whoever holds it.
    Act("billing:stop_reminders", ANYONE, kwargs=to_stop, note="look"),
    Act("billing:stop_reminders", ANYONE, method="post", kwargs=to_stop),
    Act("billing:stop_payer_reminders", ANYONE, kwargs=to_stop_as_payer, note="look"),
    Act("billing:stop_payer_reminders", ANYONE, method="post", kwargs=to_stop_as_payer),
    # Buying for many: whoever is signed in may begin, and only the payer's own people see what became of it.
    Act("billing:rent_for_several", SIGNED_IN, kwargs=of_product, note="look"),
    Act(
        "billing:rent_for_several",
        dict.fromkeys(SIGNED_IN, 422),
        method="post",
        kwargs=of_product,
    ),
    Act("billing:list_template", SIGNED_IN),
    Act("billing:payers", SIGNED_IN | GWEN_GOES_ON),
    Act("billing:payer", GWEN_SEES, kwargs=of_payer),
    Act("billing:payer_reminders", GWEN_GOES_ON, method="post", kwargs=of_payer),
    Act("billing:payer_details", GWEN_SEES, kwargs=of_payer, note="look"),
    Act("billing:payer_details", {"gwen": 422}, method="post", kwargs=of_payer),
    Act("billing:payer_people", GWEN_SEES, kwargs=of_payer, note="look"),
    Act("billing:payer_people", {"gwen": 422}, method="post", kwargs=of_payer),
    Act("billing:remove_payer_person", GWEN_GOES_ON, method="post", kwargs=of_colleague),
    Act("billing:settings_list", GWEN_SEES, kwargs=of_payer_and_product, note="look"),
    Act("billing:settings_list", {"gwen": 422}, method="post", kwargs=of_payer_and_product),
    Act("billing:check_list", GWEN_GOES_ON, kwargs=of_payer_and_product, note="without a list"),
    Act("billing:group_invoice", GWEN_GOES_ON, kwargs=of_payer_and_product, note="without a list"),
    Act("billing:group_invoice", GWEN_GOES_ON, method="post", kwargs=of_payer_and_product),
    Act("billing:invoice", GWEN_SEES, kwargs=of_group_bill, note="for many"),
    Act("billing:payer_order", GWEN_SEES, kwargs=of_payer_order),
    Act("billing:payer_document", GWEN_SEES | STAFF_SEE, kwargs=of_payer_document),
    Act("billing:claim_letter", GWEN_SEES, kwargs=of_payer_setting, note="look"),
    Act("billing:claim_letter", {"gwen": 422}, method="post", kwargs=of_payer_setting),
    Act("billing:pay", GWEN_GOES_ON, method="post", kwargs=of_group_order, note="for many"),
    Act("billing:call_off", GWEN_GOES_ON, method="post", kwargs=of_group_order, note="for many"),
    Act("billing:return", GWEN_SEES, kwargs=of_group_order, note="for many"),
    Act("billing:ready", GWEN_GOES_ON, kwargs=of_group_order, note="for many"),
    Act("billing:cancelled", GWEN_SEES, kwargs=of_group_order, note="for many"),
    # The link in the letter is the key; tests/billing/test_group_claims.py tries those that fit.
    Act(
        "billing:open_claim",
        {"stranger": 410},
        otherwise=410,
        kwargs=lambda request: {"token": "0123456789abcdef"},
    ),
    Act("billing:claim", {"stranger": 410}, otherwise=410),
    Act("billing:use_claim", {}, otherwise=410, method="post"),
    Act("billing:fresh_claim", {"stranger": 404}, method="post"),
    # Only a signature opens it; a person who looks is refused, whoever they are.
    Act("billing:stripe_webhook", {"stranger": 405}, otherwise=405),
    Act("billing:stripe_webhook", {"stranger": 400}, otherwise=400, method="post"),
    # As at Stripe, the address of a pay page is its key.
    Act("billing_sandbox:pay", ANYONE, kwargs=of_checkout),
    Act(
        "billing_sandbox:pay",
        {"stranger": 302},
        otherwise=302,
        method="post",
        kwargs=of_checkout,
        data=lambda request: {"action": "pay"},
    ),
    Act("billing_sandbox:invoice", ANYONE, kwargs=of_invoice_page),
    Act(
        "billing_sandbox:invoice",
        {"stranger": 302},
        otherwise=302,
        method="post",
        kwargs=of_invoice_page,
        data=lambda request: {"action": "short"},
    ),
    Act("billing_desk:orders", STAFF_SEE, otherwise=302),
    Act("billing_desk:order", STAFF_SEE, otherwise=302, kwargs=at_desk),
    Act("billing_desk:promotion_codes", STAFF_SEE, otherwise=302, note="look"),
    Act("billing_desk:promotion_codes", {"stan": 422}, otherwise=302, method="post"),
    Act("billing_desk:end_promotion_code", STAFF_GO_ON, otherwise=302, method="post", kwargs=a_code),
    Act("billing_desk:products", STAFF_SEE, otherwise=302),
    Act("billing_desk:product", STAFF_SEE, otherwise=302, kwargs=of_product_row, note="look"),
    Act("billing_desk:product", {"stan": 422}, otherwise=302, method="post", kwargs=of_product_row),
    Act("billing_desk:report", STAFF_SEE, otherwise=302),
    Act("billing_desk:report_xlsx", STAFF_SEE, otherwise=302, kwargs=lambda request: {"month": "2026-11"}),
    Act("billing_desk:sums", STAFF_SEE, otherwise=302),
    Act("billing_desk:grants", STAFF_SEE, otherwise=302),
    Act("billing_desk:take_back", STAFF_SEE, otherwise=302, kwargs=of_grant, note="look"),
    Act("billing_desk:take_back", {"stan": 422}, otherwise=302, method="post", kwargs=of_grant),
    Act("billing_desk:grant", STAFF_SEE, otherwise=302, note="look"),
    Act("billing_desk:grant", {"stan": 422}, otherwise=302, method="post"),
    Act("billing_desk:refund", {"stan": 422}, otherwise=302, method="post", kwargs=at_desk),
    Act("billing_desk:bank_refund", {"stan": 422}, otherwise=302, method="post", kwargs=at_desk),
    Act("billing_desk:came_back", STAFF_SEE, otherwise=302, kwargs=of_bank_refund, note="look"),
    Act("billing_desk:came_back", {"stan": 422}, otherwise=302, method="post", kwargs=of_bank_refund),
    Act("billing_desk:open", {"stan": 422}, otherwise=302, method="post", kwargs=at_desk),
    Act("billing_desk:mark_paid", {"stan": 422}, otherwise=302, method="post", kwargs=at_desk_by_invoice),
    Act("billing_desk:meanwhile", {"stan": 422}, otherwise=302, method="post", kwargs=at_desk_by_invoice),
    Act("billing_desk:void", {"stan": 422}, otherwise=302, method="post", kwargs=at_desk_by_invoice),
    Act("billing_desk:reconcile", STAFF_GO_ON, otherwise=302, method="post", kwargs=at_desk),
]
