"""How many statements a page takes, told in a header when the request asks for it."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse

ASK = "X-Count-Statements"
ANSWER = "X-Statements"


class CountStatementsMiddleware:
    """Count only when asked, so that counting is not measured."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the number of statements in a header when it was asked for."""
        if ASK not in request.headers:
            return self.get_response(request)
        statements: list[str] = []

        def note(execute, sql, parameters, many, context):
            if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")):
                statements.append(sql)
            return execute(sql, parameters, many, context)

        with connection.execute_wrapper(note):
            response = self.get_response(request)
        response[ANSWER] = str(len(statements))
        return response
