"""Settings for a public site. Everything that must be given is named here and checked at start."""

from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import read
from elearning.settings.databases import database_from_url

SECRET_KEY = read("str", "SECRET_KEY")
ALLOWED_HOSTS = read("list", "ALLOWED_HOSTS")
BASE_URL = WAGTAILADMIN_BASE_URL = read("str", "BASE_URL").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
# Asked for here, so that nobody's site begins on a file of SQLite because the variable was forgotten.
DATABASES = {"default": database_from_url(read("str", "DATABASE_URL"))}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read("str", "DEFAULT_FROM_EMAIL")
