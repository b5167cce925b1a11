from django.urls import URLPattern

app_name = "facilitator_guides"
urlpatterns: list[URLPattern] = []
