"""Buyers who rent for their own setting, and payers on the pay page."""

import datetime as dt
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from billing import services
from billing.models import Order, Product
from billing.sandbox import payer, promotions, store
from billing.terms import TERMS_VERSION
from tests.billing.machine.cast import CODES
from tests.billing.machine.stage import Stage, Trouble, buyers, cuts, numbers, products, troubles
from tests.billing.mishaps import quicker

# Before a clock goes forward and back, before 29 February, at the end of January, late on a summer evening.
BEGINNINGS = [
    dt.datetime(2027, 3, 27, 22, 0, tzinfo=dt.UTC),
    dt.datetime(2027, 10, 30, 22, 0, tzinfo=dt.UTC),
    dt.datetime(2028, 2, 28, 20, 0, tzinfo=dt.UTC),
    dt.datetime(2027, 1, 31, 9, 0, tzinfo=dt.UTC),
    dt.datetime(2027, 7, 1, 22, 30, tzinfo=dt.UTC),
]
PAYING = [payer.pay_by_card] * 4 + [payer.pay_by_bacs, payer.decline_card]


class Checkouts(Stage):
    """Renting on the pay page."""

    @initialize(beginning=st.sampled_from(BEGINNINGS), who=buyers, product=products)
    def begin_the_story(self, beginning: dt.datetime, who: int, product: int) -> None:
        self.clock.moment = beginning
        self.rent(who, product, None, 0)

    def begin(self, who: int, product: int) -> None:
        buyer, care_setting = self.cast.buyers[who]
        services.begin_checkout(
            product=self.cast.products[product],
            care_setting=care_setting,
            buyer=buyer,
            terms_version=TERMS_VERSION,
            now=self.clock.now(),
        )

    @rule(who=buyers, product=products, trouble=troubles, cut=cuts)
    def rent(self, who: int, product: int, trouble: Trouble, cut: int) -> None:
        with self.mishap(trouble, cut):
            self.begin(who, product)

    @rule(who=buyers, product=products)
    def rent_and_pay(self, who: int, product: int) -> None:
        """As it usually goes: what comes afterwards needs orders that are paid."""
        with self.mishap():
            self.begin(who, product)
        order = Order.objects.newest_first().first()
        if order and order.status == "open" and not order.is_by_invoice:
            self.at_stripe(payer.pay_by_card, [order.stripe_checkout_session_id], 0)
            services.reconcile_order(order=order, now=self.clock.now())

    @rule(first=st.integers(0, 1), product=products, at_request=st.integers(0, 2))
    def two_managers_rent_in_two_tabs(self, first: int, product: int, at_request: int) -> None:
        """While one of them waits for Stripe, the other one presses the button too."""

        def begin_too() -> None:
            with self.mishap():
                self.begin(1 - first, product)

        with self.mishap(), quicker(begin_too, at_request=at_request):
            self.begin(first, product)

    @rule(number=numbers, trouble=troubles, cut=cuts)
    def call_off(self, number: int, trouble: Trouble, cut: int) -> None:
        order = self.order(number, "open", "draft")
        with self.mishap(trouble, cut):
            services.call_off(order=order, actor=order.buyer, now=self.clock.now())

    @rule(product=products, price=st.sampled_from([6900, 7900]))
    def the_price_changes(self, product: int, price: int) -> None:
        row = self.cast.products[product]
        Product.objects.filter(pk=row.pk).update(price_minor=price)
        row.price_minor = price

    # --- On the pay page -----------------------------------------------------------------------

    @precondition(lambda self: self.sessions("open"))
    @rule(number=numbers, act=st.sampled_from(PAYING))
    def pay(self, number: int, act: Callable) -> None:
        self.at_stripe(act, self.sessions("open"), number)

    @precondition(lambda self: self.sessions("open"))
    @rule(number=numbers, code=st.sampled_from(sorted(CODES)))
    def a_code_is_entered(self, number: int, code: str) -> None:
        self.at_stripe(promotions.redeem, self.sessions("open"), number, text=code)

    @precondition(lambda self: self.sessions("processing"))
    @rule(number=numbers, act=st.sampled_from([payer.settle, payer.send_back]))
    def bacs_ends(self, number: int, act: Callable) -> None:
        self.at_stripe(act, self.sessions("processing"), number)

    @precondition(lambda self: self.sessions("open"))
    @rule(number=numbers)
    def checkout_lapses(self, number: int) -> None:
        self.at_stripe(store.expire_session, self.sessions("open"), number)

    @precondition(lambda self: self.sessions("expired"))
    @rule(number=numbers)
    def paid_although_it_had_lapsed(self, number: int) -> None:
        """What should never be, and billing.md wants an answer for: money wins, or staff look at it."""
        found = self.sessions("expired")
        session = self.books.sessions[found[number % len(found)]]
        if not any(order.stripe_checkout_session_id == session["id"] for order in self.books.orders.values()):
            return
        store.keep({**session, "status": "open", "expires_at": int(self.clock.now().timestamp()) + 3600})
        self.at_stripe(payer.pay_by_card, [session["id"]], 0)
