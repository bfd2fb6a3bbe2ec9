"""Light dataclasses are the standard library's in all that can be told from outside."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tui import light

Decorator = Callable[..., Any]


def plain(dataclass: Decorator, **asked: bool) -> Any:
    @dataclass(frozen=True, **asked)
    class Plain:
        """Of all kinds of fields."""

        KIND: ClassVar[str] = "plain"
        first: int
        second: str = "two"
        hidden: str = field(default="secret", repr=False)
        apart: int = field(default=0, compare=False)
        made: list[int] = field(default_factory=list, hash=False)
        named: float = field(default=1.0, kw_only=True)
        fixed: int = field(default=7, init=False)

    return Plain


def deriving(dataclass: Decorator, **asked: bool) -> Any:
    @dataclass(frozen=True, **asked)
    class Base:
        """Has one."""

        one: int

        def __post_init__(self) -> None:
            if self.one < 0:
                raise ValueError("below zero")

    @dataclass(frozen=True, **asked)
    class Derived(Base):
        """Has another, and its own words."""

        two: str = ""

        def __repr__(self) -> str:
            return f"<{self.one} {self.two}>"

    return Derived


def same_as(dataclass: Decorator, **asked: bool) -> Any:
    @dataclass(frozen=True, **asked)
    class SameAs:
        """Equal by its own rule."""

        name: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, type(self)) and str(other.name) == str(self.name)

        def __hash__(self) -> int:
            return hash(str(self.name))

    return SameAs


def empty(dataclass: Decorator, **asked: bool) -> Any:
    @dataclass(frozen=True, **asked)
    class Empty:
        pass

    return Empty


SHAPES = [plain, deriving, same_as, empty]
ASKED = [{}, {"slots": True}, {"kw_only": True}, {"slots": True, "kw_only": True}]
VALUES = st.one_of(st.integers(-3, 3), st.text(max_size=2), st.lists(st.integers(), max_size=2))
NAMES = ["first", "second", "hidden", "apart", "made", "named", "one", "two", "name", "fixed", "no"]
CALLS = st.tuples(
    st.lists(VALUES, max_size=3), st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4)
)


def told(what: Callable[[], object]) -> object:
    """What comes of it: a value, or which error in which words."""
    try:
        return what()
    except Exception as error:
        return type(error), str(error).replace("<locals>.", "")


def view(each: Any) -> object:
    """All that can be told of an instance, or the error in its place."""
    if isinstance(each, tuple):
        return each
    names = [part.name for part in fields(each)]
    return (
        repr(each),
        [(name, getattr(each, name)) for name in names],
        asdict(each),
        told(lambda: hash(each)),
        each.__match_args__,
        [told(lambda name=name: setattr(each, name, 1)) for name in names],  # type: ignore[misc]
        [told(lambda name=name: delattr(each, name)) for name in names],  # type: ignore[misc]
        copy.copy(each) == each,
        repr(copy.deepcopy(each)),
        each == object(),
        hasattr(each, "__dict__"),
    )


@settings(max_examples=300, deadline=None)
@given(
    shape=st.sampled_from(SHAPES),
    asked=st.sampled_from(ASKED),
    one=CALLS,
    other=CALLS,
)
def test_it_behaves_as_the_standard_one(
    shape: Callable[..., Any], asked: dict[str, bool], one: Any, other: Any
) -> None:
    ours: Any
    pair = [shape(kind, **asked) for kind in (dataclasses.dataclass, light.dataclass)]
    made = [
        [told(lambda made=made, call=call: made(*call[0], **call[1])) for call in (one, other)]  # type: ignore[misc]
        for made in pair
    ]
    (standard, second), (ours, our_second) = made
    assert view(standard) == view(ours)
    assert (standard == second) == (ours == our_second)
    if not isinstance(standard, tuple):
        # With slots the library of Python 3.11 says something about `super` instead.
        with pytest.raises(FrozenInstanceError):
            ours.other = 1
        for change in ({}, {"first": 5}, {"two": "x"}, {"fixed": 1}, {"no": 1}):
            changed = [
                told(lambda each=each, change=change: repr(replace(each, **change)))  # type: ignore[misc]
                for each in (standard, ours)
            ]
            assert changed[0] == changed[1]


@light.dataclass(frozen=True, slots=True)
class Kept:
    """At the top of a module, so that it can be pickled."""

    a: int
    b: tuple[Kept, ...] = ()


def test_it_survives_being_pickled() -> None:
    kept = Kept(1, (Kept(2),))
    assert pickle.loads(pickle.dumps(kept)) == kept


def test_pydantic_reads_and_writes_it() -> None:
    adapter = TypeAdapter(Kept)
    kept = Kept(1, (Kept(2),))
    read = adapter.validate_json(adapter.dump_json(kept))
    assert read == kept
    with pytest.raises(FrozenInstanceError):
        read.a = 2  # type: ignore[misc]


def test_it_matches() -> None:
    match Kept(3):
        case Kept(a, ()):
            assert a == 3
        case _:
            raise AssertionError


def test_the_constructor_is_compiled_for_the_first_instance() -> None:
    made = plain(light.dataclass)
    before = made.__init__
    made(1)
    assert made.__init__ is not before
    assert made.__init__.__code__.co_varnames[1] == "first"


def test_what_is_not_frozen_is_the_standard_library_s() -> None:
    @light.dataclass
    class Loose:
        a: int = 1

    loose = Loose()
    loose.a = 2
    assert loose == Loose(2)
    assert Loose.__hash__ is None
