"""The site's addresses, and the limit page beside them."""

from django.urls import include, path

from benchmarks.limit.views import limit

urlpatterns = [path("limit/", limit), path("", include("elearning.urls"))]

handler404 = "elearning.errors.page_not_found"
handler500 = "elearning.errors.server_error"
