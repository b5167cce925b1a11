"""stripe-python's way out, bent inwards: it builds the bytes that it would send, and gets its answer here."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.sandbox import bank, faults, promotions, rules, shapes, store
from billing.sandbox.models import SandboxEvent, SandboxRequest
from billing.sandbox.rules import RefusedError
from billing.sandbox.shapes import Shape

KEY_LIFE = dt.timedelta(hours=24)
MALFORMED_ANSWER = "<html>Bad gateway"
Response = tuple[str, int, Mapping[str, str]]


class SandboxTransport(stripe.HTTPClient):
    """Answers every call that the gateway makes, in this process, from the sandbox's own tables."""

    name = "sandbox"

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> Response:
        """Answer one request, or misbehave where a test asked for it."""
        parts = urlsplit(url)
        fault = faults.take_fault(method.upper(), parts.path)
        if fault == faults.TIMEOUT_BEFORE:
            raise _time_out()
        if fault in faults.STATUSES:
            return _respond(
                shapes.make_error("The sandbox was told to refuse.", kind="api_error"), int(fault)
            )
        body, status = answer(method, parts.path, parts.query, post_data or "", headers or {})
        if fault == faults.TIMEOUT_AFTER:
            raise _time_out()
        if fault == faults.MALFORMED:
            return MALFORMED_ANSWER, status, {"request-id": shapes.make_id("req")}
        return _respond(body, status)

    def close(self) -> None:
        """There is nothing to close."""


def _respond(body: Shape, status: int) -> Response:
    return json.dumps(body), status, {"request-id": shapes.make_id("req")}


def _time_out() -> stripe.APIConnectionError:
    return stripe.APIConnectionError("The sandbox was told to be silent.", should_retry=True)


def answer(method: str, path: str, query: str, form: str, headers: Mapping[str, str]) -> tuple[Shape, int]:
    """Return (body, status) for one request; refusals are answers too."""
    try:
        if method == "post":
            return _answer_once(path, form, headers.get("Idempotency-Key", ""))
        return _read(path, rules.read_form(query)), 200
    except RefusedError as refused:
        error = shapes.make_error(str(refused), code=refused.code, param=refused.param)
        return error, refused.status


def _answer_once(path: str, form: str, key: str) -> tuple[Shape, int]:
    """Do what is asked at most once for each idempotency key; the same key again gets the same answer."""
    fingerprint = hashlib.sha256(f"{path}?{form}".encode()).hexdigest()
    now = timezone.now()
    SandboxRequest.objects.filter(key=key, created_at__lt=now - KEY_LIFE).delete()
    try:
        with transaction.atomic():
            record = SandboxRequest.objects.create(
                key=key, fingerprint=fingerprint, status=200, body={}, created_at=now
            )
            record.body = _act(path, form, now=now)
            record.save(update_fields=["body"])
    except IntegrityError:
        record = SandboxRequest.objects.get(key=key)
        if record.fingerprint != fingerprint:
            message = "Keys for idempotent requests can only be used with the same parameters."
            return shapes.make_error(message, kind="idempotency_error"), 400
    return record.body, record.status


def _act(path: str, form: str, *, now: dt.datetime) -> Shape:
    match path.strip("/").split("/"):
        case ["v1", "checkout", "sessions"]:
            return _create_session(form, now=now)
        case ["v1", "checkout", "sessions", session_id, "expire"]:
            expand = _expansions(rules.read_form(form))
            return store.show_session(store.expire_session(session_id), expand)
        case ["v1", "refunds"]:
            return _create_refund(form)
        case ["v1", "webhook_endpoints"]:
            return _create_endpoint(form, now=now)
        case ["v1", "coupons"]:
            rules.refuse_unknown_names(form, promotions.KNOWN_FOR_COUPON)
            return promotions.make_coupon(rules.read_form(form))
        case ["v1", "promotion_codes"]:
            rules.refuse_unknown_names(form, promotions.KNOWN_FOR_PROMOTION)
            return promotions.make_promotion_code(rules.read_form(form))
        case ["v1", "promotion_codes", promotion_id]:
            rules.refuse_unknown_names(form, frozenset(["active"]))
            return promotions.change_promotion_code(promotion_id, rules.read_form(form))
    raise _unknown_address(path)


