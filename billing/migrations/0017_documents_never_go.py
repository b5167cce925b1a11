"""An issued paper is never thrown away on SQLite either, held by the database, as on PostgreSQL since 0010.

Emptying every table (``manage.py flush``) is a TRUNCATE on PostgreSQL, which asks no row, but a DELETE on
SQLite, so there it is refused once there is a paper: whoever wants to begin anew throws the file away. Tests
that commit let go of the trigger while they empty the tables (``tests/conftest.py``).

As in 0010: a later migration that alters billing_document must make this trigger again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAME = "billing_document_never_goes"
HOLD = f"""CREATE TRIGGER {NAME} BEFORE DELETE ON billing_document
    BEGIN SELECT RAISE(ABORT, 'billing_document_never_changes'); END"""
RELEASE = f"DROP TRIGGER IF EXISTS {NAME}"


def hold(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have SQLite refuse to delete a paper."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(HOLD)


def release(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let go of it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(RELEASE)


class Migration(migrations.Migration):
    """A constraint that Django cannot declare."""

    dependencies = [("billing", "0016_bank_refunds_come_back")]

    operations = [migrations.RunPython(hold, release)]
