"""Changes to a person's own account that allauth does not make."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import audit
from accounts.models import User


@transaction.atomic
def change_name(*, person: User, display_name: str) -> None:
    """Give the person the name that colleagues see from now on, also beside what they shared before."""
    person.display_name = display_name
    person.save(update_fields=["display_name"])
    audit.record("person.name_changed", actor=person, person=person)


def has_verified_address(person: User, email: str) -> bool:
    """Whether the person has shown that this address is theirs, whatever its capitals."""
    addresses = EmailAddress.objects.filter(user_id=person.pk, verified=True)
    return addresses.filter(email__iexact=email).exists()
