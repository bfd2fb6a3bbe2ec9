"""How a terminal is taken and given back: its private modes, and the line discipline's."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any, Final

KEYBOARD: Final = 0
"""The descriptor that keys come from. Where standard input was a pipe, it is the terminal's."""

_MOUSE: Final = ("1000", "1003", "1006")
"""Buttons, motion, and coordinates as decimal numbers."""

_KITTY_KEYS: Final = 0b11001
"""Esc told from sequences, every key as a sequence, with the text that it types."""

SYNCHRONIZED_OUTPUT_QUERY: Final = "\x1b[?2026$p"
TITLE: Final = "\x1b]2;"
"""How what sets the title begins."""

NO_TITLE: Final = f"{TITLE}\x07"

LEAVE: Final = (
    "\x1b[?2004l\x1b[?7h"  # pastes, wrapping
    "\x1b[?1000l\x1b[?1003l\x1b[?1006l"  # mouse
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"  # keyboard protocol, screen, cursor, focus
)
"""What gives a terminal back. The keyboard protocol first: each screen has its own."""

ABANDON: Final = f"\x1b[?2026l\x1b[0m{LEAVE}{NO_TITLE}"
"""The same from any state, in the middle of a frame as well."""


def enter(*, mouse: bool, kitty_keys: bool) -> str:
    """What takes a terminal: a screen of its own, no cursor, no wrapping, keys in full."""
    reports = "".join(f"\x1b[?{mode}h" for mode in _MOUSE) if mouse else ""
    keys = f"\x1b[>{_KITTY_KEYS}u" if kitty_keys else ""
    return f"\x1b[?1049h{reports}\x1b[?25l\x1b[?1004h{keys}\x1b[?2004h\x1b[?7l"


class LineDiscipline:
    """The kernel's side of the terminal: keys one by one, without echo and signals."""

    def __init__(self) -> None:
        self._before: list[Any] | None = None

    @property
    def before(self) -> list[Any] | None:
        """What `restore` brings back, where there is something."""
        return self._before

    def make_raw(self, *, interrupts: bool = False) -> None:
        """Keys come at once and as they are. What was before is kept, the first time.

        With `interrupts`, Ctrl+C alone is no key, but interrupts the program.
        """
        import termios

        with suppress(termios.error):
            modes = termios.tcgetattr(KEYBOARD)
            if self._before is None:
                self._before = termios.tcgetattr(KEYBOARD)
            iflag, _, _, lflag = range(4)
            modes[lflag] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
            if interrupts:
                modes[lflag] |= termios.ISIG
                disabled = bytes([os.fpathconf(KEYBOARD, "PC_VDISABLE") & 0xFF])
                modes[6][termios.VQUIT] = modes[6][termios.VSUSP] = disabled
            else:
                modes[lflag] &= ~termios.ISIG
            modes[iflag] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR)
            modes[iflag] &= ~termios.IGNCR
            # Its place is that of the end-of-file character on some systems.
            modes[6][termios.VMIN] = 1
            termios.tcsetattr(KEYBOARD, termios.TCSANOW, modes)

    def restore(self) -> None:
        """As it was before. What was typed but not read goes, as it was meant for no shell."""
        import termios

        with suppress(termios.error):
            termios.tcflush(KEYBOARD, termios.TCIFLUSH)
            if self._before is not None:
                termios.tcsetattr(KEYBOARD, termios.TCSANOW, self._before)
        self._before = None


def in_foreground() -> bool:
    """Whether this process may change the terminal: not while a shell has it in background.

    True as well where there is no job control, or no terminal any more.
    """
    try:
        return os.tcgetpgrp(KEYBOARD) == os.getpgrp()
    except OSError:
        return True
