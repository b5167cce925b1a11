"""stripe-python's way out, bent inwards: it builds the bytes that it would send, and gets its answer here."""

import datetime as dt
import hashlib
import json
import operator
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.sandbox import bank, faults, invoice_routes, payer, promotions, rules, shapes, store
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
        if fault in (faults.TIMEOUT_BEFORE, faults.RESET_BEFORE):
            raise _silence(fault)
        if fault in faults.STATUSES:
            return _refuse(fault)
        body, status = answer(method, parts.path, parts.query, post_data or "", headers or {})
        if fault in (faults.TIMEOUT_AFTER, faults.RESET_AFTER):
            raise _silence(fault)
        if fault == faults.MALFORMED:
            return MALFORMED_ANSWER, status, {"request-id": shapes.make_id("req")}
        return _respond(body, status)

    def close(self) -> None:
        """There is nothing to close."""


def _respond(body: Shape, status: int) -> Response:
    return json.dumps(body), status, {"request-id": shapes.make_id("req")}


def _refuse(status: str) -> Response:
    """Answer as Stripe does when it is busy or broken."""
    code = faults.CODES.get(status, "")
    kind = "invalid_request_error" if code else "api_error"
    body, number, headers = _respond(
        shapes.make_error("The sandbox was told to refuse.", kind=kind, code=code), int(status)
    )
    return (
        body,
        number,
        {**headers, "retry-after": faults.RETRY_AFTER_SECONDS} if status == "429" else headers,
    )


def _silence(fault: str) -> stripe.APIConnectionError:
    words = "reset the connection" if fault.startswith("reset") else "be silent"
    return stripe.APIConnectionError(f"The sandbox was told to {words}.", should_retry=True)


def answer(method: str, path: str, query: str, form: str, headers: Mapping[str, str]) -> tuple[Shape, int]:
    """Return (body, status) for one request; refusals are answers too."""
    try:
        if method == "post":
            return _answer_once(path, form, headers.get("Idempotency-Key", ""))
        if method == "delete":
            return _delete(path), 200
        return _read(path, query), 200
    except RefusedError as refused:
        error = shapes.make_error(str(refused), code=refused.code, param=refused.param, kind=refused.kind)
        return error, refused.status


def _answer_once(path: str, form: str, key: str) -> tuple[Shape, int]:
    """Do what is asked at most once for each idempotency key; the same key again gets the same answer."""
    rules.refuse_senseless_request(form, key)
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
    steps = path.strip("/").split("/")
    match steps:
        case ["v1", "checkout", "sessions"]:
            return _create_session(form, now=now)
        case ["v1", "checkout", "sessions", session_id, "expire"]:
            expand = _expansions(rules.read_form(form))
            return store.show_session(store.expire_session(session_id), expand)
        case ["v1", "refunds"]:
            return _create_refund(form)
        case ["v1", "webhook_endpoints"]:
            return _create_endpoint(form, now=now)
        case ["v1", "payment_intents"]:
            rules.refuse_unknown_names(form, rules.KNOWN_FOR_PAYMENT)
            return payer.pay_directly(rules.read_form(form))
        case ["v1", "coupons"]:
            rules.refuse_unknown_names(form, promotions.KNOWN_FOR_COUPON)
            return promotions.make_coupon(rules.read_form(form))
        case ["v1", "promotion_codes"]:
            rules.refuse_unknown_names(form, promotions.KNOWN_FOR_PROMOTION)
            return promotions.make_promotion_code(rules.read_form(form))
        case ["v1", "promotion_codes", promotion_id]:
            rules.refuse_unknown_names(form, frozenset(["active"]))
            return promotions.change_promotion_code(promotion_id, rules.read_form(form))
    made = invoice_routes.act(steps, form, now=now)
    if made is None:
        raise _unknown_address(path)
    return made


def _delete(path: str) -> Shape:
    deleted = invoice_routes.delete(path.strip("/").split("/"))
    if deleted is None:
        raise _unknown_address(path)
    return deleted


def _create_session(form: str, *, now: dt.datetime) -> Shape:
    rules.refuse_unknown_names(form)
    params = rules.read_form(form)
    rules.refuse_senseless_session(params, now=now)
    if "customer" in params:
        store.find("customer", params["customer"])
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


def _read(path: str, query: str) -> Shape:
    params = rules.read_form(query)
    steps = path.strip("/").split("/")
    if steps[-1] in rules.KNOWN_FOR_LIST:
        rules.refuse_unknown_names(query, rules.KNOWN_FOR_LISTS | rules.KNOWN_FOR_LIST[steps[-1]])
        rules.refuse_senseless_page(params)
    elif not rules.EXPANDING & set(steps):
        rules.refuse_unknown_names(query, frozenset())
    found = invoice_routes.read(steps, params)
    if found is not None:
        return _page(path, found, params) if isinstance(found, list) else found
    expand = _expansions(params)
    match steps:
        case ["v1", "checkout", "sessions"]:
            wanted = {name: params[name] for name in ("payment_intent", "status") if name in params}
            found = store.list_objects(store.SESSION, **wanted)
            return _page(path, [store.show_session(one, expand) for one in found], params)
        case ["v1", "checkout", "sessions", session_id]:
            return store.show_session(store.find_session(session_id), expand)
        case ["v1", "charges"]:
            wanted = {name: params[name] for name in ("payment_intent",) if name in params}
            return _page(path, store.list_objects(store.CHARGE, **wanted), params)
        case ["v1", "charges", charge_id]:
            return store.find(store.CHARGE, charge_id)
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
            if "types" in params or "type" in params:
                events = events.filter(type__in=params.get("types", [params.get("type")]))
            return _page(path, [event.body for event in events], params)
    raise _unknown_address(path)


def _page(path: str, found: list[Shape], params: Shape) -> Shape:
    """Return the page of a list that ``created``, a cursor and ``limit`` ask for. Raises RefusedError."""
    asked, limit = params.get("created", {}), int(params.get("limit", 10))
    times = asked if isinstance(asked, dict) else {"gte": asked, "lte": asked}
    found = [
        one
        for one in found
        if all(getattr(operator, TIMES[how])(one["created"], int(when)) for how, when in times.items())
    ]
    before = "ending_before" in params
    cursor = params.get("ending_before") or params.get("starting_after")
    if cursor:
        place = _place_of(cursor, found, name="ending_before" if before else "starting_after")
        found = found[:place] if before else found[place + 1 :]
    page = found[-limit:] if before else found[:limit]
    return shapes.make_list(path, page, has_more=len(page) < len(found))


TIMES = {"gt": "gt", "gte": "ge", "lt": "lt", "lte": "le"}


def _place_of(object_id: str, found: list[Shape], *, name: str) -> int:
    """Return where a list goes on. Raises RefusedError when the object is not in it."""
    ids = [one["id"] for one in found]
    if object_id not in ids:
        raise RefusedError(f"No such object: '{object_id}'", param=name, code="resource_missing")
    return ids.index(object_id)


def _unknown_address(path: str) -> RefusedError:
    return RefusedError(f"Unrecognized request URL ({path}).", code="", status=404)
