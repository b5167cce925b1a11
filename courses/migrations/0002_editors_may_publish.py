"""Editors write, publish and order courses: Wagtail's own groups let only moderators publish."""

from django.db import migrations

CODENAMES = ["add_page", "change_page", "publish_page"]


def let_editors_publish(apps, schema_editor):
    """Give the Editors group the right to publish everywhere in the tree."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    Page = apps.get_model("wagtailcore", "Page")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")

    content_type, _ = ContentType.objects.get_or_create(app_label="wagtailcore", model="page")
    editors, _ = Group.objects.get_or_create(name="Editors")
    root = Page.objects.filter(depth=1).order_by("path").first()
    if root is None:
        return
    for codename in CODENAMES:
        permission, _ = Permission.objects.get_or_create(
            content_type=content_type,
            codename=codename,
            defaults={"name": f"Can {codename.partition('_')[0]} page"},
        )
        GroupPagePermission.objects.get_or_create(group=editors, page=root, permission=permission)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(let_editors_publish, migrations.RunPython.noop)]
