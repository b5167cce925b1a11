"""The order desk, below Wagtail's admin."""

from django.urls import path

from billing.sandbox import promotion_views
from billing.views import desk

app_name = "billing_desk"
urlpatterns = [
    path("", desk.orders, name="orders"),
    path("grant/", desk.grant, name="grant"),
    path("promotion-codes/", promotion_views.promotion_codes, name="promotion_codes"),
    path(
        "promotion-codes/<slug:promotion_id>/end/",
        promotion_views.end_promotion_code,
        name="end_promotion_code",
    ),
    path("<int:pk>/", desk.order, name="order"),
    path("<int:pk>/reconcile/", desk.reconcile, name="reconcile"),
    path("<int:pk>/refund/", desk.refund, name="refund"),
    path("<int:pk>/open/", desk.open_order, name="open"),
]
