"""Those who pay against an invoice with a purchase order, their banks, and what staff decide about it."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from billing import services
from billing.models import Order
from billing.sandbox import invoices, transfers
from billing.terms import TERMS_VERSION
from tests.billing.machine.stage import Stage, Trouble, buyers, cuts, numbers, products, troubles

DETAILS = services.BillingDetails(
    "PO-4711", "Finance office", "finance@school.example", "1 Long Lane\nHarrow\nHA1 1AA"
)
PAYING = [
    transfers.transfer_all,
    transfers.transfer_all,
    transfers.transfer_short,
    transfers.transfer_more,
    transfers.transfer_again,
]
ENDING = [
    transfers.become_overdue,
    transfers.become_long_overdue,
    invoices.void,
    invoices.mark_uncollectible,
]


class Invoices(Stage):
    """Renting against an invoice."""

    @rule(who=buyers, product=products, trouble=troubles, cut=cuts)
    def ask_for_an_invoice(self, who: int, product: int, trouble: Trouble, cut: int) -> None:
        with self.mishap(trouble, cut):
            self.begin_invoice(who, product)

    def begin_invoice(self, who: int, product: int) -> Order:
        buyer, care_setting = self.cast.buyers[who]
        return services.begin_invoice(
            product=self.cast.products[product],
            care_setting=care_setting,
            buyer=buyer,
            details=DETAILS,
            terms_version=TERMS_VERSION,
            now=self.clock.now(),
        )

    @rule(who=buyers, product=products)
    def ask_for_an_invoice_and_begin_meanwhile(self, who: int, product: int) -> None:
        """As it goes with those who pay late."""
        with self.mishap():
            order = self.begin_invoice(who, product)
            services.open_meanwhile(
                order=order, reason="They always pay.", actor=self.cast.staff, now=self.clock.now()
            )

    @precondition(lambda self: self.invoices("open"))
    @rule(number=numbers, act=st.sampled_from(PAYING))
    def pay_by_transfer(self, number: int, act: Callable) -> None:
        """The sum, less than it, or more."""
        self.at_stripe(act, self.invoices("open"), number)

    @precondition(lambda self: self.invoices("void", "uncollectible", "paid"))
    @rule(number=numbers, act=st.sampled_from(PAYING))
    def pay_by_transfer_what_is_closed(self, number: int, act: Callable) -> None:
        """Although it is void, given up or paid already."""
        self.at_stripe(act, self.invoices("void", "uncollectible", "paid"), number)

    @precondition(lambda self: self.invoices("open"))
    @rule(number=numbers, act=st.sampled_from(ENDING))
    def the_invoice_ends_at_stripe(self, number: int, act: Callable) -> None:
        """Its last day passes, or somebody voids it or gives it up on Stripe's own pages."""
        self.at_stripe(act, self.invoices("open"), number)

    # --- Staff ---------------------------------------------------------------------------------

    @precondition(lambda self: self.has_order_by_invoice())
    @rule(number=numbers, trouble=troubles, cut=cuts)
    def staff_mark_it_paid(self, number: int, trouble: Trouble, cut: int) -> None:
        with self.mishap(trouble, cut):
            services.mark_invoice_paid(
                order=self.order(number, "open", "expired", by_invoice=True),
                bank_reference="BACS 881",
                reason="On the statement.",
                actor=self.cast.staff,
                now=self.clock.now(),
            )

    @precondition(lambda self: self.has_order_by_invoice())
    @rule(number=numbers, cut=cuts)
    def staff_open_it_meanwhile(self, number: int, cut: int) -> None:
        with self.mishap(None, cut):
            services.open_meanwhile(
                order=self.order(number, "open", by_invoice=True),
                reason="Their authority pays late.",
                actor=self.cast.staff,
                now=self.clock.now(),
            )

    @precondition(lambda self: self.has_order_by_invoice())
    @rule(number=numbers, trouble=troubles, cut=cuts)
    def staff_void_it(self, number: int, trouble: Trouble, cut: int) -> None:
        with self.mishap(trouble, cut):
            services.void_invoice(
                order=self.order(number, "open", "draft", by_invoice=True),
                reason="Wrong number.",
                actor=self.cast.staff,
                now=self.clock.now(),
            )
