"""From DATABASE_URL to Django's settings: SQLite with no set-up, PostgreSQL in production."""

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

# Without these four, concurrent webhooks were refused with "database is locked":
# a writer takes its lock at BEGIN, readers never wait for it, and others wait up to 20 seconds.
SQLITE_PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": "on"}
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": ";".join(f"PRAGMA {name}={value}" for name, value in SQLITE_PRAGMAS.items()),
}
# A pool of connections for the threads of one process; never together with CONN_MAX_AGE.
# Statements that are kept (elearning/kept_sql.py) are prepared when they come for the second time, with one
# plan for all values: PostgreSQL would otherwise plan some each time, which costs more than the answer.
POSTGRESQL_OPTIONS = {
    "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
    "prepare_threshold": 1,
    "options": "-c plan_cache_mode=force_generic_plan",
}


def database_from_url(url: str) -> dict:
    """Return one entry of DATABASES for ``url``.

    Raises ImproperlyConfigured, without repeating the address, which holds a password.
    """
    try:
        settings = dict(dj_database_url.parse(url))
    except ValueError:
        raise ImproperlyConfigured(
            "The environment variable DATABASE_URL is not a database address."
        ) from None
    engine = settings["ENGINE"].rpartition(".")[2]
    if engine == "sqlite3":
        settings["OPTIONS"] = {**settings.get("OPTIONS", {}), **SQLITE_OPTIONS}
    elif engine == "postgresql":
        settings["OPTIONS"] = {**settings.get("OPTIONS", {}), **POSTGRESQL_OPTIONS}
    else:
        raise ImproperlyConfigured("The environment variable DATABASE_URL must name SQLite or PostgreSQL.")
    settings["CONN_MAX_AGE"] = 0
    return settings
