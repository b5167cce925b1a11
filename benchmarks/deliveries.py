"""``make bench-deliveries``: ten thousand rings of Stripe's, and every order is right in the end.

Signed deliveries for two thousand orders, shuffled, 60 % of them repeats, eight at once, go over HTTP to
gunicorn; forged ones are among them, and web workers are killed with -9 twice on the way. As with Stripe,
what is not answered with 200 is sent again. Afterwards each paid order must have exactly one term and one
receipt, and no other order any. Ends with 1 when something is wrong. Talks to this machine only, and ends
only what it started.
"""

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests
from stripe import WebhookSignature

from benchmarks.database import fresh_database, run
from benchmarks.server import Server

DATABASE = "elearning_bench_deliveries"
WEBHOOK = "/billing/stripe/webhook/"
AT_ONCE = 8
TRIES = 30
FORGERIES = ("wrong secret", "changed body", "an hour old", "no signature")
MUST_BE_NONE = (
    "paid orders without exactly one term",
    "paid orders without exactly one receipt",
    "other orders with a term or a receipt",
    "forged deliveries that were taken",
    "events not processed",
)


@dataclass(frozen=True)
class Ring:
    """One delivery: an event's body, and how it is forged, if it is."""

    body: str
    forgery: str = ""

    def signed(self, secret: str) -> tuple[bytes, dict[str, str]]:
        """The bytes and headers as they are sent now."""
        age = 3600 if self.forgery == "an hour old" else 0
        key = "whsec_somebody_elses" if self.forgery == "wrong secret" else secret
        signature = WebhookSignature.generate_signature_header(self.body, key, int(time.time()) - age)
        body = self.body + " " if self.forgery == "changed body" else self.body
        headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
        if self.forgery == "no signature":
            del headers["Stripe-Signature"]
        return body.encode(), headers


def plan(made: dict, *, deliveries: int, forged: int, chance: random.Random) -> tuple[list[Ring], list[str]]:
    """Return all deliveries, shuffled, and the checkouts of the paid orders that are told.

    A fiftieth of the paid orders is never told: only forgers ring about them, and nothing may open. About
    unpaid orders genuine events say "paid", as a late or mistaken event would: they may open nothing either.
    """
    silent, told = made["paid"][::50], [one for number, one in enumerate(made["paid"]) if number % 50]
    events = [event for _, rings in told for event in rings]
    events += [_claim(session_id, "unpaid", number) for number, session_id in enumerate(made["unpaid"])]
    rings = [Ring(json.dumps(event)) for event in events]
    rings += chance.choices(rings, k=deliveries - len(rings))
    targets = [session_id for session_id, _ in silent] + made["unpaid"]
    rings += [
        Ring(
            json.dumps(_claim(targets[number % len(targets)], "forged", number)),
            FORGERIES[number % len(FORGERIES)],
        )
        for number in range(forged)
    ]
    chance.shuffle(rings)
    return rings, [session_id for session_id, _ in told]


def _claim(session_id: str, why: str, number: int) -> dict:
    """An event that says that a checkout is paid."""
    return {
        "id": f"evt_{why}_{number}",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "created": int(time.time()),
        "data": {"object": {"id": session_id, "object": "checkout.session", "payment_status": "paid"}},
    }


class Postman:
    """Delivers, eight at once, and remembers what was answered."""

    def __init__(self, server: Server, secret: str, *, until: float) -> None:
        self.server, self.secret, self.until = server, secret, until
        self.own = threading.local()
        self.lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.done = 0

    def deliver(self, ring: Ring) -> None:
        """Deliver until it is taken, or refused for good."""
        wanted = 400 if ring.forgery else 200
        answer = ""
        for number in range(TRIES):
            if time.monotonic() > self.until:
                break
            answer = self._post(ring)
            with self.lock:
                self.answers[answer] += 1
            if answer in ("200", "400"):
                break
            time.sleep(min(0.1 * 2**number, 3))
        with self.lock:
            self.done += 1
            if answer != str(wanted):
                self.wrong[f"{ring.forgery or 'genuine'}: {answer or 'not sent in time'}"] += 1

    def _post(self, ring: Ring) -> str:
        if not hasattr(self.own, "client"):
            self.own.client = requests.Session()
        body, headers = ring.signed(self.secret)
        address = self.server.address(WEBHOOK)
        try:
            return str(self.own.client.post(address, data=body, headers=headers, timeout=60).status_code)
        except (requests.ConnectionError, requests.Timeout):
            return "no answer"


