"""Statements that are put together once and answered often.

Django takes ten times as long to put a wide statement together as a database to answer it, and PostgreSQL
twice as long to plan it. So those of the pages that people open all day are written as querysets, with a mark
in place of each value, kept as SQL, and prepared once for each connection.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet


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
