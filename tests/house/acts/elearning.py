"""Acts at the roof."""

from tests.house.acts import Act

EVERYBODY = {"answers": {"stranger": 200}, "otherwise": 200}

ACTS = [
    Act("healthz", **EVERYBODY),
    Act("accessibility", **EVERYBODY),
    Act("privacy", **EVERYBODY),
    Act("favicon", {"stranger": 302}, otherwise=302),
]
