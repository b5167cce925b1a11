"""Acts on one's own account."""

from tests.house.acts import Act

EVERYBODY_SIGNED_IN = {"answers": {}, "otherwise": 200}

ACTS = [
    Act("accounts:account", **EVERYBODY_SIGNED_IN),
    Act("accounts:change_name", **EVERYBODY_SIGNED_IN),
    Act(
        "accounts:change_name",
        {},
        otherwise=302,
        method="post",
        data=lambda request: {"display_name": "Another Name"},
    ),
    Act("accounts:csrf", {"stranger": 200}, otherwise=200),
    Act("accounts:staff_mfa", {"edith": 200, "stan": 200}),
]
