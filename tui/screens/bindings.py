"""The ids of all bindings, for whoever remaps keys."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import iter_modules
from typing import Any

from textual.binding import Binding

import tui.screens
import tui.widgets


def binding_ids(*more: type[Any]) -> frozenset[str]:
    """Of every screen and widget, and of the classes given besides. Loads them all."""
    classes = [*more]
    for package in (tui.screens, tui.widgets):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            classes += [found for _, found in getmembers(import_module(module.name), isclass)]
    return frozenset(name for each in classes for name in _ids(getattr(each, "BINDINGS", ())))


def _ids(bindings: Iterable[object]) -> Iterable[str]:
    return (bound.id for bound in bindings if isinstance(bound, Binding) and bound.id)
