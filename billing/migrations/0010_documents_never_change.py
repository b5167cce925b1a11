"""An issued paper never changes, held by the database: no row of billing_document can be updated.

On PostgreSQL none can be deleted either; on SQLite 0017 sees to that.
Django rebuilds a table of SQLite when it alters it, and drops the trigger with the old one: a later migration
that alters billing_document must make it again (``RunPython(hold, release)``). A test notices.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAME = "billing_document_never_changes"

POSTGRESQL = {
    "hold": [
        f"""CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
                RAISE EXCEPTION '{NAME}' USING ERRCODE = 'integrity_constraint_violation';
            END $$""",
        f"""CREATE TRIGGER {NAME} BEFORE UPDATE OR DELETE ON billing_document
            FOR EACH ROW EXECUTE FUNCTION {NAME}()""",
    ],
    "release": [f"DROP TRIGGER {NAME} ON billing_document", f"DROP FUNCTION {NAME}"],
}
SQLITE = {
    "hold": [
        f"""CREATE TRIGGER {NAME} BEFORE UPDATE ON billing_document
            BEGIN SELECT RAISE(ABORT, '{NAME}'); END"""
    ],
    "release": [f"DROP TRIGGER IF EXISTS {NAME}"],
}
BY_VENDOR = {"postgresql": POSTGRESQL, "sqlite": SQLITE}


def hold(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have the database refuse a changed paper."""
    for statement in BY_VENDOR[schema_editor.connection.vendor]["hold"]:
        schema_editor.execute(statement)


def release(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let go of it."""
    for statement in BY_VENDOR[schema_editor.connection.vendor]["release"]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """A constraint that Django cannot declare."""

    dependencies = [("billing", "0009_documents")]

    operations = [migrations.RunPython(hold, release)]
