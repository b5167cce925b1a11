"""Provider staff in Wagtail: one name, one address, groups. Passwords are each person's own business."""

from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from accounts.models import User


class StaffCreationForm(UserCreationForm):
    """A new colleague, who then asks for a sign-in code or chooses a password."""

    first_name = None
    last_name = None

    class Meta(UserCreationForm.Meta):
        fields = ("email", "display_name", "is_superuser", "groups")

    def save(self, commit: bool = True) -> User:
        """Save the new colleague without a password: nobody knows one but its owner."""
        self.instance.set_unusable_password()
        return super().save(commit)


class StaffEditForm(UserEditForm):
    """A colleague's name, address and groups."""

    first_name = None
    last_name = None

    class Meta(UserEditForm.Meta):
        fields = ("email", "display_name", "is_active", "is_superuser", "groups")


class StaffViewSet(UserViewSet):
    """Wagtail's pages about people, with our two forms."""

    def get_form_class(self, for_update: bool = False) -> type:
        """The form for a new or an old person."""
        return StaffEditForm if for_update else StaffCreationForm
