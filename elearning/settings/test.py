"""Settings for the tests: as production where it matters, fast where it does not."""

import os

from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import BASE_DIR, DATABASES, STORAGES

SECRET_KEY = "tests-only-" + "not-a-secret-" * 4
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrf"
CSRF_COOKIE_SECURE = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
STRIPE_SECRET_KEY = ""
BILLING_DEMO = True
MFA_REQUIRED_FOR_STAFF = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    "bodies": {"BACKEND": "elearning.memory.UncopiedCache", "LOCATION": "bodies"},
}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
TEST_FILES_ROOT = BASE_DIR / "var" / "tests"
TEST_FILES_ROOT.mkdir(parents=True, exist_ok=True)

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads of the concurrency tests each need a connection of their own. One for each
    # process, so that two runs beside each other do not share it.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_FILES_ROOT / f"tests-{os.getpid()}.sqlite3")}
else:
    # Each thread of a test opens and closes its own connection; a pool would keep the test database busy.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
