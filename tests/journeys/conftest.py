"""Who walks."""

import pytest

from tests.journeys.walker import Walker


@pytest.fixture
def walk(db):
    """Make walkers: ``walk()`` is a stranger, ``walk(maya)`` has signed in by the form."""

    def new_walker(user=None) -> Walker:
        return Walker().sign_in(user) if user else Walker()

    return new_walker
