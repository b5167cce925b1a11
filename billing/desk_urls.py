"""The order desk, below Wagtail's admin."""

from django.urls import path

from billing.sandbox import promotion_views
from billing.views import (
    desk,
    desk_bank_refunds,
    desk_grants,
    desk_invoices,
    desk_products,
    desk_report,
    desk_sums,
)

app_name = "billing_desk"
urlpatterns = [
    path("", desk.orders, name="orders"),
    path("products/", desk_products.products, name="products"),
    path("products/<int:pk>/", desk_products.product, name="product"),
    path("report/", desk_report.report, name="report"),
    path("report/<str:month>.xlsx", desk_report.report_xlsx, name="report_xlsx"),
    path("sums/", desk_sums.sums, name="sums"),
    path("grants/", desk_grants.grants, name="grants"),
    path("grants/<int:pk>/take-back/", desk_grants.take_back, name="take_back"),
    path("grant/", desk.grant, name="grant"),
    path("bank-refunds/<int:pk>/came-back/", desk_bank_refunds.came_back, name="came_back"),
    path("promotion-codes/", promotion_views.promotion_codes, name="promotion_codes"),
    path(
        "promotion-codes/<slug:promotion_id>/end/",
        promotion_views.end_promotion_code,
        name="end_promotion_code",
    ),
    path("<int:pk>/", desk.order, name="order"),
    path("<int:pk>/reconcile/", desk.reconcile, name="reconcile"),
    path("<int:pk>/refund/", desk.refund, name="refund"),
    path("<int:pk>/bank-refund/", desk.bank_refund, name="bank_refund"),
    path("<int:pk>/open/", desk.open_order, name="open"),
    path("<int:pk>/mark-paid/", desk_invoices.mark_paid, name="mark_paid"),
    path("<int:pk>/meanwhile/", desk_invoices.meanwhile, name="meanwhile"),
    path("<int:pk>/void/", desk_invoices.void, name="void"),
]
