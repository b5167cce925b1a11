"""Money that came past Stripe: our own bank sends it back, and some transfers bounce."""

import datetime as dt
import uuid

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from billing import services
from billing.models import Order, Refund
from elearning.periods import london_day
from tests.billing.machine.invoices import Invoices
from tests.billing.machine.stage import buyers, cuts, numbers, products

REFERENCES = ["RFD 17", " rfd  17", "RFD 18", "RFD 19"]
shares = st.sampled_from([1, 2000, 4900, 6900, 7900, 0, 9999])
days = st.sampled_from([0, 0, 0, -1, 1])


class BankRefunds(Invoices):
    """Stan, with the statements of the provider's bank beside him."""

    def paid_past_stripe(self) -> list[Order]:
        """Orders of which some money came to our own bank account."""
        return [order for order in self.books.orders.values() if order.off_stripe_minor]

    @rule(who=buyers, product=products, share=shares)
    def an_invoice_is_paid_past_stripe_and_some_goes_back(self, who: int, product: int, share: int) -> None:
        """As it usually goes: only then is there a transfer that can come back."""
        with self.mishap():
            order = services.mark_invoice_paid(
                order=self.begin_invoice(who, product),
                bank_reference="BACS 881",
                reason="On the statement.",
                actor=self.cast.staff,
                now=self.clock.now(),
            )
            self.record(order, share or order.paid_minor, "RFD 17", 0, uuid.uuid4())

    def record(self, order: Order, share: int, reference: str, days: int, key: uuid.UUID) -> None:
        now = self.clock.now()
        services.record_bank_refund(
            order=order,
            amount_minor=share,
            sent_on=london_day(now) + dt.timedelta(days=days),
            bank_reference=reference,
            reason="They asked.",
            key=key,
            actor=self.cast.staff,
            now=now,
        )

    @precondition(lambda self: self.books.orders)
    @rule(
        number=numbers,
        share=shares,
        reference=st.sampled_from(REFERENCES),
        days=days,
        is_again=st.booleans(),
        cut=cuts,
    )
    def staff_record_a_bank_refund(
        self, number: int, share: int, reference: str, days: int, is_again: bool, cut: int
    ) -> None:
        """Also too much, nothing, on a day that has not come, twice, and of what came through Stripe."""
        orders = self.paid_past_stripe() or list(self.books.orders.values())
        if not (is_again and self.keys):
            self.keys.append(uuid.uuid4())
        with self.mishap(None, cut):
            self.record(orders[number % len(orders)], share, reference, days, self.keys[-1])

    @precondition(lambda self: self.books.refund_rows)
    @rule(number=numbers, cut=cuts)
    def a_bank_refund_comes_back(self, number: int, cut: int) -> None:
        """Perhaps once more; where our bank sent none, one of Stripe's, which is refused."""
        refunds: list[Refund] = [row for row in self.books.refund_rows if row.is_by_bank]
        refunds = refunds or self.books.refund_rows
        with self.mishap(None, cut):
            services.take_back_bank_refund(
                refund=refunds[number % len(refunds)],
                reason="Wrong account number.",
                actor=self.cast.staff,
                now=self.clock.now(),
            )
