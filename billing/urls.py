"""Renting: choosing, paying, coming back, and what a setting rents."""

from django.urls import path

from billing.views import orders, reminders, rent, webhook

app_name = "billing"
urlpatterns = [
    path("terms/", rent.terms, name="terms"),
    path("billing/rent/<slug:product_slug>/", rent.rent, name="rent"),
    path("billing/orders/<uuid:public_id>/pay/", rent.pay, name="pay"),
    path("billing/orders/<uuid:public_id>/call-off/", rent.call_off, name="call_off"),
    path("billing/return/<uuid:public_id>/", rent.return_from_payment, name="return"),
    path("billing/ready/<uuid:public_id>/", rent.ready, name="ready"),
    path("billing/cancelled/<uuid:public_id>/", rent.cancelled, name="cancelled"),
    path("billing/stripe/webhook/", webhook.stripe_webhook, name="stripe_webhook"),
    path("billing/reminders/stop/<str:token>/", reminders.stop_reminders, name="stop_reminders"),
    path("at/<slug:slug>/rentals/", orders.rentals, name="rentals"),
    path("at/<slug:slug>/rentals/reminders/", reminders.reminders, name="reminders"),
    path("at/<slug:slug>/rentals/<uuid:public_id>/", orders.order, name="order"),
    path(
        "at/<slug:slug>/rentals/<uuid:public_id>/documents/<slug:number>.pdf",
        orders.document,
        name="document",
    ),
]
