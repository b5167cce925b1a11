"""What is sold and for how much, changed by staff with a reason; each change is kept for good."""

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction

from billing.models import OrderLine, Product, ProductChange

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("billing")


class CannotChangeProductError(Exception):
    """A change of a product is refused; the text is fit to show to staff."""


def was_ordered(product: Product) -> bool:
    """Whether anybody has ever begun an order for it: then its address stays."""
    return OrderLine.objects.of_product(product).exists()


@transaction.atomic
def change_product(
    *, product: Product, values: dict[str, Any], seen: int, reason: str, actor: "User", now: dt.datetime
) -> list[ProductChange]:
    """Give a product new ``values`` and keep who changed what from what to what; return the changes.

    ``values`` are fields of ``ProductChange.Field``, money in minor units. ``seen`` is how many changes there
    were when the form was drawn, so that nobody undoes a colleague's change without having read it. Orders
    keep the price that they were begun with. Raises CannotChangeProductError with words for staff.
    """
    locked = Product.objects.select_for_update().get(pk=product.pk)
    if ProductChange.objects.of_product(locked).count() != seen:
        raise CannotChangeProductError("Somebody else has changed this product meanwhile. Please look again.")
    fields = [field for field in ProductChange.Field.values if field in values]
    changed = [field for field in fields if getattr(locked, field) != values[field]]
    if not changed:
        raise CannotChangeProductError("Nothing was changed, so there is nothing to keep.")
    if "slug" in changed:
        refuse_new_address(locked, values["slug"])
    changes = [
        ProductChange(
            product=locked,
            field=field,
            before=str(getattr(locked, field)),
            after=str(values[field]),
            currency=locked.currency,
            reason=reason,
            changed_by=actor,
            changed_at=now,
        )
        for field in changed
    ]
    for field in changed:
        setattr(locked, field, values[field])
    locked.save(update_fields=changed)
    ProductChange.objects.bulk_create(changes)
    log.info("product changed", extra={"product": locked.pk, "by": actor.pk, "fields": changed})
    return changes


def refuse_new_address(product: Product, slug: str) -> None:
    """Raises CannotChangeProductError for an address that must stay, or that another product has."""
    if was_ordered(product):
        raise CannotChangeProductError("It was ordered already, so its address stays as it is.")
    if Product.objects.with_address(slug).exists():
        raise CannotChangeProductError("Another product has this address.")
