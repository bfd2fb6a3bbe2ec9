"""When Python's search for garbage in cycles runs, and when not.

Starting makes some hundred thousand objects that all stay: searching them for garbage
again and again is a tenth of what a start costs, and finds nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_held = False


@contextmanager
def held(wanted: bool = True) -> Iterator[None]:
    """No search until `settle`, or until the end of the block; none of it unless `wanted`.

    Reference counts go on freeing what is not in a cycle.
    """
    global _held
    if not wanted:
        yield
        return
    _held = True
    gc.disable()
    try:
        yield
    finally:
        _held = False
        gc.enable()


def settle() -> None:
    """Where it is held: what is there stays unsearched for good; what comes is searched again."""
    global _held
    if _held:
        _held = False
        gc.collect()  # else what the start left behind in cycles would stay too
        gc.freeze()
        gc.enable()