def _create_session(form: str, *, now: dt.datetime) -> Shape:
    rules.refuse_unknown_names(form)
    params = rules.read_form(form)
    rules.refuse_senseless_session(params, now=now)
    session = shapes.make_session(params, now=now, page_address=store.page_address)
    for discount in params.get("discounts", []):
        session = promotions.apply_discount(session, discount)
    store.keep(session)
    return store.show_session(session, _expansions(params))


def _create_refund(form: str) -> Shape:
    rules.refuse_unknown_names(form, rules.KNOWN_FOR_REFUND)
    params = rules.read_form(form)
    rules.refuse_senseless_refund(params)
    return bank.give_back(params)


def _create_endpoint(form: str, *, now: dt.datetime) -> Shape:
    rules.refuse_unknown_names(form, rules.KNOWN_FOR_ENDPOINT)
    params = rules.read_form(form)
    if not str(params.get("url", "")).startswith("https://"):
        raise RefusedError("Invalid URL: an address with https is needed.", param="url", code="url_invalid")
    if not params.get("enabled_events"):
        raise RefusedError("Missing required param: enabled_events.", param="enabled_events")
    endpoint = store.keep(shapes.make_endpoint(params, now=now))
    return {**endpoint, "secret": shapes.make_id("whsec")}


def _expansions(params: Shape) -> list[str]:
    names = params.get("expand", [])
    rules.refuse_unknown_expansions(names)
    return names


def _read(path: str, params: Shape) -> Shape:
    expand = _expansions(params)
    match path.strip("/").split("/"):
        case ["v1", "checkout", "sessions"]:
            wanted = {name: params[name] for name in ("payment_intent", "status") if name in params}
            found = store.list_objects(store.SESSION, **wanted)
            return _page(path, [store.show_session(one, expand) for one in found], params)
        case ["v1", "checkout", "sessions", session_id]:
            return store.show_session(store.find_session(session_id), expand)
        case ["v1", "payment_intents", intent_id]:
            return store.find(store.INTENT, intent_id)
        case ["v1", "refunds" | "disputes" as kind]:
            wanted = {name: params[name] for name in ("payment_intent", "charge") if name in params}
            return _page(path, store.list_objects(kind.removesuffix("s"), **wanted), params)
        case ["v1", "refunds" | "disputes" as kind, object_id]:
            return store.find(kind.removesuffix("s"), object_id)
        case ["v1", "coupons" | "promotion_codes" as kind]:
            wanted = {name: params[name] for name in ("code",) if name in params}
            wanted |= {"active": params["active"] == "true"} if "active" in params else {}
            return _page(path, store.list_objects(kind.removesuffix("s"), **wanted), params)
        case ["v1", "coupons" | "promotion_codes" as kind, object_id]:
            return store.find(kind.removesuffix("s"), object_id)
        case ["v1", "webhook_endpoints"]:
            return _page(path, store.list_objects("webhook_endpoint"), params)
        case ["v1", "events"]:
            events = SandboxEvent.objects.order_by("-created_at", "id")
            if "delivery_success" in params:
                events = events.filter(delivered_at__isnull=params["delivery_success"] == "false")
            return _page(path, [event.body for event in events], params)
    raise _unknown_address(path)


def _page(path: str, found: list[Shape], params: Shape) -> Shape:
    """Return the page of a list that ``created``, ``starting_after`` and ``limit`` ask for."""
    since = int(params.get("created", {}).get("gte", 0))
    found = [one for one in found if one["created"] >= since]
    ids = [one["id"] for one in found]
    start = ids.index(params["starting_after"]) + 1 if params.get("starting_after") in ids else 0
    end = start + int(params.get("limit", 10))
    return shapes.make_list(path, found[start:end], has_more=end < len(found))


def _unknown_address(path: str) -> RefusedError:
    return RefusedError(f"Unrecognized request URL ({path}).", code="", status=404)
