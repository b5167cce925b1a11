"""Gate 1: closed twins of the types that stripe-python generates for its parameters.

Stripe's types are open: a wrong name is no fault to them, and a list of words ends in ``| str``. A twin
allows only the names and words that are listed, and values as a form writes them: 12 as "12", True as "true".
"""

import importlib
import re
import types
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import stripe
from pydantic import ConfigDict, StrictStr, StringConstraints, TypeAdapter, ValidationError
from stripe._request_options import RequestOptions
from typing_extensions import NotRequired, Required, TypedDict, is_typeddict  # noqa: UP035 - as stripe does

from tests.billing.conformity.wire import Addresses

WHOLE = Annotated[str, StringConstraints(strict=True, pattern=r"^-?[0-9]+$")]
DECIMAL = Annotated[str, StringConstraints(strict=True, pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
FLAG = Literal["true", "false"]


def find_faults(method: str, path: str, values: dict[str, Any]) -> list[str]:
    """Return what stripe-python's types say against a request; nothing when all is well."""
    params = _addresses().find(method, path)
    if params is None:
        return [f"stripe-python knows no {method.upper()} {path}"]
    if not params:
        return [f"{name}: no parameter is taken here" for name in values]
    try:
        _adapter(*params).validate_python(values)
    except ValidationError as error:
        return [
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'][:120]}"
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    return []


@cache
def _addresses() -> Addresses[tuple[str, str] | tuple[()]]:
    """Return where each method of stripe-python's services calls, and the type of what it sends."""
    rows = []
    for file in Path(stripe.__file__).parent.rglob("_*_service.py"):
        text = file.read_text()
        homes = {
            name: home for home, name in re.findall(r"from (stripe\.params\S*) import \(?\s*(\w+)", text)
        }
        for block in re.split(r"\n    (?=async def |def )", text)[1:]:
            call = re.search(r'self\._request\(\s*"(\w+)",\s*"(/v1/[^"]*)"', block)
            named = re.search(r'params: (?:Optional\[)?\s*"(\w+)"', block)
            if call:
                rows.append((call[1], call[2], (homes[named[1]], named[1]) if named else ()))
    return Addresses(rows)


@cache
def _adapter(home: str, name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_close(getattr(importlib.import_module(home), name)))


def _close(kind: Any) -> Any:
    """Return the twin of a TypedDict: nothing but what is listed."""
    own = {
        name: hint
        for name, hint in kind.__annotations__.items()
        if name not in RequestOptions.__annotations__
    }
    holder = type("Holder", (), {"__annotations__": own})
    scope = vars(importlib.import_module(kind.__module__))
    hints = get_type_hints(holder, globalns=scope, include_extras=True)
    twin = TypedDict(kind.__name__, {name: _twin(hint) for name, hint in hints.items()})  # type: ignore[misc]
    twin.__pydantic_config__ = ConfigDict(extra="forbid")
    return twin


LEAVES = {str: StrictStr, int: WHOLE, float: DECIMAL, bool: FLAG}


def _twin(hint: Any) -> Any:
    """Return how a form writes a value of this type."""
    origin, parts = get_origin(hint), get_args(hint)
    if is_typeddict(hint):
        return _close(hint)
    if origin in (NotRequired, Required):
        return origin[_twin(parts[0])]
    if origin in (Union, types.UnionType):
        return Union[tuple(_twin(part) for part in _closed_words(parts) if part is not type(None))]  # noqa: UP007
    if origin is Literal:
        return hint
    if origin is list:
        return list[_twin(parts[0])]  # type: ignore[misc]
    if parts:  # dict[str, …], and UntypedStripeObject[…], which stands for the same
        return dict[str, _twin(parts[-1])]  # type: ignore[misc]
    return LEAVES.get(hint, DECIMAL)


def _closed_words(parts: tuple[Any, ...]) -> list[Any]:
    """Return the members of a union without the ``str`` that keeps a list of words open."""
    words = [word for part in parts if get_origin(part) is Literal for word in get_args(part) if word]
    return [part for part in parts if not (words and part is str)]
