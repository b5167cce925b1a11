"""A session's number of people follows when an answer is deleted, held by the database.

Answers also go with the person who wrote them, whom another room deletes: no code of this one runs then.
Django rebuilds a table of SQLite when it alters it, and drops the trigger with the old one: a later migration
that alters practice_reflection must make it again (``RunPython(hold, release)``). A test notices.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAME = "practice_session_tally_without_deleted"
WHEN = "WHEN (OLD.status = 'sent' AND OLD.session_page_id IS NOT NULL)"
ROW = "care_setting_id = OLD.care_setting_id AND session_page_id = OLD.session_page_id"
RECOUNT = f"""UPDATE practice_sessiontally SET people = (
        SELECT COUNT(DISTINCT author_id) FROM practice_reflection WHERE {ROW} AND status = 'sent'
    ) WHERE {ROW};"""  # noqa: S608 - nothing in it comes from outside

POSTGRESQL = {
    # The row is locked first: each statement sees what was committed before it began, and so the count does.
    "hold": [
        f"""CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
                PERFORM 1 FROM practice_sessiontally WHERE {ROW} FOR UPDATE;
                {RECOUNT}
                RETURN NULL;
            END $$""",
        f"""CREATE TRIGGER {NAME} AFTER DELETE ON practice_reflection
            FOR EACH ROW {WHEN} EXECUTE FUNCTION {NAME}()""",
    ],
    "release": [f"DROP TRIGGER {NAME} ON practice_reflection", f"DROP FUNCTION {NAME}"],
}
SQLITE = {
    "hold": [f"CREATE TRIGGER {NAME} AFTER DELETE ON practice_reflection {WHEN} BEGIN {RECOUNT} END"],
    "release": [f"DROP TRIGGER IF EXISTS {NAME}"],
}
BY_VENDOR = {"postgresql": POSTGRESQL, "sqlite": SQLITE}


def hold(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have the database count again."""
    for statement in BY_VENDOR[schema_editor.connection.vendor]["hold"]:
        schema_editor.execute(statement)


def release(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let go of it."""
    for statement in BY_VENDOR[schema_editor.connection.vendor]["release"]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """What Django cannot declare."""

    dependencies = [("practice", "0003_count_people")]

    operations = [migrations.RunPython(hold, release)]
