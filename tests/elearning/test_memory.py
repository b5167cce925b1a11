"""The cache that hands out the very values it was given."""

import pytest
from django.core.cache import caches


@pytest.fixture
def memory():
    caches["bodies"].clear()
    return caches["bodies"]


def test_it_hands_out_the_very_value(memory):
    pieces = ("a", "b")
    memory.set("page", pieces)
    assert memory.get("page") is pieces
    assert memory.get("nothing", "else") == "else"


def test_a_value_ends_with_its_time(memory):
    memory.set("page", "words", timeout=-1)
    assert memory.get("page") is None


def test_what_is_there_is_not_added_again(memory):
    assert memory.add("page", "first")
    assert not memory.add("page", "second")
    assert memory.get("page") == "first"


def test_the_oldest_make_room(memory, monkeypatch):
    monkeypatch.setattr(memory, "_max_entries", 3)
    for number in range(9):
        memory.set(str(number), number)
    assert len(memory._cache) == 3
    assert memory.get("8") == 8


def test_it_does_not_count(memory):
    with pytest.raises(TypeError):
        memory.incr("page")
