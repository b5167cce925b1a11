"""Pieces of pages that are drawn once and kept: marks stand in them where a person's own words go.

A piece is kept under everything that it was drawn from, so that whoever gets it from memory would have been
drawn the very same. What belongs to one person (name, words, form token) is never drawn in but filled in.
"""

import hashlib
import html
import re
import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache

from django.core.cache import caches
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.safestring import SafeString, mark_safe

_SECRET = secrets.token_hex(16)  # nobody can type a mark into a text to have something filled in there
_MARKS = re.compile(f"{_SECRET}_([a-z_0-9]+?)_{_SECRET}")


@lru_cache(maxsize=1000)
def mark(name: str) -> SafeString:
    """What to draw where the value ``name`` is filled in later."""
    return mark_safe(f"{_SECRET}_{name}_{_SECRET}")  # noqa: S308 - letters and digits


def keep(name: str, drawn_from: tuple, draw: Callable[[], str]) -> tuple[str, ...]:
    """Return a kept piece, drawn by ``draw`` if there is none yet for all that it is ``drawn_from``.

    ``drawn_from`` is plain values only and names everything that ``draw`` reads. The answer is for ``fill``.
    """
    state = hashlib.sha256(repr((_SECRET, name, drawn_from)).encode()).hexdigest()
    key = f"kept:{name}:{state}"
    pieces = caches["bodies"].get(key)
    if pieces is None:
        pieces = tuple(_MARKS.split(draw()))
        caches["bodies"].set(key, pieces)
    return pieces


def fill(pieces: tuple[str, ...], values: Mapping[str, object]) -> SafeString:
    """Put the values, escaped unless they are safe, where their marks stand."""
    filled = list(pieces)
    filled[1::2] = [_escape_unless_safe(values[name]) for name in pieces[1::2]]
    return mark_safe("".join(filled))  # noqa: S308 - drawn by templates, and the values are escaped


def _escape_unless_safe(value: object) -> str:
    return str(value) if hasattr(value, "__html__") else html.escape(str(value))


def form_token(request: HttpRequest) -> str:
    """The token of every form of one page: each call of Django's own hides it anew, which takes time."""
    if not hasattr(request, "kept_form_token"):
        request.kept_form_token = get_token(request)  # type: ignore[attr-defined]
    return request.kept_form_token  # type: ignore[attr-defined]
