"""What staff do at the order desk: give back, decide what is under review, grant and take back."""

import uuid

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from billing import services
from tests.billing.machine.stage import Stage, Trouble, buyers, cuts, numbers, products, troubles


class Staff(Stage):
    """Stan, at the desk."""

    @precondition(lambda self: self.books.orders)
    @rule(
        number=numbers,
        share=st.sampled_from([1, 2000, 6900, 0, 9999]),
        is_again=st.booleans(),
        trouble=troubles,
        cut=cuts,
    )
    def staff_give_back(self, number: int, share: int, is_again: bool, trouble: Trouble, cut: int) -> None:
        """Also too much, nothing, and the same wish sent twice."""
        order = self.order(number, "fulfilled", "partly_refunded", "review")
        if not (is_again and self.keys):
            self.keys.append(uuid.uuid4())
        with self.mishap(trouble, cut):
            services.refund_order(
                order=order,
                amount_minor=share,
                reason="They asked.",
                key=self.keys[-1],
                actor=self.cast.staff,
                now=self.clock.now(),
            )

    @precondition(lambda self: any(one.status == "review" for one in self.books.orders.values()))
    @rule(number=numbers, kind=st.sampled_from(["fulfil", "extend"]), trouble=troubles, cut=cuts)
    def staff_open(self, number: int, kind: str, trouble: Trouble, cut: int) -> None:
        with self.mishap(trouble, cut):
            services.open_reviewed_order(
                order=self.order(number, "review"),
                kind=kind,
                reason="They paid.",
                actor=self.cast.staff,
                now=self.clock.now(),
            )

    @rule(who=buyers, product=products, months=st.sampled_from([1, 12]), cut=cuts)
    def staff_grant(self, who: int, product: int, months: int, cut: int) -> None:
        with self.mishap(None, cut):
            services.grant_rental(
                care_setting=self.cast.buyers[who][1],
                product=self.cast.products[product],
                months=months,
                reason="A gift.",
                actor=self.cast.staff,
                now=self.clock.now(),
            )

    @precondition(lambda self: self.books.terms)
    @rule(number=numbers, cut=cuts)
    def staff_take_back(self, number: int, cut: int) -> None:
        """A grant; where there is none, something that was paid for, which is refused."""
        terms = [term for term in self.books.terms if term.order_line_id is None] or self.books.terms
        with self.mishap(None, cut):
            services.take_back_grant(
                term=terms[number % len(terms)],
                reason="The trial is over.",
                actor=self.cast.staff,
                now=self.clock.now(),
            )
