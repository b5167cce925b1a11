"""Both sides of every comparison at one moment: the site's rows, and what the sandbox holds."""

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from billing.models import (
    Decision,
    Dispute,
    Document,
    DocumentSeries,
    Order,
    OrderLine,
    PayerSetting,
    Refund,
    Term,
)
from billing.sandbox.models import SandboxEvent, SandboxObject

LOST, INQUIRY, WITHDRAWN = "lost", "warning_needs_response", "needs_response"
UNPAID_STATES = {"void": "cancelled", "uncollectible": "expired"}  # of an invoice; others have our own names


@dataclasses.dataclass(frozen=True)
class Money:
    """What became of one checkout or invoice and its money, in minor units.

    All is Stripe's word, except ``sent_back``, of which Stripe knows nothing: what our own bank gave back.
    """

    status: str
    payment_status: str
    intent_status: str
    total: int
    charged: int
    refunded: int
    disputes: tuple[str, ...]
    past_stripe: int = 0
    sent_back: int = 0
    received: int = 0
    surplus: int = 0

    @property
    def is_paid(self) -> bool:
        return self.payment_status in ("paid", "no_payment_required")

    @property
    def is_gone(self) -> bool:
        """Nothing of what was paid is left with us."""
        came, went = self.charged + self.past_stripe, self.refunded + self.sent_back
        return LOST in self.disputes or 0 < came <= went

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
            return UNPAID_STATES.get(self.status, self.status)
        if LOST in self.disputes:
            return "charged_back"
        if INQUIRY in self.disputes or WITHDRAWN in self.disputes:
            return "disputed"
        if self.is_gone:
            return "refunded"
        return "partly_refunded" if self.refunded or self.sent_back else "fulfilled"


def is_paid_past_stripe(order: Order) -> bool:
    """Whether all of an order's money came to our own bank account, so that Stripe can say nothing of it."""
    return 0 < order.paid_minor == order.off_stripe_minor


