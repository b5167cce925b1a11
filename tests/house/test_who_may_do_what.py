"""Who may do what: each act of each room, tried by everyone, and no address without an act.

A room's acts stand in tests/house/acts/<room>.py.
"""

import importlib
import pkgutil
from functools import cache

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house import acts as rooms
from tests.house.acts import EVERYONE, Act

# Addresses of packages, which guard themselves and have tests of their own upstream, and Wagtail's catch-all,
# behind which lesson pages ask the gate (tests/courses/test_gate.py).
FOREIGN_PREFIXES = ("account/", "admin/", "documents/", "_util/", "^((?:[\\w\\-]+/)*)$")
OURS_BELOW_FOREIGN = ("accounts", "billing_desk")


@cache
def all_acts() -> list[Act]:
    """Every act of every room."""
    found = []
    for module in pkgutil.iter_modules(rooms.__path__):
        found += importlib.import_module(f"tests.house.acts.{module.name}").ACTS
    return found


def own_url_names() -> set[str]:
    """The name of every address that the project itself defines."""
    names = set()

    def walk(patterns, namespace: str, prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, pattern.namespace or namespace, route)
            elif isinstance(pattern, URLPattern):
                is_foreign = route.lstrip("^").startswith(FOREIGN_PREFIXES) or route.startswith("^((")
                if not is_foreign or namespace in OURS_BELOW_FOREIGN:
                    names.add(f"{namespace}:{pattern.name}" if namespace else str(pattern.name))

    walk(get_resolver().url_patterns, "", "")
    return names


def test_every_address_has_a_declared_policy():
    """An address that nobody thought about is a leak waiting to happen."""
    assert own_url_names() - {act.url_name for act in all_acts()} == set()


def test_every_act_names_an_address_that_exists():
    """A table with rows for addresses that are gone tells nobody anything."""
    assert {act.url_name for act in all_acts()} - own_url_names() == set()


@pytest.mark.parametrize("act", all_acts(), ids=lambda act: act.id)
def test_the_act_answers_each_of_the_cast_as_declared(act, request, as_):
    """One row of the table: everyone tries, and gets what the row says."""
    act.prepare(request)
    found = {}
    for actor in EVERYONE:
        user = None if actor == "stranger" else request.getfixturevalue(actor)
        found[actor] = act.try_as(as_(user), request)
    assert found == act.expected()
