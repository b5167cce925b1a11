"""Logs carry ids, never words."""

import json
import logging

import pytest

from elearning.logs import RequestIdFilter, WordlessJsonFormatter, request_id


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
