"""Addresses that exist in development only."""

from django.urls import URLPattern, path

from elearning.design import design

urlpatterns: list[URLPattern] = [
    path("design/", design, name="design"),
]
