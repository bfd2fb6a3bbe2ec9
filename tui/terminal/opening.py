"""One line on the terminal while what paints the screens is loaded.

It stands on the main screen where the cursor was, and goes before anything else is written:
nothing of it is in the scrollback later, an error message comes where it would have come
without it, and a process that is killed leaves a line, not a terminal on its other screen.

From that line on keys are neither echoed nor lost: the driver reads them once there is one,
as if they had been typed to the screen. A password that is typed ahead so never shows. Where
no driver comes, they are dropped with the line, as they were meant for no shell.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import select
from typing import Any, Final

from tui.ending import called_before_the_end
from tui.terminal import has_own_driver
from tui.terminal.capabilities import painted_on
from tui.terminal.modes import LineDiscipline, in_foreground

# The cursor's place is kept, and nothing wraps: what does not fit would scroll the screen.
_BEGIN: Final = "\x1b7\x1b[?7l"
_END: Final = "\x1b8\x1b[K\x1b[?7h"


class Opening:
    """A line that is shown, and the keyboard that is held since."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self.keyboard = LineDiscipline()
        self._encoding = encoding

    def begin(self) -> None:
        """Show it. Ctrl+C still ends the program."""
        self.keyboard.make_raw(interrupts=True)
        self._write(_BEGIN + self.text)

    def end(self) -> None:
        """The terminal as it was found."""
        self.keyboard.restore()
        self._write(_END)

    def _write(self, text: str) -> None:
        """As far as the terminal takes it at once: one that is stuck must not hold the start."""
        with suppress(OSError, ValueError, AttributeError):
            number = painted_on().fileno()  # type: ignore[union-attr]
            if select((), (number,), (), 0)[1]:
                os.write(number, text.encode(self._encoding, "replace"))


_USUAL_WIDTH: Final = 80


def width() -> int:
    """Columns of the terminal, as it says itself; the usual where it does not."""
    with suppress(OSError, ValueError, AttributeError):
        number = painted_on().fileno()  # type: ignore[union-attr]
        return os.get_terminal_size(number).columns or _USUAL_WIDTH
    return _USUAL_WIDTH


_shown: Opening | None = None


@contextmanager
def shown(text: str, encoding: str) -> Iterator[None]:
    """That line until the driver takes over, or until the block is left, however.

    Nothing without a text, and where a shell has the terminal: whoever touches it is stopped.
    """
    global _shown
    if not (text and has_own_driver() and painted_on() is not None and in_foreground()):
        yield
        return
    with called_before_the_end(lambda _: end()):
        try:
            _shown = Opening(text, encoding)  # first, so that a signal finds what to end
            _shown.begin()
            yield
        finally:
            end()


def end() -> None:
    """Where the line still stands: the terminal as it was found. From any state."""
    global _shown
    ended, _shown = _shown, None
    if ended is not None:
        ended.end()


def taken_over() -> tuple[LineDiscipline, str, str]:
    """For the driver: the keyboard, what removes the line, and what shows it on another screen.

    Else that one would be empty until the first frame.
    """
    global _shown
    ended, _shown = _shown, None
    if ended is None:
        return LineDiscipline(), "", ""
    return ended.keyboard, _END, f"\x1b[H{ended.text}"


def found() -> list[Any] | None:
    """The keyboard's modes from before the line, where it is shown."""
    return None if _shown is None else _shown.keyboard.before
