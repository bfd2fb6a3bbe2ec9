"""The REST client. Knows HTTP and TLS, nothing of screens."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import cast


def _no_command_line() -> None:
    """Stands for httpx's own command line, which nothing here calls."""


# It loads a syntax highlighter and progress bars: a third of httpx's load time, and 2 MB.
_unused = ModuleType("httpx._main")
_unused.__dict__["main"] = _no_command_line
sys.modules.setdefault(_unused.__name__, _unused)

# httpcore tries to import it for every lock and event. Where it is not installed, each try
# searches the whole path, some 0.4 ms a request. None makes Python answer at once.
if "sniffio" not in sys.modules and find_spec("sniffio") is None:
    cast("dict[str, ModuleType | None]", sys.modules)["sniffio"] = None
