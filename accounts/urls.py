"""A person's own pages, beside allauth's."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("name/", views.change_name, name="change_name"),
    path("csrf/", views.csrf, name="csrf"),
    path("staff/", views.staff_mfa, name="staff_mfa"),
]
