"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.production")

application = get_wsgi_application()

from elearning.checks import assert_database_ready  # noqa: E402 - needs the apps loaded

assert_database_ready()
