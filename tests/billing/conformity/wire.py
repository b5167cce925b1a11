"""What a request says on the wire: its form as nested values, and the address that it is meant for."""

import re
from collections.abc import Iterable
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

Row = TypeVar("Row")


def read_form(text: str) -> dict[str, Any]:
    """Return the nested values of a form: ``a[0][b]=c`` gives ``{"a": [{"b": "c"}]}``. Leaves are text.

    The sandbox has a reader of its own; this one is independent of it on purpose.
    """
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
        first, *rest = re.findall(r"^[^\[]+|(?<=\[)[^\[\]]*(?=\])", name)
        place = tree
        for key, following in zip([first, *rest], [*rest, None], strict=True):
            if following is None:
                if key in place:
                    raise ValueError(f"{name} is said twice")
                place[key] = value
            else:
                place = place.setdefault(key, {})
    return _with_lists(tree)


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _with_lists(one) for key, one in value.items()}
    is_list = bool(inner) and list(inner) == [str(number) for number in range(len(inner))]
    return list(inner.values()) if is_list else inner


class Addresses(Generic[Row]):
    """Finds what belongs to an address as ``/v1/refunds/re_1`` by its pattern ``/v1/refunds/{refund}``."""

    def __init__(self, rows: Iterable[tuple[str, str, Row]]) -> None:
        # The patterns with the fewest holes come first: /v1/invoices/search is no invoice's id.
        self.rows = [
            (method.lower(), re.compile(re.sub(r"\{\w+\}", "[^/]+", pattern)), row)
            for method, pattern, row in sorted(rows, key=lambda entry: entry[1].count("{"))
        ]

    def find(self, method: str, path: str) -> Row | None:
        """Return the row of a method and path, or None."""
        found = (row for verb, pattern, row in self.rows if verb == method and pattern.fullmatch(path))
        return next(found, None)
