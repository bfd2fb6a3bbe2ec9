"""What the terminal can do, as the system's terminfo database says."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO

_ERASE_CHARACTERS = b"\x1b[%p1%dX"


def erases_in_colour(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether erased cells take the background in use, and ECH is there to erase with.

    The capability `bce` of terminfo. True for xterm, PuTTY and the Linux console, not for
    screen and tmux. False where nothing is known of the terminal.
    """
    try:
        import curses

        stream = painted_on()
        # The terminal's number matters for its speed only, which is not asked for.
        curses.setupterm(environ.get("TERM", "dumb"), stream.fileno() if stream else -1)
        return curses.tigetflag("bce") == 1 and curses.tigetstr("ech") == _ERASE_CHARACTERS
    except Exception:  # no curses, no database, no such terminal
        return False


def painted_on() -> TextIO | None:
    """The stream to paint on: standard output, or standard error, whichever is a terminal.

    None where neither is. The other one may lead to a file, or be closed.
    """
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None and is_terminal(stream):
            return stream
    return None


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream leads to a terminal; a closed or absent one does not."""
    try:
        return stream is not None and stream.isatty()
    except (AttributeError, OSError, ValueError):
        return False