def kill_workers(server: Server, postman: Postman, *, at: list[int]) -> list[int]:
    """Kill one web worker of ``server``, later all, when so many deliveries are done; return their ids."""
    killed = []
    for number, done in enumerate(at):
        while postman.done < done and time.monotonic() < postman.until:
            time.sleep(0.05)
        for pid in server.workers()[: 1 if number == 0 else None]:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
    return killed


def main() -> None:
    """Fill a database, start the server, ring, kill, look, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deliveries", description=__doc__)
    parser.add_argument("--orders", type=int, default=2000, choices=range(50, 2001), metavar="50…2000")
    parser.add_argument("--minutes", type=int, default=20, choices=range(1, 61), metavar="1…60")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    deliveries, forged = chosen.orders * 5, chosen.orders // 10
    print(f"→ Database, and {chosen.orders} orders", flush=True)
    database_url = fresh_database(DATABASE)
    made = json.loads(run(database_url, "delivery_orders", f"fill({chosen.orders})"))
    chance = random.Random(chosen.seed)  # noqa: S311 # nosec B311 - no secret
    rings, told = plan(made, deliveries=deliveries, forged=forged, chance=chance)
    print(f"→ gunicorn, {len(rings)} deliveries, {AT_ONCE} at once", flush=True)
    server = Server(database_url)
    try:
        began = time.monotonic()
        postman = Postman(server, made["secret"], until=began + chosen.minutes * 60)
        with ThreadPoolExecutor(AT_ONCE + 1) as pool:
            killed = pool.submit(kill_workers, server, postman, at=[len(rings) // 3, len(rings) * 2 // 3])
            list(pool.map(postman.deliver, rings))
        seconds = time.monotonic() - began
    finally:
        server.stop()
    ids = sorted({json.loads(ring.body)["id"] for ring in rings if ring.forgery})
    truth = json.loads(run(database_url, "delivery_orders", f"tell({told!r}, {ids!r})"))
    is_right = report(rings, postman, truth, killed=killed.result(), seconds=seconds)
    sys.exit(not is_right)


def report(rings: list[Ring], postman: Postman, truth: dict, *, killed: list[int], seconds: float) -> bool:
    """Print the table; return whether all is as it must be."""
    genuine = Counter(ring.body for ring in rings if not ring.forgery)
    rows: list[tuple[str, object]] = [
        ("deliveries, genuine", genuine.total()),
        ("of them repeats", f"{1 - len(genuine) / genuine.total():.0%}"),
        ("deliveries, forged", len(rings) - genuine.total()),
        ("web workers killed with -9", len(killed)),
        *((f"answered {answer}", count) for answer, count in sorted(postman.answers.items())),
        ("deliveries that ended wrongly", dict(postman.wrong) or 0),
        *((name, value or 0) for name, value in truth.items()),
        ("deliveries a second", f"{len(rings) / seconds:.0f}"),
    ]
    for name, value in rows:
        print(f"{name:<44} {value!s:>12}")
    is_right = (
        not postman.wrong
        and not truth["promises broken"]
        and len(killed) > 1
        and truth["paid orders"] > 0
        and all(truth[name] == 0 for name in MUST_BE_NONE)
    )
    print("All is right." if is_right else "SOMETHING IS WRONG.")
    return is_right


if __name__ == "__main__":
    main()
