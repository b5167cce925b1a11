"""Logs carry ids, never words."""

import json
import logging

import pytest
from django.conf import settings

from elearning.logs import RequestIdFilter, SecretAddressFilter, WordlessJsonFormatter, request_id


def written(record: logging.LogRecord) -> dict:
    RequestIdFilter().filter(record)
    formatter = WordlessJsonFormatter("%(levelname)s %(name)s %(message)s %(request_id)s")
    return json.loads(formatter.format(record))


def test_a_line_is_one_json_object_with_the_id_of_its_request():
    token = request_id.set("abc123")
    try:
        line = written(logging.makeLogRecord({"msg": "saved", "levelname": "INFO", "reflection_id": 7}))
    finally:
        request_id.reset(token)
    assert line["request_id"] == "abc123"
    assert line["reflection_id"] == 7


def test_an_exception_names_its_kind_and_place_but_not_what_was_typed():
    try:
        raise ValueError("I felt alone with the twins today")
    except ValueError as error:
        record = logging.makeLogRecord(
            {"msg": "failed", "exc_info": (ValueError, error, error.__traceback__)}
        )
    text = json.dumps(written(record))
    assert "alone with the twins" not in text
    assert "test_logs.py" in text


@pytest.mark.django_db
def test_each_answer_carries_its_request_id(client):
    assert len(client.get("/healthz")["X-Request-Id"]) == 16


@pytest.mark.parametrize(
    "address",
    [
        "/invitations/0123abcd/",
        "/join/abcd-efgh-jkmn/",
        "/account/password/reset/key/7-abcd-0123/",
        "/account/confirm-email/MQ:1vab:sign/",
        "/films/eyJuYW1l:1v:sign/",
        "/account/login/?next=%2Fjoin%2Fabcd-efgh-jkmn%2F",
    ],
)
def test_an_address_that_lets_people_in_is_cut_off_before_its_secret(address):
    record = logging.makeLogRecord({"msg": "%s: %s", "args": ("Gone", address), "levelname": "WARNING"})
    SecretAddressFilter().filter(record)
    text = written(record)["message"]
    secret = address.replace("%2F", "/").strip("/").rpartition("/")[2]
    assert secret not in text
    assert text.startswith("Gone: /")
    assert "…" in text


def test_any_other_address_is_written_whole():
    record = logging.makeLogRecord(
        {"msg": "%s: %s", "args": ("Not Found", "/at/x/people/invitations/7/resend/")}
    )
    SecretAddressFilter().filter(record)
    assert written(record)["message"].startswith("Not Found: /at/x/people/")


def test_whatever_is_written_passes_the_filters():
    for handler in settings.LOGGING["handlers"].values():
        assert {"request_id", "secret_addresses"} <= set(handler["filters"])
