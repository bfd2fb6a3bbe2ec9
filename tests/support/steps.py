"""How much work a function does with a text, in steps instead of seconds.

A step is a bytecode instruction of the program's own modules, or a character that a
method of the text (or of a piece of it) has to look at. So what grows faster than the
text shows on any machine, however busy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


class Tally:
    """The steps so far."""

    def __init__(self) -> None:
        self.steps = 0


def _counted(name: str) -> Callable[..., Any]:
    plain = getattr(str, name)

    def method(self: Counted, *args: Any, **more: Any) -> Any:
        given = plain(self, *args, **more)
        # Slices cost what they give, all else what it looks at.
        self.tally.steps += len(given) if name == "__getitem__" else len(self)
        return self.like(given)

    return method


class Counted(str):
    """A text that counts what is done with it, pieces of it included."""

    tally: Tally

    @classmethod
    def of(cls, text: str, tally: Tally) -> Counted:
        made = cls(text)
        made.tally = tally
        return made

    def like(self, given: Any) -> Any:
        """Texts count on; everything else is as it is."""
        if isinstance(given, str):
            return Counted.of(given, self.tally)
        return [self.like(each) for each in given] if isinstance(given, list) else given


for _name in (
    "__getitem__", "__add__", "strip", "lstrip", "rstrip", "split", "partition", "rpartition",
    "replace", "lower", "upper", "find", "count", "isascii", "isprintable", "startswith",
    "translate", "casefold", "splitlines",
):  # fmt: skip
    setattr(Counted, _name, _counted(_name))


def steps(work: Callable[[str], object], text: str, *, within: str = "tui") -> int:
    """How many steps `work` takes with this text; code of the package `within` counts."""
    tally = Tally()

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        if not str(frame.f_globals.get("__name__", "")).startswith(within):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode":
            tally.steps += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work(Counted.of(text, tally))
    finally:
        sys.settrace(before)
    return tally.steps


def growth(work: Callable[[str], object], make: Callable[[int], str], size: int = 300) -> float:
    """How many times more steps four times the text takes: 4 is linear, 16 quadratic."""
    work(make(3))  # whatever is loaded or compiled once
    return steps(work, make(4 * size)) / steps(work, make(size))
