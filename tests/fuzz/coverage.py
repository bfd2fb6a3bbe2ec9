"""Which steps of some modules a call takes: pairs of lines that followed each other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from types import FrameType, ModuleType
from typing import Any

Step = tuple[str, int, int]


class Steps:
    """Notes the steps through `modules`; anything else runs at its usual speed."""

    def __init__(self, modules: Collection[ModuleType]) -> None:
        self._files = frozenset(str(module.__file__) for module in modules)
        self._seen: set[Step] = set()

    def taken_by(self, call: Callable[[], object]) -> set[Step]:
        """The steps of one call; what it raises goes on."""
        seen: set[Step] = set()
        self._seen = seen
        before = sys.gettrace()
        sys.settrace(self._entered)
        try:
            call()
        finally:
            sys.settrace(before)
        return seen

    def _entered(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in self._files:
            return None
        seen, last = self._seen, frame.f_lineno

        def went(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal last
            if event == "line":
                seen.add((name, last, frame.f_lineno))
                last = frame.f_lineno
            return went

        return went
