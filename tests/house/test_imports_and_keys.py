"""Imports and foreign keys run one way: practice → guides → video → courses → billing → teams → accounts."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

ROOMS = ["accounts", "teams", "billing", "courses", "video", "facilitator_guides", "practice"]
FLOOR_OF_ROOM = {name: number for number, name in enumerate(ROOMS)} | {
    "billing_sandbox": ROOMS.index("billing")
}
BANNED_FILES = {"utils.py", "helpers.py", "common.py", "misc.py", "managers.py", "constants.py"}


def own_files(pattern: str) -> list[Path]:
    """The project's own files, without what set-up made."""
    folders = [*ROOMS, "elearning", "tests", "benchmarks"]
    return [path for folder in folders for path in (settings.BASE_DIR / folder).rglob(pattern)]


def upward_keys() -> list[str]:
    """Every foreign key from a room to one on its left."""
    found = []
    for model in apps.get_models():
        here = FLOOR_OF_ROOM.get(model._meta.app_label)
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if here is None or not field.concrete or not hasattr(target, "_meta"):
                continue
            if FLOOR_OF_ROOM.get(target._meta.app_label, here) > here:
                found.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    return found


def imported_in(function: ast.AST) -> list[str]:
    """The modules that a function imports in its body."""
    names = []
    for node in ast.walk(function):
        if isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names


def test_foreign_keys_point_right():
    """import-linter cannot see a foreign key written as a string."""
    assert upward_keys() == []


def test_imports_point_right():
    """The contracts of pyproject.toml hold."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_no_file_has_a_name_that_says_nothing():
    """A newcomer must guess the file right the first time."""
    assert [path.name for path in own_files("*.py") if path.name in BANNED_FILES] == []


def test_no_import_hides_in_a_function_of_a_room():
    """An import inside a function is how a cycle is dodged; the code belongs in the room above instead."""
    found = []
    for path in own_files("*.py"):
        relative = path.relative_to(settings.BASE_DIR)
        if relative.parts[0] not in ROOMS or "migrations" in relative.parts:
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [
                    f"{relative}: {name}" for name in imported_in(function) if name.split(".")[0] in ROOMS
                ]
    assert found == []


@pytest.mark.django_db
def test_models_and_migrations_agree():
    """A model changed without a migration fails here, not on a server."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_have_names():
    """0002_auto_… tells nobody what happened."""
    assert [p.name for p in own_files("migrations/*.py") if "auto_" in p.name] == []


def test_no_model_orders_itself():
    """Order is asked for where it is needed; Wagtail's Orderable is the one exception."""
    from modelcluster.fields import ParentalKey

    ordered = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in FLOOR_OF_ROOM
        and model._meta.ordering
        and not any(isinstance(field, ParentalKey) for field in model._meta.fields)
    ]
    assert ordered == []


def test_no_room_listens_to_signals_of_another():
    """Signals between rooms hide who does what."""
    listeners = re.compile(r"@receiver|\.connect\(")
    rooms = [path for path in own_files("*.py") if path.relative_to(settings.BASE_DIR).parts[0] in ROOMS]
    assert [str(path) for path in rooms if listeners.search(path.read_text())] == []
