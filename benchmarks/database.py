"""A database of its own for each benchmark, and Django's commands against it."""

import os
import subprocess  # nosec B404
import sys
from pathlib import Path

import psycopg
from psycopg import sql

POSTGRES_URL = os.environ.get("POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
SQLITE_FOLDER = Path("var/bench")


def fresh_database(name: str) -> str:
    """Make an empty database with migrations, PostgreSQL where it answers, and return its address."""
    database_url = _make(name)
    manage(database_url, "migrate", "--verbosity", "0")
    manage(database_url, "createcachetable")
    return database_url


def _make(name: str) -> str:
    try:
        connection = psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        print("PostgreSQL did not answer: these figures are SQLite's.")
        SQLITE_FOLDER.mkdir(parents=True, exist_ok=True)
        for path in SQLITE_FOLDER.glob(f"{name}.sqlite3*"):
            path.unlink()
        return f"sqlite:///{(SQLITE_FOLDER / name).resolve()}.sqlite3"
    with connection:
        place = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(place))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(place))
    return POSTGRES_URL.rpartition("/")[0] + "/" + name


def manage(database_url: str, *arguments: str) -> str:
    """Run a Django command against a benchmark's database and return what it printed."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    command = [sys.executable, "-m", "django", *arguments]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def run(database_url: str, module: str, call: str) -> str:
    """Call a function of a module of this folder inside Django; return what it printed."""
    return manage(
        database_url, "shell", "--verbosity", "0", "-c", f"from benchmarks import {module}; {module}.{call}"
    )


def note_statistics(database_url: str) -> None:
    """Have PostgreSQL look at the rows, as it does by itself within a minute of a site's life."""
    if database_url.startswith("postgres"):
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
