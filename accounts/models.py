"""Who a person is."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.querysets import UserManager


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address; there are no user names."""

    email = models.EmailField("e-mail address", unique=True)
    display_name = models.CharField(
        "your name", max_length=80, help_text="As your colleagues know you. Shown beside what you share."
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("provider staff", default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.email

    def get_full_name(self) -> str:
        """Return the display name: Wagtail and allauth ask for it by this name."""
        return self.display_name

    def get_short_name(self) -> str:
        """Return the first word of the display name."""
        return self.display_name.split(" ")[0] if self.display_name else self.email

    @property
    def first_name(self) -> str:
        """The first word of the display name, which Wagtail's greetings use."""
        return self.get_short_name()

    @property
    def last_name(self) -> str:
        """The rest of the display name, which Wagtail's lists use."""
        return self.display_name.partition(" ")[2]
