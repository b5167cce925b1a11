"""The words in which the table of who may do what is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

EVERYONE = ("stranger", "outsider", "priya", "fred", "maya", "noor", "omar", "leo", "gwen", "edith", "stan")
SIGN_IN = 302  # a stranger is sent to sign in


@dataclass(frozen=True)
class Act:
    """One thing tried at one address: who gets which status.

    ``kwargs`` and ``data`` are functions of pytest's request, so that rows are made for each try.
    ``fixtures`` are made first. ``otherwise`` is the answer for everyone whom ``answers`` does not name;
    a stranger is sent to sign in unless ``answers`` says otherwise.
    """

    url_name: str
    answers: Mapping[str, int]
    otherwise: int = 404
    method: str = "get"
    kwargs: Callable = lambda request: {}
    data: Callable = lambda request: {}
    fixtures: tuple[str, ...] = ()
    note: str = ""
    query: str = ""
    extra: Mapping = field(default_factory=dict)

    @property
    def id(self) -> str:
        """A name for the row."""
        return f"{self.method} {self.url_name}{' ' + self.note if self.note else ''}"

    def prepare(self, request) -> None:
        """Make the rows that this act is about."""
        for name in self.fixtures:
            request.getfixturevalue(name)

    def try_as(self, client, request) -> int:
        """Do it with ``client`` and return the status."""
        address = reverse(self.url_name, kwargs=self.kwargs(request)) + self.query
        return getattr(client, self.method)(address, self.data(request), **self.extra).status_code

    def expected(self) -> dict[str, int]:
        """The declared status for everyone of the cast."""
        defaults = dict.fromkeys(EVERYONE, self.otherwise)
        # Who pays for settings is nobody in them: wherever the row does not name gwen, she is an outsider.
        defaults["gwen"] = self.answers.get("outsider", self.otherwise)
        return {**defaults, "stranger": SIGN_IN, **self.answers}
