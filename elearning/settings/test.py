"""Settings for the tests: as production where it matters, fast where it does not."""

from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import BASE_DIR, STORAGES

SECRET_KEY = "tests-only-" + "not-a-secret-" * 4
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrf"
CSRF_COOKIE_SECURE = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    "bodies": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "bodies"},
}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
TEST_FILES_ROOT = BASE_DIR / "var" / "tests"
