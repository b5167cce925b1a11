"""Who plays in the machine, and what there is to rent."""

from types import SimpleNamespace
from typing import Any

import pytest

from billing import stripe_gateway
from tests import factories as make

CODES: dict[str, Any] = {
    "TENTH": {"percent_off": 10},
    "ALL": {"percent_off": 100},
    "ONCE": {"amount_off": 500, "currency": "gbp"},
}
# What a payer's list may name: a setting that the buyer may manage, and two whose managers get a letter.
NAMES = ("Willow Lane", "Oak", "Elm")


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """Maya and Ben manage Willow Lane, Omar Harbour House; Maya and Gwen order for Bright Nurseries, too."""
    willow_lane = make.make_care_setting("Willow Lane")
    harbour_house = make.make_care_setting("Harbour House")
    maya, ben, omar = (make.make_user(name) for name in ("Maya Okafor", "Ben Manager", "Omar Reyes"))
    for user, care_setting in ((maya, willow_lane), (ben, willow_lane), (omar, harbour_house)):
        make.make_membership(user, care_setting, "owner", "manager")
    payer, gwen = make.make_payer("Bright Nurseries"), make.make_user("Gwen Bright")
    for user in (gwen, maya):
        payer.people.create(user=user)
    stripe = stripe_gateway.get_client().v1
    for code, off in CODES.items():
        promotion = {"type": "coupon", "coupon": stripe.coupons.create(off).id}
        limits = {"max_redemptions": 1} if code == "ONCE" else {}
        stripe.promotion_codes.create({"code": code, "promotion": promotion, **limits})
    return SimpleNamespace(
        buyers=[(maya, willow_lane), (ben, willow_lane), (omar, harbour_house)],
        payer=payer,
        payers_people=[gwen, maya],
        # To whom the letter about each name goes, and the setting that they manage already.
        managers={
            "Willow Lane": (ben, willow_lane),
            "Oak": (maya, willow_lane),
            "Elm": (omar, harbour_house),
        },
        products=[make.make_product("Section two"), make.make_product("Whole course", months=1)],
        staff=make.make_user("Stan Moss", is_staff=True),
    )
