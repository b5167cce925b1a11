"""What ``make bench-deliveries`` needs inside Django: orders before, and the truth about them afterwards."""

import json
from collections import Counter

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from billing.mode import webhook_secrets
from billing.models import Order, StripeEvent, Term
from billing.sandbox.faults import held_deliveries
from billing.sandbox.models import SandboxEvent
from billing.sandbox.payer import pay_by_bacs, settle
from billing.services import begin_checkout, find_live_order
from billing.terms import TERMS_VERSION
from tests import factories as make
from tests.billing.books import Books
from tests.billing.invariants import INVARIANTS

UNPAID_SHARE = 10  # one order of so many is never paid, though somebody rings about it


def fill(orders: int) -> None:
    """Open ``orders`` checkouts and have most of them paid; print what Stripe would ring about, as JSON."""
    buyer, product = make.make_user("Bench Manager"), make.make_product("Bench")
    made = {"paid": [], "unpaid": [], "secret": webhook_secrets()[0]}
    with held_deliveries() as held:
        for number in range(orders):
            place = make.make_care_setting()
            begin_checkout(
                product=product,
                care_setting=place,
                buyer=buyer,
                terms_version=TERMS_VERSION,
                now=timezone.now(),
            )
            session_id = find_live_order(product=product, care_setting=place).stripe_checkout_session_id
            if number % UNPAID_SHARE:
                before = len(held.event_ids)
                pay_by_bacs(session_id)
                settle(session_id)
                rings = SandboxEvent.objects.in_bulk(held.event_ids[before:])
                made["paid"].append((session_id, [event.body for event in rings.values()]))
            else:
                made["unpaid"].append(session_id)
    print(json.dumps(made))


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
