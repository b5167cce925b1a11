"""Wagtail's Editors and Moderators may add, change and see films; Moderators may delete them."""

from django.db import migrations

ALLOWED = {"Editors": ("add", "change", "view"), "Moderators": ("add", "change", "view", "delete")}


def allow(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    content_type, _ = ContentType.objects.get_or_create(app_label="video", model="clip")
    for name, actions in ALLOWED.items():
        group = Group.objects.filter(name=name).first()
        if group is None:
            continue
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=f"{action}_clip", defaults={"name": f"Can {action} film"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("video", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]
    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
