"""Statements that are put together once and answered often.

Django takes ten times as long to put a wide statement together as a database to answer it, and PostgreSQL
twice as long to plan it. So those of the pages that people open all day are written as querysets, with a mark
in place of each value, kept as SQL, and prepared once for each connection.
"""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, wraps
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet

# What is left of a mark, or was worked out from one: a longer text, an earlier day.
_TRACE = re.compile(r"<value \d+>|010[01]-|-98765[34]")


BIGGEST_NUMBER = 2**63 - 1


class Statement:
    """The SQL of a ``values_list`` in which marks, values that nothing real has, await their values."""

    def __init__(self, rows: QuerySet) -> None:
        compiler = rows.query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        self.converters = list(compiler.get_converters([one[0] for one in compiler.select]).items())

    def fetch(self, values: Mapping[Any, Any]) -> list[tuple]:
        """Return the rows, with ``values`` put where their marks stand, as plain values of Python."""
        with _open_cursor() as cursor:
            cursor.execute(self.sql, [values.get(param, param) for param in self.params])
            rows = cursor.fetchall()
        return [self._convert(row) for row in rows] if self.converters else rows

    def _convert(self, row: tuple) -> tuple:
        whole = list(row)
        for position, (converters, expression) in self.converters:
            for convert in converters:
                whole[position] = convert(whole[position], expression, connection)
        return tuple(whole)


def kept(*fixed: str) -> Callable[[Callable[..., QuerySet]], Callable[..., list[tuple]]]:
    """Decorate a function that makes a ``values_list`` from plain values, so that its SQL is kept.

    The arguments (numbers, texts, days; by keyword) become marks, but for those named ``fixed``: for each of
    their values there is a statement of its own, because they shape it or something is worked out from them.
    The function itself stays at hand as ``__wrapped__``, for tests to compare.
    """

    def decorate(make: Callable[..., QuerySet]) -> Callable[..., list[tuple]]:
        @lru_cache(maxsize=64)
        def put_together(shape: tuple[tuple[str, Any], ...]) -> tuple[Statement, dict[str, Any]]:
            numbers = itertools.count(1)
            marks = {name: _mark(kind, next(numbers)) for name, kind in shape if name not in fixed}
            statement = Statement(make(**{**dict(shape), **marks}))
            marks = {name: _as_param(mark) for name, mark in marks.items()}
            if any(_TRACE.search(str(one)) for one in statement.params if one not in marks.values()):
                raise TypeError(f"{make.__name__} works upon a value: name it as fixed.")
            return statement, marks

        @wraps(make)
        def fetch(**values: Any) -> list[tuple]:
            if any(isinstance(one, int) and abs(one) > BIGGEST_NUMBER for one in values.values()):
                return []  # typed into an address: no column holds it, and no database takes it
            shape = tuple((name, one if name in fixed else type(one)) for name, one in values.items())
            statement, marks = put_together(shape)
            return statement.fetch({mark: _as_param(values[name]) for name, mark in marks.items()})

        return fetch

    return decorate


def fields_of(model: type[Model], via: str = "") -> list[str]:
    """All columns of a model for a ``values_list``, in the order in which ``read_models`` wants them."""
    return [via + field.attname for field in model._meta.concrete_fields]


def read_models(row: tuple, *models: type[Model]) -> Iterator[Any]:
    """Turn a row of ``fields_of`` one model after the other into the models themselves."""
    start = 0
    for model in models:
        names = fields_of(model)
        yield model.from_db("default", names, row[start : start + len(names)])
        start += len(names)


def _mark(kind: type, number: int) -> Any:
    """A value of this kind that nothing real has."""
    marks = {int: -987_654_000 - number, str: f"<value {number}>", dt.date: dt.date(101, 2, number)}
    return marks[kind]


def _as_param(value: Any) -> Any:
    """The value as it stands among a statement's parameters."""
    return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value


def _open_cursor() -> CursorWrapper:
    """A cursor whose statements PostgreSQL plans once: Django's own writes the values into the SQL.

    Django offers only one kind of cursor for a connection, hence the private name; it counts, logs and wraps
    the statements as all others.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))
