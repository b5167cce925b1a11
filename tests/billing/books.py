"""Both sides of every comparison at one moment: the site's rows, and what the sandbox holds."""

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from billing.models import Dispute, Order, OrderLine, Refund, Term
from billing.sandbox.models import SandboxEvent, SandboxObject

LOST, INQUIRY, WITHDRAWN = "lost", "warning_needs_response", "needs_response"


@dataclasses.dataclass(frozen=True)
class Money:
    """What became of one checkout and its money, in minor units."""

    status: str
    payment_status: str
    intent_status: str
    total: int
    charged: int
    refunded: int
    disputes: tuple[str, ...]

    @property
    def is_paid(self) -> bool:
        return self.payment_status in ("paid", "no_payment_required")

    @property
    def is_gone(self) -> bool:
        """Nothing of what was paid is left with us."""
        return LOST in self.disputes or 0 < self.charged <= self.refunded

    @property
    def opens(self) -> bool:
        """The money is with us, so what it paid for is open."""
        return self.is_paid and not self.is_gone and WITHDRAWN not in self.disputes

    @property
    def expected_status(self) -> str:
        """Where an order must stand that was never called off and never under review."""
        if not self.is_paid:
            if self.status == "complete":
                return "processing" if self.intent_status == "processing" else "failed"
            return self.status
        if LOST in self.disputes:
            return "charged_back"
        if INQUIRY in self.disputes or WITHDRAWN in self.disputes:
            return "disputed"
        if self.is_gone:
            return "refunded"
        return "partly_refunded" if self.refunded else "fulfilled"


class Books:
    """Everything here and at Stripe, read once. ``asked`` are orders that have heard everything."""

    def __init__(self, *, asked: Collection[int] = ()) -> None:
        self.asked = asked
        self.orders = {one.pk: one for one in Order.objects.order_by("pk")}
        self.lines = list(OrderLine.objects.order_by("pk"))
        self.terms = list(Term.objects.order_by("rental_id", "starts_on", "ends_on", "pk"))
        self.refund_rows = list(Refund.objects.order_by("pk"))
        self.dispute_rows = list(Dispute.objects.order_by("pk"))
        self.order_of_line = {line.pk: self.orders[line.order_id] for line in self.lines}
        self.mails, self.moves = self._read_log()
        self._read_stripe()

    @property
    def terms_in_force(self) -> list[Term]:
        """Unrevoked terms, by rental and in time; some may be on hold."""
        return [term for term in self.terms if term.revoked_at is None]

    def _read_log(self) -> tuple[dict[int, Counter], dict[int, Counter]]:
        """How often each mail was queued and each state was reached, by order."""
        mails, moves = defaultdict(Counter), defaultdict(Counter)
        log = ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Order), action__startswith="billing.order."
        )
        for action, order_id, data in log.values_list("action", "object_id", "data"):
            name = action.removeprefix("billing.order.")
            if name == "mail":
                mails[int(order_id)][data["message"]] += 1
            elif name == "fulfilled" and data["from"] not in Order.PAID_STATUSES:
                moves[int(order_id)]["opened"] += 1
            else:
                moves[int(order_id)][name] += 1
        return mails, moves

    def _read_stripe(self) -> None:
        bodies = [one.body for one in SandboxObject.objects.all()]
        self.sessions = {one["id"]: one for one in bodies if one["object"] == "checkout.session"}
        self.intents = {one["id"]: one for one in bodies if one["object"] == "payment_intent"}
        self.refunds = [one for one in bodies if one["object"] == "refund"]
        self.disputes = [one for one in bodies if one["object"] == "dispute"]
        self.money_moved: dict[tuple[str, str | None], list[dict]] = defaultdict(list)
        for one in bodies:
            self.money_moved[one["object"], one.get("payment_intent")].append(one)
        self.last_news: dict[str, dt.datetime] = {}
        self.event_ids: set[str] = set()
        for event in SandboxEvent.objects.order_by("created_at"):
            self.event_ids.add(event.pk)
            thing = event.body["data"]["object"]
            for name in {thing.get("id"), thing.get("payment_intent")} - {None}:
                self.last_news[name] = event.created_at

    def money_of(self, order: Order) -> Money | None:
        """What is known at Stripe about an order; None where it has no checkout there."""
        session = self.sessions.get(order.stripe_checkout_session_id)
        if session is None:
            return None
        intent_id = session["payment_intent"]
        return Money(
            status=session["status"],
            payment_status=session["payment_status"],
            intent_status=self.intents[intent_id]["status"] if intent_id else "",
            total=session["amount_total"],
            charged=self._sum("charge", intent_id, "succeeded"),
            refunded=self._sum("refund", intent_id, "succeeded", "pending"),
            disputes=tuple(one["status"] for one in self.money_moved["dispute", intent_id]),
        )

    def _sum(self, kind: str, intent_id: str | None, *statuses: str) -> int:
        things = self.money_moved[kind, intent_id] if intent_id else []
        return sum(one["amount"] for one in things if one["status"] in statuses)

    def refund_ids_of(self, order: Order) -> set[str]:
        """Which refunds Stripe made of an order's payment, failed ones included."""
        intent_id = order.stripe_payment_intent_id
        return {one["id"] for one in self.money_moved["refund", intent_id]} if intent_id else set()

    def last_news_of(self, order: Order) -> dt.datetime | None:
        """When something last changed for an order at Stripe."""
        session = self.sessions.get(order.stripe_checkout_session_id, {})
        names = (session.get("id"), session.get("payment_intent"))
        return max((self.last_news[name] for name in names if name in self.last_news), default=None)

    def is_known(self, order: Order) -> bool:
        """Whether the order has been asked about since something last changed."""
        if order.pk in self.asked:
            return True
        last = self.last_news_of(order)
        return bool(order.reconciled_at and (last is None or last < order.reconciled_at))
