"""Renting: choosing, paying, coming back, and what a setting rents."""

from django.urls import path

from billing.views import claims, group_invoices, groups, invoices, orders, payers, reminders, rent, webhook

app_name = "billing"
urlpatterns = [
    path("terms/", rent.terms, name="terms"),
    path("billing/rent/<slug:product_slug>/", rent.rent, name="rent"),
    path("billing/rent/<slug:product_slug>/invoice/", invoices.rent_by_invoice, name="rent_by_invoice"),
    path("billing/orders/<uuid:public_id>/pay/", rent.pay, name="pay"),
    path("billing/orders/<uuid:public_id>/call-off/", rent.call_off, name="call_off"),
    path("billing/invoices/<uuid:public_id>/", invoices.invoice, name="invoice"),
    path("billing/invoices/<uuid:public_id>/<slug:key>.pdf", invoices.paper, name="invoice_paper"),
    path("billing/return/<uuid:public_id>/", rent.return_from_payment, name="return"),
    path("billing/ready/<uuid:public_id>/", rent.ready, name="ready"),
    path("billing/cancelled/<uuid:public_id>/", rent.cancelled, name="cancelled"),
    path("billing/stripe/webhook/", webhook.stripe_webhook, name="stripe_webhook"),
    path("billing/reminders/stop/<str:token>/", reminders.stop_reminders, name="stop_reminders"),
    path(
        "billing/reminders/payers/stop/<str:token>/",
        reminders.stop_payer_reminders,
        name="stop_payer_reminders",
    ),
    path("billing/payers/<uuid:payer_id>/reminders/", reminders.payer_reminders, name="payer_reminders"),
    path("billing/rent/<slug:product_slug>/several/", groups.rent_for_several, name="rent_for_several"),
    path("billing/settings.csv", groups.list_template, name="list_template"),
    path("billing/payers/", payers.payers, name="payers"),
    path("billing/payers/<uuid:payer_id>/", payers.payer, name="payer"),
    path("billing/payers/<uuid:payer_id>/details/", payers.payer_details, name="payer_details"),
    path("billing/payers/<uuid:payer_id>/people/", payers.payer_people, name="payer_people"),
    path(
        "billing/payers/<uuid:payer_id>/people/<int:person_id>/remove/",
        payers.remove_payer_person,
        name="remove_payer_person",
    ),
    path("billing/payers/<uuid:payer_id>/orders/<uuid:public_id>/", payers.payer_order, name="payer_order"),
    path(
        "billing/payers/<uuid:payer_id>/orders/<uuid:public_id>/documents/<slug:number>.pdf",
        payers.payer_document,
        name="payer_document",
    ),
    path(
        "billing/payers/<uuid:payer_id>/settings/<int:setting_id>/", payers.claim_letter, name="claim_letter"
    ),
    path(
        "billing/payers/<uuid:payer_id>/rent/<slug:product_slug>/", groups.settings_list, name="settings_list"
    ),
    path(
        "billing/payers/<uuid:payer_id>/rent/<slug:product_slug>/check/", groups.check_list, name="check_list"
    ),
    path(
        "billing/payers/<uuid:payer_id>/rent/<slug:product_slug>/invoice/",
        group_invoices.group_invoice,
        name="group_invoice",
    ),
    path("claims/<slug:token>/", claims.open_claim, name="open_claim"),
    path("claim/", claims.claim, name="claim"),
    path("claim/use/", claims.use_claim, name="use_claim"),
    path("claim/fresh/", claims.fresh_claim, name="fresh_claim"),
    path("at/<slug:slug>/rentals/", orders.rentals, name="rentals"),
    path("at/<slug:slug>/rentals/reminders/", reminders.reminders, name="reminders"),
    path("at/<slug:slug>/rentals/<uuid:public_id>/", orders.order, name="order"),
    path(
        "at/<slug:slug>/rentals/<uuid:public_id>/documents/<slug:number>.pdf",
        orders.document,
        name="document",
    ),
]
