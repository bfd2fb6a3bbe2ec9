"""The REST client. Knows HTTP and TLS, nothing of screens."""

from __future__ import annotations

import sys
from types import ModuleType


def _no_command_line() -> None:
    """Stands for httpx's own command line, which nothing here calls."""


# It loads a syntax highlighter and progress bars: a third of httpx's load time, and 2 MB.
_unused = ModuleType("httpx._main")
_unused.__dict__["main"] = _no_command_line
sys.modules.setdefault(_unused.__name__, _unused)
