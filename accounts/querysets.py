"""How people are found and made."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from accounts.models import User


class UserQuerySet(models.QuerySet["User"]):
    """Finding people."""

    def with_email(self, email: str) -> Self:
        """People with this address, whatever its capitals."""
        return self.filter(email__iexact=email.strip())

    def staff(self) -> Self:
        """People whom the provider has given something to do: groups, or everything."""
        return self.filter(
            Q(is_staff=True) | Q(is_superuser=True) | Exists(Group.objects.filter(user=OuterRef("pk")))
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finding and making people."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a person; the address is kept in lower case. Raises ValueError without an address."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a person who may do everything in Wagtail."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, email: str | None) -> "User":
        """Find the person who signs in with ``email``, whatever its capitals."""
        return self.get(email__iexact=email)
