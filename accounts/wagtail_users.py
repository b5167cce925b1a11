"""Provider staff in Wagtail: one name, one address, groups. Passwords are each person's own business."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import DeleteView, EditView, IndexView, UserViewSet

from accounts.models import User
from accounts.querysets import UserQuerySet


class StaffCreationForm(UserCreationForm):
    """A new colleague, who then asks for a sign-in code or chooses a password."""

    first_name = None
    last_name = None

    class Meta(UserCreationForm.Meta):
        fields = ("email", "display_name", "is_superuser", "groups")

    def save(self, commit: bool = True) -> User:
        """Save the new colleague without a password: nobody knows one but its owner."""
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class StaffEditForm(UserEditForm):
    """A colleague's name, address and groups."""

    first_name = None
    last_name = None

    class Meta(UserEditForm.Meta):
        fields = ("email", "display_name", "is_active", "is_superuser", "groups")


class StaffIndexView(IndexView):
    """Colleagues only: who works in which setting is no business of Wagtail's."""

    def get_base_queryset(self) -> UserQuerySet:
        """People whom the provider has given something to do."""
        return super().get_base_queryset().staff()

    def order_queryset(self, queryset: UserQuerySet) -> UserQuerySet:
        """By the one name that people have."""
        if self.ordering in ("name", "-name"):
            return queryset.order_by(self.ordering.replace("name", "display_name"))
        return super().order_queryset(queryset)


class StaffEditView(EditView):
    """A colleague's page; a person of a setting has none here."""

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """Refuse with Http404 whoever is no colleague."""
        super().setup(request, *args, **kwargs)
        if not User.objects.staff().filter(pk=self.object.pk).exists():
            raise Http404("No such colleague.")


class StaffDeleteView(DeleteView):
    """Nobody is deleted from here: their reflections, plans and orders would go or lose their names."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Say what to do instead."""
        raise PermissionDenied("People are not deleted here. Take away their groups, or make them inactive.")


class StaffViewSet(UserViewSet):
    """Wagtail's pages about people, with our two forms, for colleagues only."""

    index_view_class = StaffIndexView
    edit_view_class = StaffEditView
    delete_view_class = StaffDeleteView

    def get_form_class(self, for_update: bool = False) -> type:
        """The form for a new or an old person."""
        return StaffEditForm if for_update else StaffCreationForm
