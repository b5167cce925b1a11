"""A term that staff open until an invoice is paid.

SQLite rebuilds the table of terms for it and loses the triggers that keep terms from overlapping, so they are
let go before and made again afterwards.
"""

from importlib import import_module

from django.conf import settings
from django.db import migrations, models

overlaps = import_module("billing.migrations.0002_terms_never_overlap")


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0005_invoices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(overlaps.release, overlaps.hold),
        migrations.RemoveConstraint(
            model_name='term',
            name='billing_term_is_paid_or_granted',
        ),
        migrations.AddField(
            model_name='term',
            name='is_provisional',
            field=models.BooleanField(default=False, editable=False, help_text='Opened by staff until the invoice is paid; then it is the paid term, on the same days.'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('granted_by__isnull', True), ('is_provisional', False), ('order_line__isnull', False)), models.Q(('granted_by__isnull', False), ('is_provisional', False), ('order_line__isnull', True), models.Q(('grant_reason', ''), _negated=True)), models.Q(('granted_by__isnull', False), ('is_provisional', True), ('order_line__isnull', False), models.Q(('grant_reason', ''), _negated=True)), _connector='OR'), name='billing_term_is_paid_or_granted'),
        ),
        migrations.RunPython(overlaps.hold, overlaps.release),
    ]
