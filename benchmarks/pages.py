"""The pages whose cost is told."""

import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests
import stripe

from benchmarks.server import Server
from benchmarks.statements import ANSWER, ASK

CSRF = "benchmark" * 3 + "token"
WEBHOOK = "/billing/stripe/webhook/"


@dataclass(frozen=True)
class Page:
    """One kind of request; ``body`` makes what is posted, afresh each time."""

    name: str
    path: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: Callable[[], tuple[bytes | dict, Mapping[str, str]]] | None = None
    status: int = 200
    heard: Callable[[requests.Response], None] = lambda answer: None

    def ask(self, server: Server, **headers: str) -> requests.Response:
        """Send it once. Cookies go in a header: two people share one connection here."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": cookie, **headers}
        options = {"allow_redirects": False, "timeout": 60}
        if self.body is None:
            return server.client.get(server.address(self.path), headers=sent, **options)
        data, more = self.body()
        answer = server.client.post(server.address(self.path), data=data, headers={**sent, **more}, **options)
        if answer.status_code == self.status:
            self.heard(answer)
        return answer

    def statements(self, server: Server) -> str:
        """How many statements it takes, warm."""
        return self.ask(server, **{ASK: "1"}).headers.get(ANSWER, "?")


class Drafter:
    """Somebody typing: each save carries the version that the last answer gave."""

    def __init__(self, data: Mapping) -> None:
        self.path = data["draft"]
        self.cookies = {**data["cookies"]["practitioner"], "csrf": CSRF}
        self.version = 0
        self.number = 0

    def body(self) -> tuple[dict, dict]:
        """The next few words."""
        self.number += 1
        words = {
            "text": f"Nappy changes are the calmest minutes of my day. {self.number}",
            "version": self.version,
        }
        return words, {"X-CSRFToken": CSRF, "Accept": "application/json"}

    def heard(self, answer: requests.Response) -> None:
        """Take the new version from the answer."""
        self.version = answer.json()["version"]


class Bell:
    """Stripe ringing: each time about another paid order, or with the same event again and again."""

    def __init__(self, data: Mapping, *, repeats: bool) -> None:
        self.secret = data["webhook_secret"]
        self.checkouts = itertools.repeat(data["checkouts"][0]) if repeats else iter(data["checkouts"])

    def body(self) -> tuple[bytes, dict]:
        """A signed event, as stripe-python's own function signs it."""
        checkout = next(self.checkouts)
        event = {
            "id": f"evt_bench_{checkout}",
            "object": "event",
            "type": "checkout.session.completed",
            "livemode": False,
            "api_version": stripe.api_version,
            "created": int(time.time()),
            "data": {"object": {"id": checkout, "object": "checkout.session"}},
        }
        payload = json.dumps(event)
        signature = stripe.WebhookSignature.generate_signature_header(payload, self.secret)
        return payload.encode(), {"Content-Type": "application/json", "Stripe-Signature": signature}


def pages(data: Mapping) -> list[Page]:
    """All pages, the limit first."""
    # Who is signed in has had a form before, and with it the cookie of the forms.
    practitioner, manager = ({**data["cookies"][name], "csrf": CSRF} for name in ("practitioner", "manager"))
    drafter = Drafter(data)
    return [
        Page("limit", f"/limit/?prompt={data['prompt_id']}", practitioner),
        Page("session page, practitioner, course of 10", data["small_session"], practitioner),
        Page("session page, practitioner, course of 500", data["large_session"], practitioner),
        Page("save a draft", drafter.path, drafter.cookies, drafter.body, heard=drafter.heard),
        Page("catalogue, anonymous", "/courses/"),
        Page("course page, anonymous", data["course"]),
        Page("setting home, manager, 500 people × 40 sessions", data["home"], manager),
        Page("team action plan, 200 actions", data["plan"], manager),
        Page("webhook that makes a term", WEBHOOK, body=Bell(data, repeats=False).body),
        Page("webhook, a repeat", WEBHOOK, body=Bell(data, repeats=True).body),
    ]
