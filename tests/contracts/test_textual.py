"""What of Textual is used that it does not promise: named, explained, and there.

A version that lacks one of these fails here with a sentence, before anything else does.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest
from textual import events
from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen
from textual.widget import Widget

ROOT = Path(__file__).parents[2]

PRIVATE = {
    "_background_screens": "screens that an opaque one hides are not painted",
    "_attach": "a part of a widget is styled as a node of its own, when it is first asked for",
    "_component_styles": "the parts that were asked for are kept where Textual looks for them",
    "_compositor": "nothing is painted straight over what lies in front of it",
    "_exception": "the crash report tells of the error that ended the app",
    "_fatal_error": "the crash report leaves out what may be secret",
    "_get_component_classes": "which parts a widget has",
    "_handle_exception": "what breaks in a screen while the app is leaving is no crash",
    "_process_component_classes": "the parts of a widget are not styled before they are shown",
    "_styles_cache": "what is painted straight is not shown as it was by the next frame",
    "_stop_propagation": "a key waits until the one before it has been kept by a widget",
}
"""Each private name of Textual's that tui uses or overrides, and what for."""


def modules() -> list[tuple[str, ast.Module]]:
    """The modules of tui that import Textual."""
    found = []
    for file in sorted((ROOT / "tui").rglob("*.py")):
        text = file.read_text("utf-8")
        if re.search(r"^\s*(from|import) textual", text, re.MULTILINE):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            found.append((name.removesuffix(".__init__"), ast.parse(text)))
    return found


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def own_names(tree: ast.Module) -> set[str]:
    """The names that a module gives by itself: definitions, assignments, parameters, fields."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def used_names(tree: ast.Module) -> set[str]:
    """Private attributes that are read, of whatever object."""
    reads = (n for n in ast.walk(tree) if isinstance(n, ast.Attribute))
    return {n.attr for n in reads if isinstance(n.ctx, ast.Load) and is_private(n.attr)}


def own_classes(module: ModuleType) -> Iterator[type]:
    for found in vars(module).values():
        if inspect.isclass(found) and found.__module__ == module.__name__:
            yield found


def textuals(cls: type) -> list[type]:
    return [base for base in cls.__mro__ if base.__module__.split(".")[0] == "textual"]


def test_each_private_name_in_use_is_listed() -> None:
    trees = modules()
    assert trees
    own = {name: own_names(tree) for name, tree in trees}
    everywhere = set().union(*own.values())
    used = {name: used_names(tree) - own[name] for name, tree in trees}
    # What a base class of ours in another module has is ours too.
    foreign = {name: {n for n in found if n not in everywhere} for name, found in used.items()}
    unknown = {name: sorted(found - set(PRIVATE)) for name, found in foreign.items()}
    unknown = {name: found for name, found in unknown.items() if found}
    assert not unknown, (
        f"Private parts of Textual are used that are not listed here with a reason: {unknown}."
        " Use a public way, or list them and say in a comment why there is none."
    )


def test_nothing_private_is_overridden_by_accident() -> None:
    for name, _ in modules():
        for cls in own_classes(importlib.import_module(name)):
            bases = textuals(cls)
            if not bases:
                continue
            text = "".join(_source(base) for base in bases)
            theirs = set(re.findall(r"self\.(_[a-z]\w*)\s*(?::[^=\n]+)?=(?!=)", text))
            theirs |= {n for base in bases for n in vars(base)}
            tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(cls)))
            ours = {n for n in own_names(tree) if is_private(n)}
            clash = sorted((ours & theirs) - set(PRIVATE))
            assert not clash, f"{name}.{cls.__name__} has names that Textual uses itself: {clash}"


def _source(base: type) -> str:
    try:
        return inspect.getsource(base)
    except (OSError, TypeError):
        return ""


def test_no_private_module_is_imported() -> None:
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                parts = node.module.split(".")
                if parts[0] == "textual":
                    names = [*parts, *(alias.name for alias in node.names)]
                    assert not [n for n in names if n.startswith("_")], f"{name}: {names}"


@pytest.mark.parametrize("private", sorted(PRIVATE))
def test_this_version_has_it(private: str) -> None:
    others = {
        "_attach": Widget(),
        "_component_styles": Widget(),
        "_compositor": Screen(),
        "_get_component_classes": Widget(),
        "_process_component_classes": Stylesheet(),
        "_stop_propagation": events.Key("a", "a"),
        "_styles_cache": Widget(),
    }
    owner = others[private] if private in others else App()
    assert hasattr(owner, private), (
        f"Textual {version('textual')} has no {type(owner).__name__}.{private}, which is used so"
        f" that {PRIVATE[private]}: find another way before this version is allowed."
    )
    text = "".join(
        Path(sys.modules[name].__file__ or "").read_text("utf-8")
        for name in ("tui.app", "tui.keyboard", "tui.theme.stylesheet", "tui.widgets.straight")
    )
    assert private in text, f"{private} is listed here, but not used any more"


async def test_the_rows_of_the_compositor_are_another_list_after_each_layout() -> None:
    """What lies over a widget is looked for anew then, and only then."""
    app = App[None]()
    async with app.run_test() as pilot:
        compositor = app.screen._compositor
        layers = compositor.layers_visible
        assert compositor.layers_visible is layers
        await app.screen.mount(over := Widget())
        await pilot.pause()
        assert compositor.layers_visible is not layers
        assert any(over is row[0] for row in compositor.layers_visible[0])


def test_the_pin_is_as_narrow_as_private_parts_demand() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (pin,) = (d for d in project["dependencies"] if d.startswith("textual"))
    found = re.fullmatch(r"textual>=(\d+)\.(\d+)\.(\d+),<(\d+)\.(\d+)", pin)
    assert found, pin
    major, minor, _, next_major, next_minor = map(int, found.groups())
    assert (next_major, next_minor) == (major, minor + 1), "one minor version, no more"
