"""docs/renting-cases.md names tests that exist, one or more for each case."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

TESTS = settings.BASE_DIR / "tests" / "billing"
ROW = re.compile(r"^\| (?P<case>[^|]+) \| (?P<tests>[^|]+) \|$", re.MULTILINE)
NAME = re.compile(r"`(\w+\.py)::(\w+)`")


def cases() -> dict[str, list[tuple[str, str]]]:
    """Each case with its tests, as (file, function)."""
    text = (settings.BASE_DIR / "docs" / "renting-cases.md").read_text()
    rows = ROW.finditer(text)
    return {row["case"]: NAME.findall(row["tests"]) for row in rows if row["case"] != "case"}


def functions_of(path: Path) -> set[str]:
    """The names of the functions that a file defines."""
    if not path.exists():
        return set()
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("case", cases())
def test_each_case_of_renting_is_tried_by_tests_that_exist(case):
    tests = cases()[case]
    assert tests, f"no test tries: {case}"
    missing = [f"{file}::{name}" for file, name in tests if name not in functions_of(TESTS / file)]
    assert missing == []


def test_the_list_of_cases_is_read_whole():
    assert len(cases()) > 50
