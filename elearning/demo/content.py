"""Read the demo content: words kept as TOML in `content/`, turned into the records of `records.py`.

The words live in files so that an author can change them without touching code. This module only reads
and checks shape; it knows no models. Every mistake in a file is a `ContentError` that names the place and
the file, for example `products.toml: products[2].price_minor: expected int, found str`.
"""

import tomllib
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from elearning.demo.records import (
    CourseText,
    DemoPeople,
    FilmText,
    Products,
    ProductText,
    SectionText,
    SessionBlurb,
    SessionText,
)

CONTENT_ROOT = Path(__file__).parent / "content"

Record = TypeVar("Record")


class ContentError(ValueError):
    """A demo content file is missing, is not TOML, or does not have the agreed shape."""


def load_courses(root: Path = CONTENT_ROOT) -> list[CourseText]:
    """Every course, in the order of `courses/order.toml`'s `slugs`."""
    slugs = _read_toml(root / "courses" / "order.toml").get("slugs", [])
    return [load_course(slug, root) for slug in slugs]


def load_course(slug: str, root: Path = CONTENT_ROOT) -> CourseText:
    """One course by its slug."""
    return read_record(root / "courses" / slug / "course.toml", CourseText)


def load_session(
    course: CourseText, section: SectionText, session: SessionBlurb, root: Path = CONTENT_ROOT
) -> SessionText | None:
    """The whole text of a session, or None when only its blurb is written."""
    if not session.file:
        return None
    return read_record(root / "courses" / course.slug / section.slug / session.file, SessionText)


def load_film(key: str, root: Path = CONTENT_ROOT) -> FilmText:
    """One film by its key, such as "a2-1-1"."""
    return read_record(root / "films" / f"{key}.toml", FilmText)


def film_keys(root: Path = CONTENT_ROOT) -> list[str]:
    """The keys of all films, sorted."""
    return sorted(path.stem for path in (root / "films").glob("*.toml"))


def load_people(root: Path = CONTENT_ROOT) -> DemoPeople:
    """Settings, people, plans and reflections of the demo."""
    return read_record(root / "people.toml", DemoPeople)


def load_products(root: Path = CONTENT_ROOT) -> list[ProductText]:
    """What the demo sells."""
    return read_record(root / "products.toml", Products).products


def read_record(path: Path, kind: type[Record]) -> Record:
    """Read one TOML file as a record of `kind`; raises ContentError naming the file and the place."""
    return _build(kind, _read_toml(path), "", path)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError(f"{path}: there is no such file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: {error}") from error


@lru_cache
def _shape(kind: type) -> tuple[tuple[str, str, Any, bool], ...]:
    """(key in the file, field name, type, needed?) for each field of a record."""
    hints = get_type_hints(kind)
    return tuple(
        (
            one.metadata.get("key", one.name),
            one.name,
            hints[one.name],
            one.default is MISSING and one.default_factory is MISSING,
        )
        for one in fields(kind)
    )


def _build(kind: Any, value: Any, where: str, path: Path) -> Any:
    if not isinstance(value, Mapping):
        raise _wrong(path, where, "expected a table")
    shape = _shape(kind)
    unknown = sorted(set(value) - {key for key, *_ in shape})
    if unknown:
        raise _wrong(path, where, f"does not know {', '.join(unknown)}")
    found = {}
    for key, name, hint, is_needed in shape:
        place = f"{where}.{key}" if where else key
        if key in value:
            found[name] = _value(hint, value[key], place, path)
        elif is_needed:
            raise _wrong(path, place, "is missing")
    return kind(**found)


def _value(hint: Any, value: Any, where: str, path: Path) -> Any:
    origin = get_origin(hint)
    if origin is list:
        if not isinstance(value, list):
            raise _wrong(path, where, "expected a list")
        inner = get_args(hint)[0]
        return [_value(inner, item, f"{where}[{place}]", path) for place, item in enumerate(value)]
    if origin is Literal:
        if value not in get_args(hint):
            raise _wrong(path, where, f"{value!r} is not one of {', '.join(filter(None, get_args(hint)))}")
        return value
    if origin in (Union, types.UnionType):
        return _value(get_args(hint)[0], value, where, path)
    if is_dataclass(hint):
        return _build(hint, value, where, path)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise _wrong(path, where, f"expected {hint.__name__}, found {type(value).__name__}")
    return value.strip() if isinstance(value, str) else value


def _wrong(path: Path, where: str, what: str) -> ContentError:
    return ContentError(f"{path.name}: {where or 'the file'}: {what} ({path})")
