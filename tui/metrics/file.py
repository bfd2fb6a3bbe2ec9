"""Writes the figures in one step, so that a collector never reads half of them."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

_READABLE = 0o644
"""The collector runs as another user. There is nothing secret in the figures."""


def write_metrics(path: Path, text: str) -> None:
    """Replace the file, through a link to where it points. Raises OSError.

    Not synced: after a loss of power old figures would be worth nothing.
    """
    target = path.resolve()
    # The collector reads every *.prom in its folder: the file in the making must not end so.
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.chmod(_READABLE)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
