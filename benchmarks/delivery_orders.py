"""What ``make bench-deliveries`` needs inside Django: orders before, and the truth about them afterwards."""

import copy
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models.base import ModelState
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from billing.mode import webhook_secrets
from billing.models import Order, OrderLine, Product, StripeEvent, Term
from billing.order_numbers import new_order_number
from billing.sandbox.faults import held_deliveries
from billing.sandbox.models import SandboxEvent, SandboxObject
from billing.sandbox.payer import pay_by_bacs, settle
from billing.sandbox.shapes import make_id
from billing.services import begin_checkout, find_live_order
from billing.terms import TERMS_VERSION
from teams.models import CareSetting
from tests import factories as make
from tests.billing.books import Books
from tests.billing.invariants import INVARIANTS

UNPAID_SHARE = 10  # one order of so many is never paid, though somebody rings about it


SANDBOX_ID = re.compile(r"\b[a-z_]+_sbx[0-9a-f]{24}\b")


def fill(orders: int) -> None:
    """Open ``orders`` checkouts and have most of them paid; print what Stripe would ring about, as JSON.

    One order of each kind is made by the services and by the sandbox's payer; the others are copies of its
    rows with ids of their own.
    """
    buyer, product = make.make_user("Bench Manager"), make.make_product("Bench")
    unpaid = orders // UNPAID_SHARE
    made = {
        "paid": copies(begin(buyer, product, is_paid=True), count=orders - unpaid),
        "unpaid": [session_id for session_id, _ in copies(begin(buyer, product), count=unpaid)],
        "secret": webhook_secrets()[0],
    }
    print(json.dumps(made))


def begin(buyer: User, product: Product, *, is_paid: bool = False) -> Order:
    """An order whose checkout is open here; at Stripe it is paid by Direct Debit where that is wanted."""
    place = make.make_care_setting()
    begin_checkout(
        product=product, care_setting=place, buyer=buyer, terms_version=TERMS_VERSION, now=timezone.now()
    )
    order = find_live_order(product=product, care_setting=place)
    if is_paid:
        with held_deliveries():
            pay_by_bacs(order.stripe_checkout_session_id)
            settle(order.stripe_checkout_session_id)
    return order


def copies(order: Order, *, count: int) -> list[tuple[str, list[dict]]]:
    """The order itself and its copies, ``count`` in all: (checkout, the events that ring about it)."""
    line = order.lines.get()
    things, events = at_stripe(order)
    found = [(order.stripe_checkout_session_id, [event.body for event in events])]
    new: dict[str, list] = {"orders": [], "lines": [], "things": [], "events": []}
    places = CareSetting.objects.bulk_create(
        CareSetting(name=f"Copy {order.pk}-{number}", slug=f"copy-{order.pk}-{number}")
        for number in range(1, count)
    )
    for place in places:
        renamed = Renamed({str(order.public_id): str(uuid.uuid4())})
        own = copy.copy(order)
        own.pk, own._state, own.care_setting = None, ModelState(), place
        own.public_id, own.number = uuid.UUID(renamed.ids[str(order.public_id)]), new_order_number()
        own.stripe_checkout_session_id = renamed(order.stripe_checkout_session_id)
        own_line = copy.copy(line)
        own_line.pk, own_line._state, own_line.order, own_line.care_setting = None, ModelState(), own, place
        own_events = [renamed.copy(event) for event in events]
        new["orders"].append(own)
        new["lines"].append(own_line)
        new["things"] += [renamed.copy(thing) for thing in things]
        new["events"] += own_events
        found.append((own.stripe_checkout_session_id, [event.body for event in own_events]))
    Order.objects.bulk_create(new["orders"])
    OrderLine.objects.bulk_create(new["lines"])
    SandboxObject.objects.bulk_create(new["things"])
    SandboxEvent.objects.bulk_create(new["events"])
    return found


class Renamed:
    """Gives every id of the sandbox a new one, always the same for the same."""

    def __init__(self, ids: dict[str, str]) -> None:
        self.ids = ids

    def __call__(self, text: str) -> str:
        """The text with its ids renamed."""
        for old in set(SANDBOX_ID.findall(text)) - set(self.ids):
            self.ids[old] = make_id(old.partition("_sbx")[0])
        for old, new in self.ids.items():
            text = text.replace(old, new)
        return text

    def copy(self, row: Any) -> Any:
        """A row of the sandbox's with its ids renamed."""
        own = copy.copy(row)
        own._state = ModelState()
        own.pk, own.body = self(row.pk), json.loads(self(json.dumps(row.body)))
        return own


def at_stripe(order: Order) -> tuple[list[SandboxObject], list[SandboxEvent]]:
    """What the sandbox holds about an order: checkout and payment; and what it rings about, oldest first."""
    names = {order.stripe_checkout_session_id, str(order.public_id)}
    things = [one for one in SandboxObject.objects.all() if names & set(flat(one.body))]
    events = [one for one in SandboxEvent.objects.order_by("created_at") if names & set(flat(one.body))]
    return things, events


def flat(value: Any) -> Iterator[str]:
    """Every text in nested JSON."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from flat(inner)
    elif isinstance(value, str):
        yield value


def tell(told: list[str], forged: list[str]) -> None:
    """Print the truth, as JSON: ``told`` are the checkouts of paid orders whose rings came."""
    orders = {order.stripe_checkout_session_id: order for order in Order.objects.all()}
    lines = dict(Order.objects.values_list("lines__pk", "pk"))
    terms = Counter(lines[term.order_line_id] for term in Term.objects.unrevoked())
    jobs = DBTaskResult.objects.filter(queue_name="mail")
    packed = [job.args_kwargs["kwargs"] for job in jobs]
    receipts = Counter(
        mail["values"]["order"]["pk"] for mail in packed if mail["template"] == "billing/receipt"
    )
    paid = {orders[session_id].pk for session_id in told}
    others = {order.pk for order in orders.values()} - paid
    broken, books = [], Books()
    for invariant in INVARIANTS:
        try:
            invariant(books)
        except AssertionError as why:
            broken.append(f"{invariant.__name__}: {why}")
    truth = {
        "paid orders": len(paid),
        "paid orders without exactly one term": sum(terms[pk] != 1 for pk in paid),
        "paid orders without exactly one receipt": sum(receipts[pk] != 1 for pk in paid),
        "other orders": len(others),
        "other orders with a term or a receipt": sum(bool(terms[pk] or receipts[pk]) for pk in others),
        "forged deliveries that were taken": StripeEvent.objects.filter(pk__in=forged).count(),
        "events not processed": StripeEvent.objects.filter(processed_at=None).count(),
        "promises broken": broken,
    }
    print(json.dumps(truth))
