"""Ways in which Stripe misbehaves, for tests: lost answers, conflicts, outages, late and repeated news.

with faults.injected(Fault("timeout_after", times=1)): …
with faults.held_deliveries() as held: …; held.deliver(times=3, shuffle=random.Random(1))
"""

import dataclasses
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TIMEOUT_BEFORE = "timeout_before"  # the request never arrived
TIMEOUT_AFTER = "timeout_after"  # Stripe acted, the answer was lost
RESET_BEFORE = "reset_before"  # the connection was cut before Stripe heard anything
RESET_AFTER = "reset_after"  # Stripe acted, the connection was cut
MALFORMED = "malformed"  # the answer is no JSON
STATUSES = ("409", "429", "500", "503")
CODES = {"409": "lock_timeout", "429": "rate_limit"}
RETRY_AFTER_SECONDS = "2"
KINDS = (TIMEOUT_BEFORE, TIMEOUT_AFTER, RESET_BEFORE, RESET_AFTER, MALFORMED, *STATUSES)


@dataclasses.dataclass
class Fault:
    """What goes wrong with the next ``times`` requests whose method and path contain ``where``."""

    kind: str
    where: str = ""
    times: int = 1


_lock = threading.Lock()
_faults: list[Fault] = []
_watchers: list[Callable[[str, str], None]] = []
_held: "list[HeldDeliveries]" = []


def take_fault(method: str, path: str) -> str:
    """Return the kind of fault that this request meets, or an empty string."""
    for watcher in list(_watchers):
        watcher(method, path)
    with _lock:
        for fault in _faults:
            if fault.times > 0 and fault.where in f"{method} {path}":
                fault.times -= 1
                return fault.kind
    return ""


@contextmanager
def injected(*faults: Fault) -> Iterator[None]:
    """Have these faults happen, in any thread, until the block ends."""
    _faults.extend(faults)
    try:
        yield
    finally:
        for fault in faults:
            _faults.remove(fault)


@contextmanager
def watched(watcher: Callable[[str, str], None]) -> Iterator[None]:
    """Call ``watcher(method, path)`` at each request."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


class HeldDeliveries:
    """News that Stripe has, and the site has not."""

    def __init__(self) -> None:
        self.event_ids: list[str] = []

    def in_order(self, *, times: int = 1, shuffle: random.Random | None = None) -> list[str]:
        """Return the held event ids, each ``times`` times, shuffled where wanted."""
        event_ids = self.event_ids * times
        if shuffle:
            shuffle.shuffle(event_ids)
        return event_ids


@contextmanager
def held_deliveries() -> Iterator[HeldDeliveries]:
    """Hold all deliveries back until the test sends them itself (``deliveries.deliver``)."""
    held = HeldDeliveries()
    _held.append(held)
    try:
        yield held
    finally:
        _held.remove(held)


def hold_delivery(event_id: str) -> bool:
    """Keep a delivery back where a test asked for it; return whether it was kept."""
    for held in _held:
        held.event_ids.append(event_id)
    return bool(_held)
