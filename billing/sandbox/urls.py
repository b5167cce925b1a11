from django.urls import path

from billing.sandbox import views

app_name = "billing_sandbox"
urlpatterns = [
    path("billing/sandbox/pay/<slug:session_id>/", views.pay, name="pay"),
    path("billing/sandbox/invoice/<slug:invoice_id>/", views.invoice, name="invoice"),
]
