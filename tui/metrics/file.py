"""Writes the figures in one step, so that a collector never reads half of them."""

from __future__ import annotations

from pathlib import Path

from tui.whole_files import replace_file

_READABLE = 0o644
"""The collector runs as another user. There is nothing secret in the figures."""


def write_metrics(path: Path, text: str) -> None:
    """Replace the file. Raises OSError.

    Not synced: after a loss of power old figures would be worth nothing.
    """
    replace_file(path, text.encode(), mode=_READABLE, sync=False)
