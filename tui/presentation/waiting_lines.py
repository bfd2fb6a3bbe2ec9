"""What a person can do that time alone does not: ask a silent server anew, see a certificate."""

from __future__ import annotations

from tui.analysis.status import Status
from tui.monitor.trouble import Trouble
from tui.presentation import times
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, spread


def how_to_accept(trouble: Trouble) -> str:
    """Only a logon shows a certificate and asks: what is watched never does by itself."""
    if not trouble.acceptable:
        return ""
    return " Log off (: then Log off) and on again, to see it in full and accept it."


def waiting_lines(waiting: float | None, width: int, glyphs: Glyphs) -> list[Line]:
    """One line; none where nothing is waited for. `waiting` is in seconds."""
    if waiting is None:
        return []
    symbol = glyphs.symbols[Status.WARNING]
    said = f" {symbol} The server was asked {times.age(waiting)} ago and is silent"
    return [spread([(said, "warning")], [("  r asks anew ", "dim")], width, glyphs)]
