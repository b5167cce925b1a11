"""Production settings, served in plain HTTP to this machine only."""

from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import BASE_DIR, LOGGING, MIDDLEWARE, STORAGES, TEMPLATES, VAR_DIR

SECRET_KEY = "benchmarks-only-" + "not-a-secret-" * 4
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.statements.CountStatementsMiddleware", *MIDDLEWARE]
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "benchmarks" / "limit" / "templates"]
TEST_FILES_ROOT = VAR_DIR / "bench"
CLIPS_ROOT = TEST_FILES_ROOT / "clips"
PAPERS_ROOT = TEST_FILES_ROOT / "papers"

BILLING_DEMO = True
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_NAME = "csrf"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING["root"]["level"] = "ERROR"
