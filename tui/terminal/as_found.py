"""Giving the terminal back without the driver, where the program must end at once."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from threading import Thread
from typing import Any, Final

_SECONDS: Final = 0.2
"""How long a terminal that takes no output may keep the process from ending."""

_LEFT: Final = (
    "\x1b[?2026l\x1b[<u"  # synchronized update, keyboard protocol
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # mouse
    "\x1b[?2004l\x1b[?1004l\x1b[?2048l"  # pastes, focus, sizes
    "\x1b[?7h\x1b[0m\x1b[?25h\x1b[?1049l\x1b]2;\x07"  # wrap, colours, cursor, screen, title
)


class TerminalAsFound:
    """The terminal's settings from before the driver changed them."""

    def __init__(self) -> None:
        self._stream = sys.__stdin__
        self._modes = _modes(self._stream.fileno()) if self._stream else None

    def give_back(self) -> None:
        """Main screen, cursor, echo. From any thread; never raises, never waits for long."""
        writing = Thread(target=self._leave, name="terminal-as-found", daemon=True)
        writing.start()
        writing.join(_SECONDS)

    def _leave(self) -> None:
        with suppress(Exception):
            if self._modes is not None and self._stream is not None:
                import termios

                termios.tcsetattr(self._stream.fileno(), termios.TCSANOW, self._modes)
        with suppress(Exception):
            if sys.__stderr__ is not None:
                os.write(sys.__stderr__.fileno(), _LEFT.encode("ascii"))


def _modes(descriptor: int) -> list[Any] | None:
    with suppress(Exception):  # no terminal, or a system without such settings
        import termios

        return list(termios.tcgetattr(descriptor))
    return None
