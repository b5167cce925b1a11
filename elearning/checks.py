"""Checks at start: what must hold before the first request."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from elearning.settings.databases import SQLITE_OPTIONS

# What SQLite answers to PRAGMA: names for journal_mode, numbers for the others.
SQLITE_ANSWERS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@register
def sqlite_is_safe(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a SQLite without the options that keep concurrent writers apart."""
    errors: list[CheckMessage] = []
    for alias, database in settings.DATABASES.items():
        if not database["ENGINE"].endswith("sqlite3"):
            continue
        for name, value in SQLITE_OPTIONS.items():
            if database.get("OPTIONS", {}).get(name) != value:
                errors.append(
                    Error(f"Database {alias}: the SQLite option {name} must be {value!r}.", id="house.E001")
                )
    return errors


def assert_database_ready() -> None:
    """Ask SQLite itself whether it took its settings. Raises ImproperlyConfigured when it did not."""
    for connection in connections.all():
        if connection.vendor != "sqlite" or ":memory:" in str(connection.settings_dict["NAME"]):
            continue
        with connection.cursor() as cursor:
            for name, expected in SQLITE_ANSWERS.items():
                cursor.execute(f"PRAGMA {name}")
                (found,) = cursor.fetchone()
                if found != expected:
                    raise ImproperlyConfigured(f"SQLite answers {name}={found} where {expected} is needed.")
        connection.close()
