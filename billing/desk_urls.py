"""The order desk, below Wagtail's admin."""

from django.urls import path

from billing.views import desk

app_name = "billing_desk"
urlpatterns = [
    path("", desk.orders, name="orders"),
    path("grant/", desk.grant, name="grant"),
    path("<int:pk>/", desk.order, name="order"),
    path("<int:pk>/reconcile/", desk.reconcile, name="reconcile"),
    path("<int:pk>/refund/", desk.refund, name="refund"),
    path("<int:pk>/open/", desk.open_order, name="open"),
]
