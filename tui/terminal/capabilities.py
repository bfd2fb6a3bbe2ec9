"""What the terminal and the locale can do: the one place that decides it.

From the environment, the encoding of the stream, and the system's terminfo database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final, TextIO

_DRAWN_WITH: Final = "━╸─┄│╭╯┃▁▆█✔⚠✘▶▷■·◂…–▲▼●↑↓★•"
"""What the screens draw with, beside letters."""

_WITHOUT_UNICODE: Final = ("linux", "vt", "dumb", "ansi", "cons25", "sun")
"""Terminals whose fonts are their own: the Linux console has 256 or 512 characters."""

_NO_LOCALE: Final = ("C", "POSIX")
_COERCED: Final = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python sets LC_CTYPE to by itself where it finds the C locale (PEP 538)."""

_ERASE_CHARACTERS = b"\x1b[%p1%dX"


def erases_in_colour() -> bool:
    """Whether erased cells take the background in use, and ECH is there to erase with.

    The capability `bce` of terminfo. True for xterm, PuTTY and the Linux console, not for
    screen and tmux. False where nothing is known of the terminal.
    """
    try:
        import curses

        stream = painted_on()
        # The terminal's number matters for its speed only, which is not asked for.
        curses.setupterm(os.environ.get("TERM", "dumb"), stream.fileno() if stream else -1)
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


def mouse_costs_esc(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether asking for the mouse would hold back the Esc key, as in GNU screen.

    Seen in screen 4.09: while a program follows the mouse, an ESC is kept until the next
    key, because it might begin a mouse report.
    """
    return "STY" in environ and "TMUX" not in environ


def is_dumb(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal has no screen to draw on, as those inside editors and logs."""
    return environ.get("TERM") == "dumb"


def shows_unicode(encoding: str | None, environ: Mapping[str, str], *, on_screen: bool) -> bool:
    """Whether the signs that the screens draw with can be shown.

    Not where the encoding of the stream lacks them, where the locale is the C locale by
    name (Python then writes UTF-8 all the same, which the terminal was not told), and on a
    screen not where the terminal is known to lack them. A locale that nobody has set is
    no such sign: containers and many SSH servers have none, and terminals that speak UTF-8.
    """
    if on_screen and environ.get("TERM", "").startswith(_WITHOUT_UNICODE):
        return False
    if _character_locale(environ) in _NO_LOCALE:
        return False
    try:
        _DRAWN_WITH.encode(encoding or "ascii")
    except (LookupError, UnicodeError):
        return False
    return True


def _character_locale(environ: Mapping[str, str]) -> str:
    """The locale that decides about characters, as it was before Python changed it."""
    everything, characters = environ.get("LC_ALL"), environ.get("LC_CTYPE")
    language = environ.get("LANG", "")
    if everything:
        return everything
    if characters and not (characters in _COERCED and language in _NO_LOCALE):
        return characters
    return language
