"""Count how many people finished each session, for the rows that were there before the tallies."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Count


def count(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """One row for each setting and session with a finished answer."""
    finished = apps.get_model("practice", "Reflection").objects.filter(
        status="sent", session_page__isnull=False
    )
    numbers = (
        finished.order_by()
        .values_list("care_setting_id", "session_page_id")
        .annotate(people=Count("author", distinct=True))
    )
    tally = apps.get_model("practice", "SessionTally")
    tally.objects.bulk_create(
        [
            tally(care_setting_id=care_setting_id, session_page_id=session_page_id, people=people)
            for care_setting_id, session_page_id, people in numbers
        ],
        batch_size=1000,
    )


class Migration(migrations.Migration):
    """Nothing to undo: the table goes with the migration before."""

    dependencies = [("practice", "0002_session_tallies")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
