"""A group for the provider's staff who look after orders; whoever is in it gets into Wagtail's admin."""

from django.db import migrations

GROUP = "Order desk"


def allow(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    group, _ = Group.objects.get_or_create(name=GROUP)
    for app_label, model, codename, name in (
        ("billing", "order", "run_order_desk", "Can find orders, give money back and grant rentals"),
        ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
    ):
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        permission, _ = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_refunds_and_disputes"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]
    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
