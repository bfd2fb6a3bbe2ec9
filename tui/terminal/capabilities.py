"""What the terminal can do, as the system's terminfo database says."""

from __future__ import annotations

import os
from collections.abc import Mapping

_STANDARD_ERROR = 2
_ERASE_CHARACTERS = b"\x1b[%p1%dX"


def erases_in_colour(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether erased cells take the background in use, and ECH is there to erase with.

    The capability `bce` of terminfo. True for xterm, PuTTY and the Linux console, not for
    screen and tmux. False where nothing is known of the terminal.
    """
    try:
        import curses

        # The terminal's number matters for its speed only, which is not asked for.
        curses.setupterm(environ.get("TERM", "dumb"), _STANDARD_ERROR)
        return curses.tigetflag("bce") == 1 and curses.tigetstr("ech") == _ERASE_CHARACTERS
    except Exception:  # no curses, no database, no such terminal, no standard error
        return False
