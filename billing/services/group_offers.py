"""What a list of settings would give today, line by line, and what it would cost. Nothing here writes."""

import datetime as dt
import itertools
from typing import TYPE_CHECKING, NamedTuple

from billing import vat
from billing.models import Order, OrderLine, Payer, PayerSetting, Product, SettingsList, Term
from billing.services.fulfilment import choose_period
from billing.services.rentals import may_renew_on, renewal_opens_on
from billing.settings_lists import Row, name_key
from elearning.periods import last_day
from teams.models import CareSetting

if TYPE_CHECKING:
    from accounts.models import User


class OfferedLine(NamedTuple):
    """What one line of the list would give today, unless there is a refusal or a choice to be made."""

    row: Row
    care_setting: CareSetting | None
    payer_setting: PayerSetting | None
    starts_on: dt.date
    last_day: dt.date
    follows_last_day: dt.date | None
    refusal: str
    choice: str
    held_by: Order | None = None
    """The payer's own unpaid order that holds it."""

    @property
    def asks(self) -> bool:
        """Whether the setting rents this already, so that somebody must choose."""
        return bool(self.follows_last_day and not self.refusal)

    @property
    def is_undecided(self) -> bool:
        """Whether somebody must still choose."""
        return self.asks and not self.choice

    @property
    def is_ordered(self) -> bool:
        """Whether it would be in the order as things stand."""
        return not self.refusal and (not self.asks or self.choice == "extend")

    @property
    def gets_letter(self) -> bool:
        """Whether its manager gets a link to begin."""
        return self.care_setting is None or bool(self.payer_setting and not self.payer_setting.claimed_at)


class GroupOffer(NamedTuple):
    """What a whole list would give, and cost, today."""

    lines: list[OfferedLine]
    price: vat.Price
    currency: str

    @property
    def ordered(self) -> list[OfferedLine]:
        """The lines that would be ordered."""
        return [line for line in self.lines if line.is_ordered]

    @property
    def undecided(self) -> list[OfferedLine]:
        """The lines about which somebody must still choose."""
        return [line for line in self.lines if line.is_undecided]

    @property
    def asking(self) -> list[OfferedLine]:
        """The lines about which there is a choice."""
        return [line for line in self.lines if line.asks]

    @property
    def held_by(self) -> Order | None:
        """The payer's own unpaid order that holds a line of this list, if any does."""
        return next((line.held_by for line in self.lines if line.held_by), None)

    @property
    def total_minor(self) -> int:
        """What the order would cost, in minor units."""
        return self.price.gross_minor * len(self.ordered)

    @property
    def vat_minor(self) -> int:
        """What of it is VAT."""
        return self.price.vat_minor * len(self.ordered)


def make_group_offer(
    *, settings_list: SettingsList, rows: list[Row], buyer: "User", day: dt.date
) -> GroupOffer:
    """Return what the list would give on the London ``day``, in five statements, however long it is.

    A line means one of the payer's own settings of that name, or one that the buyer manages; any other name
    is a new setting, whatever settings of strangers are called.
    """
    payer, product = settings_list.payer, settings_list.product
    known = {
        name_key(one.name): one for one in PayerSetting.objects.of_payer(payer).select_related("care_setting")
    }
    managed: dict[str, list[CareSetting]] = {}
    for one in CareSetting.objects.managed_by(buyer).by_name():
        managed.setdefault(name_key(one.name), []).append(one)
    meant = {
        row.key: [known[row.key].care_setting] if row.key in known else managed.get(row.key, [])
        for row in rows
    }
    standings = _standings([one.pk for found in meant.values() for one in found], payer, product, day)
    lines = [
        _offer_line(row, known.get(row.key), meant[row.key], standings, settings_list=settings_list, day=day)
        for row in rows
    ]
    return GroupOffer(_without_twins(lines), vat.price_today(product.price_minor), product.currency)


class Standing(NamedTuple):
    """How one setting stands to the product."""

    latest: Term | None = None
    refusal: str = ""
    held_by: Order | None = None


def _standings(ids: list[int], payer: Payer, product: Product, day: dt.date) -> dict[int, Standing]:
    """Return how these settings stand to the product: their latest terms, and why some cannot rent it."""
    found: dict[int, Standing] = {}
    for term in Term.objects.counting().about(care_setting_ids=ids, product=product).in_time():
        refusal = ""
        if not may_renew_on(day, ends_on=term.ends_on, starts_on=term.starts_on):
            renewal_on = renewal_opens_on(term.ends_on)
            refusal = f"Rents this already; the last day is {term.last_day:%-d %B %Y}. " + (
                "The next year is paid for too."
                if term.starts_on > day
                else f"It can go on from {renewal_on:%-d %B %Y}."
            )
        found[term.rental.care_setting_id] = Standing(term, refusal)
    lines = OrderLine.objects.about(care_setting_ids=ids, product=product).select_related("order")
    for line in itertools.chain(lines.under_review(), lines.live()):
        held_by = None
        words = (
            "Somebody is paying for this already, or began to. That lapses within a day if it is not paid."
        )
        if line.order.is_by_invoice:
            words = "There is an invoice for this already, which waits for its payment."
        if line.order.status == Order.Status.REVIEW:
            words = "Our staff are looking at a payment for this. Please don’t pay again."
        elif line.order.payer_id == payer.pk:
            words = f"In your order of {line.order.created_at:%-d %B %Y}, which waits for its payment."
            held_by = line.order
        standing = found.get(line.care_setting_id, Standing())
        found[line.care_setting_id] = standing._replace(refusal=words, held_by=held_by)
    return found


def _offer_line(
    row: Row,
    payer_setting: PayerSetting | None,
    meant: list[CareSetting],
    standings: dict[int, Standing],
    *,
    settings_list: SettingsList,
    day: dt.date,
) -> OfferedLine:
    care_setting = meant[0] if len(meant) == 1 else None
    standing = standings.get(care_setting.pk, Standing()) if care_setting else Standing()
    starts_on, ends_on, _ = choose_period(standing.latest, day=day, months=settings_list.product.months)
    latest = standing.latest
    refusal = standing.refusal
    if len(meant) > 1:
        refusal = f"You manage {len(meant)} settings of this name. Rent for them from their own pages."
    chosen = "extend" if row.key in settings_list.extended else ""
    chosen = chosen or ("leave_out" if row.key in settings_list.left_out else "")
    return OfferedLine(
        row=row,
        care_setting=care_setting,
        payer_setting=payer_setting,
        starts_on=starts_on,
        last_day=last_day(ends_on),
        follows_last_day=latest.last_day if latest and starts_on == latest.ends_on else None,
        refusal=refusal,
        choice=chosen,
        held_by=standing.held_by,
    )


def _without_twins(lines: list[OfferedLine]) -> list[OfferedLine]:
    """Two names may by now mean one setting: the second is left out, with the reason."""
    seen: dict[int, str] = {}
    tidy = []
    for line in lines:
        if line.care_setting and line.care_setting.pk in seen:
            line = line._replace(refusal=f"This is the same setting as “{seen[line.care_setting.pk]}”.")
        elif line.care_setting:
            seen[line.care_setting.pk] = line.row.name
        tidy.append(line)
    return tidy
