from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"
    default = True


class StaffUsersConfig(WagtailUsersAppConfig):
    """Wagtail's pages about people, with the fields that our people have."""

    user_viewset = "accounts.wagtail_users.StaffViewSet"
    default = False
