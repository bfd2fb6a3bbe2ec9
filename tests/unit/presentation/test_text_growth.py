"""Whatever a server sends, the work with it grows as the text does, and no faster."""

from __future__ import annotations

import ast
import inspect
import re
import re._parser as patterns  # type: ignore[import-not-found]
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest

import tui
from tests.support.steps import growth, steps
from tui.analysis.causes import cause_of
from tui.enterprise_manager import scalars
from tui.enterprise_manager.decoding import one_line
from tui.presentation import text
from tui.presentation.glyphs import ASCII

TEXTS: dict[str, Callable[[int], str]] = {
    "blanks after a letter": lambda n: "é" + " " * n + "x",
    "blanks and tabs": lambda n: "é" + " \t" * (n // 2) + "x",
    "one word": lambda n: "x" * n,
    "one wide word": lambda n: "漢" * n,
    "marks": lambda n: "e" + "\u0301" * n,
    "joiners": lambda n: "a\u200d" * (n // 2),
    "line breaks": lambda n: "é" + "\n" * n + "x",
    "line breaks with blanks": lambda n: "é" + " \n " * (n // 3) + "x",
    "carriage returns": lambda n: "é" + "\r" * n,
    "escapes": lambda n: "\x1b[" * (n // 2),
    "short words": lambda n: "é " * (n // 2),
    "quotes": lambda n: "é'" * (n // 2),
    "brackets": lambda n: "[" * n,
    "leading blanks": lambda n: " " * n,
}
WORKS: dict[str, Callable[[str], object]] = {
    "clean": text._clean,
    "ascii": lambda given: ASCII.clean(given),
    "wrap": lambda given: text.wrap(given, 20),
    "wrap narrow": lambda given: text.wrap(given, 2),
    "cut": lambda given: text.cut(given, 20),
    "cut wide": lambda given: text.cut(given, 100_000),
    "shorten": lambda given: text.shorten_middle(given, 20),
    "fit": lambda given: text.fit(given, 20),
    "text": scalars.text,
    "message": scalars.message,
    "one line": one_line,
    "cause": cause_of,
}


@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize("kind", TEXTS)
def test_four_times_the_text_is_four_times_the_work(work: str, kind: str) -> None:
    assert growth(WORKS[work], TEXTS[kind]) < 6


def test_the_count_tells_quadratic_work() -> None:
    def head_by_head(given: str) -> None:
        while given:
            given = given[1:]

    assert growth(head_by_head, lambda n: "x" * n) > 10
    assert steps(lambda given: given.split(), "x" * 100) >= 100


# Patterns, whose work is not counted: told from their form. ---------------------


def _modules() -> Iterator[ModuleType]:
    for found in walk_packages(tui.__path__, "tui."):
        if ".simulator" not in found.name and found.name != "tui.__main__":
            yield import_module(found.name)


def _patterns() -> Iterator[tuple[str, str]]:
    """The patterns of the program that see a server's text: everything but the simulator's."""
    for module in _modules():
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.__name__}.{name}", value.pattern
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                yield f"{module.__name__}:{node.lineno}", node.args[0].value


def _begins_without_end(parsed: object) -> bool:
    """Whether a pattern begins with a repeat without limit that something must follow.

    Searched in a text of nothing but what is repeated, it begins anew at each character
    and runs to the end each time.
    """
    items = list(parsed)  # type: ignore[call-overload]
    if not items:
        return False
    operation, argument = items[0]
    name = str(operation)
    if name == "BRANCH":
        return any(_begins_without_end(branch) for branch in argument[1])
    if name == "SUBPATTERN":
        return _begins_without_end([*argument[3], *items[1:]])
    if name not in ("MAX_REPEAT", "MIN_REPEAT"):
        return False
    least, most, _ = argument
    endless = most == patterns.MAXREPEAT
    return (endless and len(items) > 1) or (least == 0 and _begins_without_end(items[1:]))


def test_no_pattern_begins_anew_at_each_character() -> None:
    found = dict(_patterns())
    assert len(found) > 15
    assert _begins_without_end(patterns.parse(r"[ \t]*(?:\n)+[ \t]*")), "the one that was slow"
    assert [
        place for place, each in found.items() if _begins_without_end(patterns.parse(each))
    ] == []


# The border ---------------------------------------------------------------------


def test_what_is_kept_of_a_text_is_bounded_and_says_so() -> None:
    name = scalars.text("n" * 200_000) or ""
    assert name == "n" * 1_000 + "… (cut: the server sent 200000 characters)"
    message = scalars.message("m" * 200_000) or ""
    assert message == "m" * 10_000 + "… (cut: the server sent 200000 characters)"
    assert scalars.text(" " * 200_000) is None
    assert scalars.text("n" * 1_000) == "n" * 1_000
