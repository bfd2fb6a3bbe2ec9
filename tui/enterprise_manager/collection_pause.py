"""No garbage collection while a large answer is decoded.

Decoding makes tens of thousands of objects in a row, which Python takes for a
reason to search the whole program for cycles, again and again, with everything
else stopped: measured at 10,000 tasks, 40 ms at a time. There are no cycles in a
decoded tree; it is freed by counting references.

Afterwards the collector has a lot to catch up with. So that it does not go through
modules, classes and widgets each time, whatever there is before the first large answer
is taken off its list: measured at 1,000 tasks, 6 ms of each poll.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_paused = {"count": 0, "resume": False, "frozen": False}


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector; nested and concurrent uses count, the last one resumes it."""
    with _lock:
        if not _paused["frozen"]:
            _paused["frozen"] = True
            gc.freeze()
        if _paused["count"] == 0:
            _paused["resume"] = gc.isenabled()
            gc.disable()
        _paused["count"] += 1
    try:
        yield
    finally:
        with _lock:
            _paused["count"] -= 1
            if _paused["count"] == 0 and _paused["resume"]:
                gc.enable()
