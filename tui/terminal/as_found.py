"""Giving the terminal back without the driver, where the program must end at once."""

from __future__ import annotations

import os
from contextlib import suppress
from threading import Thread
from typing import Any, Final

from tui.terminal import opening
from tui.terminal.capabilities import painted_on
from tui.terminal.modes import ABANDON, KEYBOARD

_SECONDS: Final = 0.2
"""How long a terminal that takes no output may keep the process from ending."""


class TerminalAsFound:
    """The terminal's settings from before the driver changed them."""

    def __init__(self) -> None:
        self._modes = opening.found() or _modes(KEYBOARD)

    def give_back(self) -> None:
        """Main screen, cursor, echo. From any thread; never raises, never waits for long."""
        writing = Thread(target=self._leave, name="terminal-as-found", daemon=True)
        writing.start()
        writing.join(_SECONDS)

    def _leave(self) -> None:
        with suppress(Exception):
            if self._modes is not None:
                import termios

                termios.tcsetattr(KEYBOARD, termios.TCSANOW, self._modes)
        with suppress(Exception):
            stream = painted_on()
            if stream is not None:
                os.write(stream.fileno(), ABANDON.encode("ascii"))


def _modes(descriptor: int) -> list[Any] | None:
    with suppress(Exception):  # no terminal, or a system without such settings
        import termios

        return list(termios.tcgetattr(descriptor))
    return None
