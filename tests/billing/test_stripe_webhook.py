"""The webhook: what is forged, stale, broken or of the other mode gets 400, never 500, and does nothing."""

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing import services
from billing.models import Order, StripeEvent
from billing.sandbox import faults
from tests.billing import wire

pytestmark = pytest.mark.django_db

REAL_SECRETS = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRETS": ["whsec_new", "whsec_old"]}


def test_a_genuine_event_of_no_interest_gets_200():
    """The refusals below would mean nothing if this were refused too."""
    assert wire.post(wire.make_body("customer.created")) == 200
    assert StripeEvent.objects.get().processed_at


def test_an_unknown_type_gets_200():
    assert wire.post(wire.make_body("v9.something.new")) == 200


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "rubbish",
        "t=1",
        "t=x,v1=y",
        "v1=abc",
        "t=1,v1=é",
        "t=" + "9" * 5000 + ",v1=0",
        ",,,=,=",
        "t=1=2,v1",
    ],
)
def test_no_signature_or_a_garbage_header_gets_400(signature):
    assert wire.post(wire.make_body(), signature) == 400


def test_a_wrong_secret_gets_400():
    body = wire.make_body()
    assert wire.post(body, wire.sign(body, secret="whsec_of_somebody_else")) == 400


def test_a_changed_body_gets_400():
    body = wire.make_body()
    assert wire.post(body.replace("customer", "consumer"), wire.sign(body)) == 400


@pytest.mark.parametrize(("age", "expected"), [(290, 200), (301, 400), (-290, 200), (-310, 400)])
def test_a_delivery_from_long_ago_or_from_the_future_gets_400(age, expected):
    body = wire.make_body()
    assert wire.post(body, wire.sign(body, age=age)) == expected


def test_a_v0_signature_alone_gets_400():
    body = wire.make_body()
    assert wire.post(body, wire.sign(body).replace("v1=", "v0=")) == 400


@pytest.mark.parametrize(
    ("secret", "expected"), [("whsec_new", 200), ("whsec_old", 200), ("whsec_older", 400)]
)
def test_the_old_secret_is_taken_while_it_is_rolled(settings, secret, expected):
    for name, value in REAL_SECRETS.items():
        setattr(settings, name, value)
    body = wire.make_body()
    assert wire.post(body, wire.sign(body, secret=secret)) == expected


def test_without_any_secret_everything_gets_400(settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_1", []
    body = wire.make_body()
    assert wire.post(body, wire.sign(body, secret="whsec_x")) == 400
    assert wire.post(body, wire.sign(body, secret=" ")) == 400


def test_a_body_that_is_not_utf_8_gets_400():
    assert wire.post(b"\xff\xfe{}", "t=1,v1=2") == 400


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "null",
        '"event"',
        "not json",
        "[" * 50_000,
        '{"object": "v2.core.event", "id": "evt_1", "type": "v1.thing"}',
        '{"object": "event"}',
        '{"object": "event", "id": 7, "type": "a", "livemode": false, "data": {"object": {}}}',
        '{"object": "event", "id": "evt_\\u0000", "type": "a", "livemode": false, "data": {"object": {}}}',
        '{"object": "event", "id": "evt_1", "type": "a", "livemode": false, "data": []}',
        '{"object": "event", "id": "evt_1", "type": [], "livemode": false, "data": {"object": {}}}',
        '{"object": "event", "id": "evt_1", "type": "a", "livemode": 0, "data": {"object": {}}}',
    ],
)
def test_what_is_signed_but_no_event_gets_400(body):
    assert wire.post(body) == 400
    assert not StripeEvent.objects.exists()


def test_an_event_of_the_other_mode_gets_400():
    assert wire.post(wire.make_body(livemode=True)) == 400
    assert not StripeEvent.objects.exists()


def test_a_body_over_the_cap_gets_413():
    body = wire.make_body(padding="x" * 256 * 1024)
    assert wire.post(body) == 413


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
def test_anything_but_post_gets_405(method):
    assert getattr(Client(), method)(reverse("billing:stripe_webhook")).status_code == 405


def test_no_csrf_token_is_needed():
    body = wire.make_body()
    client = Client(enforce_csrf_checks=True)
    address = reverse("billing:stripe_webhook")
    response = client.post(
        address, body, content_type="application/json", headers={"Stripe-Signature": wire.sign(body)}
    )
    assert response.status_code == 200


def test_only_a_hash_of_the_body_is_kept():
    body = wire.make_body(thing={"id": "cus_1", "object": "customer", "email": "canary@example.org"})
    wire.post(body)
    kept = StripeEvent.objects.values().get()
    assert "canary" not in json.dumps(kept, default=str)
    assert len(kept["body_sha256"]) == 64


def test_a_lock_that_is_not_to_be_had_gets_503_and_the_event_stays_unprocessed(order, pay, monkeypatch):
    with faults.held_deliveries() as held:
        pay(order)
    body = wire.event_body(held.event_ids[0])

    def locked(**ignored):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(services, "reconcile_order", locked)
        assert wire.post(body) == 503
    assert StripeEvent.objects.get().processed_at is None
    assert wire.post(body) == 200
    order.refresh_from_db()
    assert order.status == "fulfilled"


@pytest.mark.parametrize("kind", ["timeout_before", "429", "500", "malformed"])
def test_while_stripe_is_away_a_delivery_gets_503_and_works_when_it_comes_again(order, pay, kind):
    with faults.held_deliveries() as held:
        pay(order)
    body = wire.event_body(held.event_ids[0])
    with faults.injected(faults.Fault(kind, where="GET", times=10)):
        assert wire.post(body) == 503
    order.refresh_from_db()
    assert order.status == "open"
    assert wire.post(body) == 200
    order.refresh_from_db()
    assert order.status == "fulfilled"


def test_a_conflict_at_stripe_is_tried_again_at_once(order, pay):
    with faults.held_deliveries() as held:
        pay(order)
    with faults.injected(faults.Fault("409", where="GET", times=2)):
        assert wire.post(wire.event_body(held.event_ids[0])) == 200
    order.refresh_from_db()
    assert order.status == "fulfilled"


# --- What a ring costs -----------------------------------------------------------------------------

PLUMBING = ("SAVEPOINT", "RELEASE", "SET LOCAL")


def cost_of_first_ring(order, pay) -> int:
    """How many statements of ours the first ring about a paid order takes, without the sandbox's own."""
    with faults.held_deliveries() as held:
        pay(order)
    body = wire.event_body(held.event_ids[0])
    with CaptureQueriesContext(connection) as captured:
        assert wire.post(body) == 200
    order.refresh_from_db()
    assert order.status == "fulfilled"
    asked = [query["sql"] for query in captured]
    return sum(not sql.startswith(PLUMBING) and "billing_sandbox_" not in sql for sql in asked)


def test_the_first_ring_of_an_order_costs_little(order, pay):
    ContentType.objects.get_for_model(Order)
    assert cost_of_first_ring(order, pay) <= 23


def test_many_lines_cost_the_first_ring_no_more_than_their_letters(order_many, pay):
    """A letter takes five: its setting locked, earlier letters ended, written, noted, and its mail queued."""
    ContentType.objects.get_for_model(Order)
    few = cost_of_first_ring(order_many("Oak"), pay)
    many = cost_of_first_ring(order_many(*[f"Elm {number}" for number in range(30)]), pay)
    assert few <= 30
    assert many - few == 29 * 5
