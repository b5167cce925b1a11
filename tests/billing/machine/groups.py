"""Those who rent for many settings in one order, and the managers who take over what was paid for."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from accounts.models import User
from billing import services
from billing.models import Order, PayerSetting, Product
from billing.sandbox import payer
from billing.terms import TERMS_VERSION
from elearning.periods import london_day
from tests.billing.machine.cast import NAMES
from tests.billing.machine.stage import Stage, Trouble, cuts, numbers, products, troubles

some_names = st.lists(st.sampled_from(NAMES), min_size=1, unique=True)
choices = st.sampled_from(["extend", "extend", "leave_out", ""])


class Groups(Stage):
    """One order, many lines."""

    @rule(
        who=st.integers(0, 1), product=products, names=some_names, choice=choices, trouble=troubles, cut=cuts
    )
    def rent_for_many(
        self, who: int, product: int, names: list[str], choice: str, trouble: Trouble, cut: int
    ) -> None:
        """A setting that rents already is extended, left out, or nobody has chosen."""
        with self.mishap(trouble, cut):
            self.order_for(
                names, product=self.cast.products[product], buyer=self.cast.payers_people[who], choice=choice
            )

    @rule(product=products, names=some_names)
    def rent_for_many_and_pay(self, product: int, names: list[str]) -> None:
        """As it usually goes: only then have managers something to take over."""
        with self.mishap():
            order = self.order_for(
                names,
                product=self.cast.products[product],
                buyer=self.cast.payers_people[0],
                choice="extend",
            )
            self.at_stripe(payer.pay_by_card, [order.stripe_checkout_session_id], 0)
            services.reconcile_order(order=order, now=self.clock.now())

    def order_for(self, names: list[str], *, product: Product, buyer: User, choice: str) -> Order:
        now, of = self.clock.now(), self.cast.payer
        text = "\n".join(f"{name},Nursery,{self.cast.managers[name][0].email}" for name in names)
        reading = services.save_list(payer=of, product=product, text=text, actor=buyer, now=now)
        wanted = services.find_list(payer=of, product=product)

        def look() -> services.GroupOffer:
            return services.make_group_offer(
                settings_list=wanted, rows=reading.rows, buyer=buyer, day=london_day(now)
            )

        chosen = {line.row.key: choice for line in look().asking}
        services.save_choices(settings_list=wanted, choices=chosen, now=now)
        order, _ = services.begin_group_checkout(
            settings_list=wanted,
            buyer=buyer,
            terms_version=TERMS_VERSION,
            total_minor=look().total_minor,
            now=now,
        )
        return Order.objects.get(pk=order.pk)

    # --- Managers ------------------------------------------------------------------------------

    def waiting_setting(self, number: int) -> PayerSetting:
        waiting_here = self.books.waiting_settings
        found = [one for one in waiting_here if one.invitation_id] or waiting_here
        waiting = PayerSetting.objects.select_related("invitation", "care_setting")
        return waiting.get(pk=found[number % len(found)].pk)

    @precondition(lambda self: self.books.waiting_settings)
    @rule(number=numbers, is_new=st.booleans(), cut=cuts)
    def a_manager_uses_the_letter(self, number: int, is_new: bool, cut: int) -> None:
        """To open the setting, or for one that they manage already; also before it is paid, or too late."""
        setting = self.waiting_setting(number)
        manager, care_setting = self.cast.managers[setting.name]
        with self.mishap(None, cut):
            if not is_new:
                services.claim_for(
                    payer_setting=setting, care_setting=care_setting, user=manager, now=self.clock.now()
                )
                return
            services.claim_as_new(
                payer_setting=setting,
                user=manager,
                now=self.clock.now(),
                name=setting.name,
                kind=setting.kind,
                address="1 High Street",
                safeguarding_lead_name="Sam",
                safeguarding_lead_contact="01632 960000",
            )

    @precondition(lambda self: self.books.waiting_settings)
    @rule(number=numbers, cut=cuts)
    def the_payer_sends_the_letter_again(self, number: int, cut: int) -> None:
        setting = self.waiting_setting(number)
        with self.mishap(None, cut):
            services.send_letter(
                payer_setting=setting,
                email=self.cast.managers[setting.name][0].email,
                actor=self.cast.payers_people[0],
                now=self.clock.now(),
            )
