"""Give every order a number that people can read out, those that are there already too."""

from django.db import migrations, models

from billing.order_numbers import WRITTEN_LENGTH, new_order_number


def number_orders(apps, schema_editor):
    """Old orders get a number at random each, another one where an order has it already."""
    Order = apps.get_model("billing", "Order")
    taken = set()
    for order in Order.objects.filter(number=None).only("pk").order_by("pk").iterator():
        number = new_order_number()
        while number in taken:
            number = new_order_number()
        taken.add(number)
        Order.objects.filter(pk=order.pk).update(number=number)


class Migration(migrations.Migration):
    dependencies = [("billing", "0017_documents_never_go")]

    operations = [
        migrations.AddField("order", "number", models.CharField(max_length=WRITTEN_LENGTH, null=True)),
        migrations.RunPython(number_orders, migrations.RunPython.noop),
        migrations.AlterField(
            "order",
            "number",
            models.CharField(
                default=new_order_number, editable=False, max_length=WRITTEN_LENGTH, unique=True
            ),
        ),
    ]
