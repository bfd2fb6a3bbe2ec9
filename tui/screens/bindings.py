"""The ids of all bindings, for whoever remaps keys, and what is wrong with a remapping."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import iter_modules
from typing import Any

from textual.binding import Binding
from textual.keys import Keys

import tui.screens
import tui.widgets
from tui.light import dataclass

_MODIFIERS = ("ctrl+", "shift+", "alt+", "super+", "meta+", "hyper+")
_NAMED = frozenset(key.value for key in Keys)


def binding_ids(*more: type[Any]) -> frozenset[str]:
    """Of every screen and widget, and of the classes given besides. Loads them all."""
    return frozenset(name for each in _classes(*more) for name in _keys_of(each))


@dataclass(frozen=True)
class BindingHelp:
    """A binding by its id: the keys it has by itself, and what it does."""

    name: str
    keys: tuple[str, ...]
    about: str


def binding_help(*more: type[Any]) -> list[BindingHelp]:
    """Each id once, in alphabetical order, with every key that some screen gives it."""
    found: dict[str, BindingHelp] = {}
    for each in _classes(*more):
        for bound in getattr(each, "BINDINGS", ()):
            if isinstance(bound, Binding) and bound.id:
                known = found.get(bound.id)
                keys = (*(known.keys if known else ()), *bound.key.split(","))
                about = known.about if known else bound.tooltip or bound.description
                found[bound.id] = BindingHelp(bound.id, tuple(dict.fromkeys(keys)), about)
    return [found[name] for name in sorted(found)]


def _classes(*more: type[Any]) -> list[type[Any]]:
    classes = [*more]
    for package in (tui.screens, tui.widgets):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            classes += [found for _, found in getmembers(import_module(module.name), isclass)]
    return list(dict.fromkeys(classes))


def _keys_of(each: type[Any]) -> dict[str, list[str]]:
    """By id, the keys that a class binds by itself."""
    bindings: Iterable[object] = getattr(each, "BINDINGS", ())
    named = [bound for bound in bindings if isinstance(bound, Binding) and bound.id]
    return {bound.id: bound.key.split(",") for bound in named if bound.id}


def is_key(name: str) -> bool:
    """Whether Textual knows a key of that name: `f5`, `ctrl+x`, `question_mark`, `?`."""
    while any(name.startswith(modifier) for modifier in _MODIFIERS):
        name = name.partition("+")[2]
    if len(name) == 1 or name in _NAMED:
        return True
    try:
        unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return False
    return True


def clashes(keys: Mapping[str, Iterable[str]], app: type[Any]) -> Iterator[tuple[str, str, str]]:
    """Id, key and the other id that has this key in the same place, for each remapped id."""
    everywhere = _keys_of(app)
    told = set()
    for each in _classes(app):
        here = {**everywhere, **_keys_of(each)}
        now = {name: list(keys.get(name, own)) for name, own in here.items()}
        for name in here.keys() & keys.keys():
            for key, other in _shared(name, now):
                # What a screen binds before and after is its own affair.
                before = key in here[name] and key in here[other]
                if not before and frozenset((name, other)) not in told:
                    told.add(frozenset((name, other)))
                    yield name, key, other


def _shared(name: str, now: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for other, theirs in now.items():
        if other != name:
            yield from ((key, other) for key in now[name] if key in theirs)
