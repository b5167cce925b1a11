"""What Stripe says, as plain values. Amounts are in minor units."""

import dataclasses
import datetime as dt
from typing import Any, NamedTuple

PAID = ("paid", "no_payment_required")
OPEN_DISPUTES = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")


class StripeIsAwayError(Exception):
    """Stripe did not answer, or not in words we understand. Worth another try later."""


class StripeRefusedError(Exception):
    """Stripe says that the request makes no sense; trying again will not help."""

    def __init__(self, code: str, param: str) -> None:
        super().__init__(f"{code} {param}".strip())
        self.code = code


class KeyReusedError(Exception):
    """The idempotency key was used before for another request."""


class BadDeliveryError(Exception):
    """A webhook delivery that is forged, stale, of the other mode, or no event at all."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Demand:
    """What Stripe says about a demand for money, in one set of words for both kinds. Amounts in minor units.

    Only an invoice is ever a draft or void, and only a checkout is complete before it is paid: that money is
    on its way cannot be seen with bank transfers.
    """

    url: str
    status: str
    livemode: bool
    reference: str
    currency: str
    subtotal_minor: int
    total_minor: int
    discount_minor: int
    tax_minor: int
    customer_id: str
    payment_intent_id: str
    paid_with: str = ""

    @property
    def is_draft(self) -> bool:
        """Whether it is being put together, and nobody has seen it."""
        return self.status == "draft"

    @property
    def is_open(self) -> bool:
        """Whether it can be paid now."""
        return self.status == "open"

    @property
    def is_complete(self) -> bool:
        """Whether the payer has done their part; the money may still be on its way."""
        return self.status == "complete"

    @property
    def is_expired(self) -> bool:
        """Whether it was given up; should it be paid after all, it counts as paid."""
        return self.status in ("expired", "uncollectible")

    @property
    def is_void(self) -> bool:
        """Whether it was voided, and can never be paid."""
        return self.status == "void"

    @property
    def is_paid(self) -> bool:
        """Whether it is paid in full, at Stripe or past it."""
        return self.status == "paid"

    @property
    def has_failed(self) -> bool:
        """Whether a payment that was on its way came back."""
        return False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Checkout(Demand):
    """What Stripe says about one Checkout Session."""

    session_id: str
    payment_status: str
    payment_intent_status: str

    @property
    def is_paid(self) -> bool:
        """Whether the money is certain; ``complete`` alone means nothing. A 100 % code needs no payment."""
        return self.payment_status in PAID

    @property
    def has_failed(self) -> bool:
        """Whether a payment that was on its way came back."""
        return self.is_complete and self.payment_intent_status in ("requires_payment_method", "canceled")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Invoice(Demand):
    """What Stripe says about one invoice.

    ``received_minor`` is what came for an invoice that is not paid in full. ``surplus_minor`` came beyond it,
    or after it was void, and lies in the customer's balance. ``off_stripe_minor`` of the paid sum came past
    Stripe, to our own bank account. ``due_on`` is the last day for paying, in London.
    """

    invoice_id: str
    received_minor: int
    surplus_minor: int
    off_stripe_minor: int
    due_on: dt.date | None


@dataclasses.dataclass(frozen=True)
class RefundAnswer:
    """What Stripe says about one refund. ``reference`` names our own row where we asked for it."""

    refund_id: str
    status: str
    amount_minor: int
    reference: str
    created_at: dt.datetime

    @property
    def counts(self) -> bool:
        """Whether the money is given back, or on its way."""
        return self.status not in ("failed", "canceled")


@dataclasses.dataclass(frozen=True)
class DisputeAnswer:
    """What Stripe says about one dispute. ``is_withdrawn``: the bank has the money now."""

    dispute_id: str
    status: str
    reason: str
    amount_minor: int
    is_withdrawn: bool
    answer_by: dt.datetime | None
    withdrawn_at: dt.datetime | None
    reinstated_at: dt.datetime | None
    created_at: dt.datetime

    @property
    def is_open(self) -> bool:
        """Whether it is undecided; an inquiry ("warning_…") is one that has taken no money yet."""
        return self.status in OPEN_DISPUTES

    @property
    def is_lost(self) -> bool:
        """Whether the bank keeps the money."""
        return self.status == "lost"


@dataclasses.dataclass(frozen=True)
class Answer:
    """All that Stripe says about one order: its checkout or invoice, and what became of the money."""

    stated: Demand
    refunds: tuple[RefundAnswer, ...] = ()
    disputes: tuple[DisputeAnswer, ...] = ()

    @property
    def refunded_minor(self) -> int:
        """What was given back or is on its way, in minor units."""
        return sum(refund.amount_minor for refund in self.refunds if refund.counts)

    @property
    def is_disputed(self) -> bool:
        """Whether a bank asks for the money back and nothing is decided."""
        return any(dispute.is_open for dispute in self.disputes)

    @property
    def is_withdrawn(self) -> bool:
        """Whether a bank has taken the money for the time being."""
        return any(dispute.is_open and dispute.is_withdrawn for dispute in self.disputes)

    @property
    def is_charged_back(self) -> bool:
        """Whether a bank has taken the money for good."""
        return any(dispute.is_lost for dispute in self.disputes)


class Delivery(NamedTuple):
    """A genuine event, as far as we look at it."""

    event_id: str
    type: str
    livemode: bool
    object: dict[str, Any]
