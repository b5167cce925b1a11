"""A clock that tests set: for the site, for the sandbox, and for the signatures of its deliveries."""

import datetime as dt
from types import SimpleNamespace

import pytest
import stripe._webhook
from django.utils import timezone

TICK = dt.timedelta(milliseconds=10)


class MovingClock:
    """Time as a test wants it. Each look at it takes a ``tick``, so that nothing happens at the same time."""

    def __init__(self, moment: dt.datetime, *, tick: dt.timedelta = TICK) -> None:
        self.moment, self.tick = moment, tick

    def now(self) -> dt.datetime:
        """An aware moment, a tick later each time."""
        self.moment += self.tick
        return self.moment

    def set_up(self, patch: pytest.MonkeyPatch) -> None:
        """Have everything that asks for the time ask here, until ``patch`` is undone."""
        patch.setattr(timezone, "now", self.now)
        patch.setattr(stripe._webhook, "time", SimpleNamespace(time=lambda: self.moment.timestamp()))
