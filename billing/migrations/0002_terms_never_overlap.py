"""Unrevoked terms of one rental never overlap, held by the database, each in its own way.

Django rebuilds a table of SQLite when it alters it, and drops the triggers with the old one: a later migration
that alters billing_term must make them again (``RunPython(hold, release)``). The overlap tests run after all
migrations and notice.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAME = "billing_term_no_overlap"

POSTGRESQL = {
    "hold": [
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        f"""ALTER TABLE billing_term ADD CONSTRAINT {NAME}
            EXCLUDE USING gist (rental_id WITH =, daterange(starts_on, ends_on, '[)') WITH &&)
            WHERE (revoked_at IS NULL)""",
    ],
    "release": [f"ALTER TABLE billing_term DROP CONSTRAINT {NAME}"],
}


def trigger(event: str) -> str:
    """The SQL of one trigger of SQLite; ``event`` is INSERT or UPDATE."""
    return f"""CREATE TRIGGER {NAME}_{event.lower()} BEFORE {event} ON billing_term
        WHEN NEW.revoked_at IS NULL AND EXISTS (
            SELECT 1 FROM billing_term other
            WHERE other.rental_id = NEW.rental_id AND other.revoked_at IS NULL
              AND other.id IS NOT NEW.id
              AND other.starts_on < NEW.ends_on AND NEW.starts_on < other.ends_on)
        BEGIN SELECT RAISE(ABORT, '{NAME}'); END"""


SQLITE = {
    "hold": [trigger("INSERT"), trigger("UPDATE")],
    "release": [f"DROP TRIGGER IF EXISTS {NAME}_insert", f"DROP TRIGGER IF EXISTS {NAME}_update"],
}
BY_VENDOR = {"postgresql": POSTGRESQL, "sqlite": SQLITE}


def hold(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have the database refuse overlapping terms."""
    for statement in BY_VENDOR[schema_editor.connection.vendor]["hold"]:
        schema_editor.execute(statement)


def release(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let go of it."""
    for statement in BY_VENDOR[schema_editor.connection.vendor]["release"]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """A constraint that neither Django nor SQLite can declare."""

    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunPython(hold, release)]
