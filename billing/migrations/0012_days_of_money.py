"""On which day money came and went, so that the months' reports do not change once a month is over."""

from django.db import migrations, models
from django.db.models import F


def fill_in(apps, schema_editor):
    """What is known of orders that were paid before."""
    Order = apps.get_model("billing", "Order")
    Order.objects.filter(fulfilled_at__isnull=False).update(paid_at=F("fulfilled_at"))
    Order.objects.filter(paid_at__isnull=True, paid_minor__gt=0).update(paid_at=F("reconciled_at"))


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_products_and_grants")]

    operations = [
        migrations.AddField(
            model_name="dispute",
            name="withdrawn_at",
            field=models.DateTimeField(help_text="When the bank took the money.", null=True),
        ),
        migrations.AddField(
            model_name="dispute",
            name="reinstated_at",
            field=models.DateTimeField(help_text="When the bank gave it back.", null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="paid_at",
            field=models.DateTimeField(
                editable=False, help_text="When we first learned that its money is certain.", null=True
            ),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
