"""Banks, and how the site hears of what happens at Stripe: rings, questions and the clock; and time."""

import datetime as dt
import random
from collections.abc import Callable
from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from billing import services
from billing.models import Order
from billing.sandbox import bank, deliveries, payer, store, transfers
from billing.sandbox.rules import RefusedError
from elearning.periods import LONDON
from tests.billing.machine.stage import Stage, Trouble, cuts, numbers, troubles
from tests.billing.mishaps import quicker

WAITS = [dt.timedelta(hours=1), dt.timedelta(hours=21), dt.timedelta(days=30)]
# Days around a term's end, its last day being -1: too early, 60 days before that, the end, the end of grace.
EDGES = [-62, -61, -1, 0, 1, 13, 14]
MEANWHILE = [
    payer.pay_by_card,
    payer.settle,
    *bank.ACTS.values(),
    store.expire_session,
    transfers.transfer_all,
    transfers.transfer_more,
]


class News(Stage):
    """What happens to money that was paid, and when the site learns of it."""

    @precondition(lambda self: self.paid_at_stripe())
    @rule(number=numbers, act=st.sampled_from(list(bank.ACTS.values())))
    def bank_acts(self, number: int, act: Callable) -> None:
        self.at_stripe(act, self.paid_at_stripe(), number)

    @precondition(lambda self: self.paid_at_stripe())
    @rule(number=numbers, amount=st.integers(1, 6900))
    def part_is_given_back_at_stripe(self, number: int, amount: int) -> None:
        self.at_stripe(bank.give_back_from_dashboard, self.paid_at_stripe(), number, amount=amount)

    # --- Rings ---------------------------------------------------------------------------------

    def deliver(self, event_id: str) -> None:
        assert deliveries.deliver(event_id) in (200, 503)

    @precondition(lambda self: self.held.event_ids)
    @rule(number=numbers, trouble=troubles, cut=cuts)
    def one_delivery(self, number: int, trouble: Trouble, cut: int) -> None:
        with self.mishap(trouble, cut):
            self.deliver(self.held.event_ids[number % len(self.held.event_ids)])

    @precondition(lambda self: self.held.event_ids)
    @rule(seed=numbers)
    def deliveries_shuffled_and_repeated(self, seed: int) -> None:
        some = random.Random(seed).choices(self.held.event_ids, k=4)  # noqa: S311 - no secret
        for event_id in some:
            self.deliver(event_id)

    @precondition(lambda self: self.held.event_ids)
    @rule()
    def the_newest_arrive_in_order(self) -> None:
        """As they usually do."""
        for event_id in self.held.event_ids[-4:]:
            self.deliver(event_id)

    @precondition(lambda self: self.held.event_ids)
    @rule(number=numbers)
    def one_delivery_is_lost_for_ever(self, number: int) -> None:
        self.held.event_ids.pop(number % len(self.held.event_ids))

    # --- Asking --------------------------------------------------------------------------------

    @precondition(lambda self: self.books.orders)
    @rule(number=numbers, trouble=troubles, cut=cuts)
    def the_return_page_asks(self, number: int, trouble: Trouble, cut: int) -> None:
        with self.mishap(trouble, cut):
            services.reconcile_order(order=self.order(number), now=self.clock.now())

    @precondition(
        lambda self: self.paid_at_stripe() or self.sessions("open", "processing") + self.invoices("open")
    )
    @rule(number=numbers, at_request=st.sampled_from([0, 0, 0, 1, 2, 3]), act=st.sampled_from(MEANWHILE))
    def the_older_answer_comes_last(self, number: int, at_request: int, act: Callable) -> None:
        """While one worker has its answer, something happens, and another worker is quicker to hear of it."""
        found = self.paid_at_stripe() or self.sessions("open", "processing") + self.invoices("open")
        object_id = found[number % len(found)]
        order = (Order.objects.of_checkout(object_id) | Order.objects.of_invoice(object_id)).first()
        if order is None:
            return

        def act_and_ask() -> None:
            with suppress(RefusedError):
                act(object_id)
            with self.mishap():
                services.reconcile_order(order=order, now=self.clock.now())
                self.asked.append(order.pk)

        with self.mishap(), quicker(act_and_ask, at_request=at_request):
            services.reconcile_order(order=order, now=self.clock.now())

    @rule(cut=cuts)
    def clock_comes(self, cut: int) -> None:
        with self.mishap(None, cut):
            services.reconcile_waiting(now=self.clock.now())
            services.sweep(now=self.clock.now())

    # --- Time ----------------------------------------------------------------------------------

    @rule(wait=st.sampled_from(WAITS))
    def time_passes(self, wait: dt.timedelta) -> None:
        self.go_to(self.clock.moment + wait)

    @precondition(lambda self: self.books.terms_in_force)
    @rule(number=numbers, days=st.sampled_from(EDGES))
    def a_term_comes_to_its_end(self, number: int, days: int) -> None:
        terms = self.books.terms_in_force
        day = terms[number % len(terms)].ends_on + dt.timedelta(days=days)
        self.go_to(dt.datetime.combine(day, dt.time(0, 30), tzinfo=LONDON))
