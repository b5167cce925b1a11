"""Acts at the roof."""

from tests.house.acts import Act

ACTS = [Act("healthz", {"stranger": 200}, otherwise=200)]