class Books:
    """Everything here and at Stripe, read once. ``asked`` are orders that have heard everything."""

    def __init__(self, *, asked: Collection[int] = ()) -> None:
        self.asked = asked
        self.orders = {one.pk: one for one in Order.objects.order_by("pk")}
        self.lines = list(OrderLine.objects.order_by("pk"))
        self.terms = list(Term.objects.order_by("rental_id", "starts_on", "ends_on", "pk"))
        self.refund_rows = list(Refund.objects.order_by("pk"))
        self.transfers = self._read_transfers()
        self.dispute_rows = list(Dispute.objects.order_by("pk"))
        self.papers = list(Document.objects.defer("snapshot").order_by("pk"))
        self.last_numbers = dict(DocumentSeries.objects.values_list("name", "last_number"))
        self.waiting_settings = list(PayerSetting.objects.unclaimed().order_by("pk"))
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

    def _read_transfers(self) -> dict[tuple[int, str], list[tuple[Refund, bool]]]:
        """Each refund by our own bank and whether it is still gone, by order and the bank's reference.

        Which came back is read from what staff decided, not from the refund: of those with one reference, the
        newest is gone unless one decision for each says that it came back.
        """
        transfers: dict[tuple[int, str], list[Refund]] = defaultdict(list)
        for row in self.refund_rows:
            if row.bank_reference:
                transfers[row.order_id, row.bank_reference.lower()].append(row)
        self.came_back = came_back = Counter(
            (one.order_id, one.bank_reference.lower()) for one in Decision.objects.of_kind("came_back")
        )
        return {
            name: [(row, number >= came_back[name]) for number, row in enumerate(rows)]
            for name, rows in transfers.items()
        }

    def transfers_of(self, order: Order) -> list[tuple[Refund, bool]]:
        """Each refund of an order by our own bank, and whether it is still gone."""
        return [pair for pairs in self.transfers.values() for pair in pairs if pair[0].order_id == order.pk]

    def sent_back(self, order: Order) -> int:
        """What our own bank gave back of an order and did not get back itself."""
        return sum(row.amount_minor for row, is_gone in self.transfers_of(order) if is_gone)

    def _read_stripe(self) -> None:
        self.objects: dict[str, dict[str, dict]] = defaultdict(dict)
        self.money_moved: dict[tuple[str, str | None], list[dict]] = defaultdict(list)
        for body in SandboxObject.objects.values_list("body", flat=True):
            self.objects[body["object"]][body["id"]] = body
            self.money_moved[body["object"], body.get("payment_intent")].append(body)
        self.sessions, self.invoices = self.objects["checkout.session"], self.objects["invoice"]
        self.intents, self.customers = self.objects["payment_intent"], self.objects["customer"]
        self.refunds = list(self.objects["refund"].values())
        self.disputes = list(self.objects["dispute"].values())
        self.payments: dict[str, list[dict]] = defaultdict(list)
        for payment in self.objects["invoice_payment"].values():
            self.payments[payment["invoice"]].append(payment)
        self.last_news: dict[str, dt.datetime] = {}
        self.event_ids: set[str] = set()
        self.news_count: Counter = Counter()
        events = SandboxEvent.objects.order_by("created_at")
        for event_id, kind, body, created_at in events.values_list("pk", "type", "body", "created_at"):
            self.event_ids.add(event_id)
            thing = body["data"]["object"]
            customer = thing["customer"] if thing["object"] == "cash_balance" else None
            for name in {thing.get("id"), thing.get("payment_intent"), customer} - {None}:
                self.last_news[name] = created_at
                self.news_count[name, kind] += 1

    # --- What one order's money is ---------------------------------------------------------------

    def money_of(self, order: Order) -> Money | None:
        """What is known at Stripe about an order; None where it has neither checkout nor invoice there."""
        if order.stripe_invoice_id:
            return self._money_of_invoice(order.stripe_invoice_id, sent_back=self.sent_back(order))
        session = self.sessions.get(order.stripe_checkout_session_id)
        if session is None:
            return None
        return Money(
            status=session["status"],
            payment_status=session["payment_status"],
            total=session["amount_total"],
            **self._moved(session["payment_intent"]),
        )

    def _money_of_invoice(self, invoice_id: str, *, sent_back: int) -> Money | None:
        invoice = self.invoices.get(invoice_id)
        if invoice is None:
            return None
        payments = {one["status"]: one["payment"]["payment_intent"] for one in self.payments[invoice_id]}
        balance = self.customers[invoice["customer"]]["cash_balance"]["available"] or {}
        in_balance = balance.get(invoice["currency"], 0)
        is_open = invoice["status"] == "open"
        return Money(
            status=invoice["status"],
            payment_status="paid" if invoice["status"] == "paid" else "unpaid",
            total=invoice["total"],
            past_stripe=invoice["amount_paid_off_stripe"] or 0,
            sent_back=sent_back,
            received=self._received(payments.get("open")) + in_balance if is_open else 0,
            surplus=0 if is_open else in_balance,
            **self._moved(payments.get("paid")),
        )

    def _received(self, intent_id: str | None) -> int:
        """What came for a payment by bank transfer that waits for the rest."""
        intent = self.intents[intent_id] if intent_id else None
        if not intent or not intent["next_action"]:
            return 0
        asked = intent["next_action"]["display_bank_transfer_instructions"]
        return intent["amount"] - asked["amount_remaining"]

    def _moved(self, intent_id: str | None) -> dict:
        return {
            "intent_status": self.intents[intent_id]["status"] if intent_id else "",
            "charged": self._sum("charge", intent_id, "succeeded"),
            "refunded": self._sum("refund", intent_id, "succeeded", "pending"),
            "disputes": tuple(one["status"] for one in self.money_moved["dispute", intent_id])
            if intent_id
            else (),
        }

    def _sum(self, kind: str, intent_id: str | None, *statuses: str) -> int:
        things = self.money_moved[kind, intent_id] if intent_id else []
        return sum(one["amount"] for one in things if one["status"] in statuses)

    def kept_at_stripe(self) -> int:
        """What all payments brought, less what went back, whichever orders they are for."""
        charged = sum(
            one["amount"] for one in self.objects["charge"].values() if one["status"] == "succeeded"
        )
        refunded = sum(one["amount"] for one in self.refunds if one["status"] in ("succeeded", "pending"))
        return charged - refunded

    def refund_ids_of(self, order: Order) -> set[str]:
        """Which refunds Stripe made of an order's payment, failed ones included."""
        intent_id = order.stripe_payment_intent_id
        return {one["id"] for one in self.money_moved["refund", intent_id]} if intent_id else set()

    # --- What one order has heard ----------------------------------------------------------------

    def names_of(self, order: Order) -> set[str]:
        """The ids under which Stripe tells of an order: of its checkout or invoice, payments and customer."""
        if order.stripe_invoice_id:
            payments = {one["payment"]["payment_intent"] for one in self.payments[order.stripe_invoice_id]}
            return {order.stripe_invoice_id, order.stripe_customer_id} | payments
        session = self.sessions.get(order.stripe_checkout_session_id, {})
        return {session.get("id"), session.get("payment_intent")} - {None}

    def last_news_of(self, order: Order) -> dt.datetime | None:
        """When something last changed for an order at Stripe."""
        names = self.names_of(order)
        return max((self.last_news[name] for name in names if name in self.last_news), default=None)

    def heard(self, order: Order, kind: str) -> int:
        """How often something of this kind happened to an order at Stripe."""
        return sum(self.news_count[name, kind] for name in self.names_of(order))

    def is_known(self, order: Order) -> bool:
        """Whether the order has been asked about since something last changed."""
        if order.pk in self.asked:
            return True
        last = self.last_news_of(order)
        return bool(order.reconciled_at and (last is None or last < order.reconciled_at))

    def forgotten(self) -> list[Order]:
        """Orders with a checkout or an invoice that have not heard of its last change."""
        begun = [
            one for one in self.orders.values() if one.stripe_checkout_session_id or one.stripe_invoice_id
        ]
        return [one for one in begun if not self.is_known(one)]
