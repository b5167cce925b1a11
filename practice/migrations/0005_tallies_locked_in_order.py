"""On PostgreSQL, two people who are erased at once no longer wait for each other's tallies in a circle.

The trigger of 0004 locked a tally with each answer that went, in the order of the answers, which nobody
decides. This one runs once for each statement. Before it counts, it locks every tally that the authors of
what went have a finished answer in, by id: Django deletes many answers in several statements, and the later
ones thus wait for nothing more. SQLite lets one write at a time, so its trigger stays.
"""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

row_by_row = import_module("practice.migrations.0004_count_without_what_is_deleted")

NAME = row_by_row.NAME
SESSIONS = "SELECT care_setting_id, session_page_id FROM"
# Two statements: the second one sees what was committed before it had its locks, and so the count does.
HOLD = [
    f"""CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            PERFORM 1 FROM practice_sessiontally WHERE (care_setting_id, session_page_id) IN (
                {SESSIONS} gone WHERE status = 'sent'
                UNION
                {SESSIONS} practice_reflection
                WHERE status = 'sent' AND author_id IN (SELECT author_id FROM gone WHERE status = 'sent')
            ) ORDER BY id FOR UPDATE;
            UPDATE practice_sessiontally AS tally SET people = (
                SELECT COUNT(DISTINCT author_id) FROM practice_reflection AS answer
                WHERE answer.care_setting_id = tally.care_setting_id
                AND answer.session_page_id = tally.session_page_id AND answer.status = 'sent'
            ) WHERE (care_setting_id, session_page_id) IN ({SESSIONS} gone WHERE status = 'sent');
            RETURN NULL;
        END $$""",  # noqa: S608 - nothing in it comes from outside
    f"""CREATE TRIGGER {NAME} AFTER DELETE ON practice_reflection
        REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION {NAME}()""",
]


def hold(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have PostgreSQL count once for each statement, with its locks in one order."""
    if schema_editor.connection.vendor == "postgresql":
        row_by_row.release(apps, schema_editor)
        for statement in HOLD:
            schema_editor.execute(statement)


def release(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have it count with each answer again."""
    if schema_editor.connection.vendor == "postgresql":
        row_by_row.release(apps, schema_editor)
        row_by_row.hold(apps, schema_editor)


class Migration(migrations.Migration):
    """What Django cannot declare."""

    dependencies = [("practice", "0004_count_without_what_is_deleted")]

    operations = [migrations.RunPython(hold, release)]
