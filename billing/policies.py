"""Who may rent and see what a setting bought."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from billing.models import PayerPerson
    from teams.models import Membership


def may_rent_for(membership: "Membership | None") -> bool:
    """Owners and managers rent for their setting (R8)."""
    return membership is not None and membership.is_standing and membership.manages


def may_see_orders(membership: "Membership | None") -> bool:
    """Owners and managers see rentals, orders and receipts."""
    return may_rent_for(membership)


def may_remove_payer_person(user: "User", person: "PayerPerson") -> bool:
    """Colleagues who were added by their address can be taken off, but nobody takes off themselves."""
    return person.user_id is None and person.email.lower() != user.email.lower()


def may_run_order_desk(user: "User | AnonymousUser") -> bool:
    """The provider's staff who were given it: never a setting's people, and no editor as such."""
    return bool(
        user.is_active
        and user.has_perm("wagtailadmin.access_admin")
        and user.has_perm("billing.run_order_desk")
    )
