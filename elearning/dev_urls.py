"""Addresses that exist in development only."""

from django.urls import URLPattern, path

from elearning.design import design
from elearning.dev_mail import dev_mail

urlpatterns: list[URLPattern] = [
    path("design/", design, name="design"),
    path("dev/mail/", dev_mail, name="dev_mail"),
]
