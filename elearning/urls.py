"""Every address of the site. What is not listed here is a Wagtail page."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views import admin_login
from elearning import statements
from elearning.health import healthz

favicon = login_not_required(RedirectView.as_view(url=f"{settings.STATIC_URL}dist/favicon.svg"))

# Public pages are Wagtail's; lesson pages below them ask their own gate (courses/gate.py).
login_not_required(wagtail_views.serve)

urlpatterns = [
    path("", include("courses.urls")),  # first, because opened most
    path("healthz", healthz, name="healthz"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("favicon.ico", favicon, name="favicon"),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("admin/login/", admin_login),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("teams.urls")),
    path("", include("billing.urls")),
    path("", include("billing.sandbox.urls")),
    path("", include("video.urls")),
    path("", include("facilitator_guides.urls")),
    path("", include("practice.urls")),
]

if settings.IS_DEVELOPMENT:
    urlpatterns += [path("", include("elearning.dev_urls"))]

urlpatterns += [path("", include(wagtail_urls))]

handler400 = "elearning.errors.bad_request"
handler403 = "elearning.errors.permission_denied"
handler404 = "elearning.errors.page_not_found"
handler429 = "elearning.errors.too_many_requests"
handler500 = "elearning.errors.server_error"
