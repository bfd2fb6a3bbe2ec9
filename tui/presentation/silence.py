"""A server that took the question and is silent: since when, and what to do about it."""

from __future__ import annotations

from tui.monitor.status import Status
from tui.presentation import times
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, spread


def waiting_lines(waiting: float | None, width: int, glyphs: Glyphs) -> list[Line]:
    """One line; none where nothing is waited for. `waiting` is in seconds."""
    if waiting is None:
        return []
    symbol = glyphs.symbols[Status.WARNING]
    said = f" {symbol} The server was asked {times.age(waiting)} ago and is silent"
    return [spread([(said, "warning")], [("  r asks anew ", "dim")], width, glyphs)]
