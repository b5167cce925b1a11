"""Settings for one's own machine: no set-up, mail in a folder, readable logs."""

from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import LOGGING, VAR_DIR, read

VAR_DIR.mkdir(exist_ok=True)

# Off in `make demo`, so that who mistypes an address or meets a fault sees the site's own page.
DEBUG = read("bool", "DEBUG", True)
IS_DEVELOPMENT = True
SECRET_KEY = read("str", "SECRET_KEY", "") or "development-only-" + "not-a-secret-" * 4
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
INTERNAL_IPS = ["127.0.0.1"]

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrf"
CSRF_COOKIE_SECURE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# Without keys of Stripe's, payments are pretend.
BILLING_DEMO = read("bool", "BILLING_DEMO", not STRIPE_SECRET_KEY)
BILLING_SANDBOX_DAY_MINUTES = read("int", "BILLING_SANDBOX_DAY_MINUTES", 1)
MFA_REQUIRED_FOR_STAFF = read("bool", "MFA_REQUIRED_FOR_STAFF", False)

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

LOGGING["formatters"]["plain"] = {"format": "{levelname:.1s} {name}: {message}", "style": "{"}
LOGGING["handlers"]["console"]["formatter"] = "plain"
# Each job's start and end would push the sign-ins that `make demo` prints off the screen.
LOGGING["loggers"]["django_tasks"] = LOGGING["loggers"]["django_tasks_db"] = {"level": "WARNING"}
