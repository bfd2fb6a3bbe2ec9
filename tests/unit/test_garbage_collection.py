from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tui import garbage_collection


class Knot:
    """Reachable from nowhere but itself, once it is let go."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    gc.enable()
    gc.unfreeze()


def knots() -> int:
    return sum(type(each) is Knot for each in gc.get_objects())


def test_while_it_is_held_nothing_is_searched() -> None:
    with garbage_collection.held():
        assert not gc.isenabled()
        garbage_collection.settle()
        assert gc.isenabled()


def test_without_having_settled_it_ends_with_the_block() -> None:
    with pytest.raises(ValueError, match="on the way"), garbage_collection.held():
        raise ValueError("on the way")
    assert gc.isenabled()
    before = gc.get_freeze_count()
    garbage_collection.settle()
    assert gc.get_freeze_count() == before


def test_where_it_is_not_wanted_nothing_changes() -> None:
    before = gc.get_freeze_count()
    with garbage_collection.held(False):
        assert gc.isenabled()
        garbage_collection.settle()
    assert gc.get_freeze_count() == before


def test_what_the_start_left_in_cycles_does_not_stay() -> None:
    with garbage_collection.held():
        for _ in range(100):
            Knot()
        assert knots() == 100
        garbage_collection.settle()
    gc.unfreeze()
    assert knots() == 0


def test_what_the_start_made_is_never_searched_again() -> None:
    with garbage_collection.held():
        kept = Knot()
        garbage_collection.settle()
    assert gc.get_freeze_count() > 1000
    assert not any(each is kept for each in gc.get_objects())
