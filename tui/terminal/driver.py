"""Textual's Linux driver, made quiet on the line and mortal with its terminal."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from threading import Thread, get_ident
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from tui.terminal.capabilities import erases_in_colour
from tui.terminal.filter import CellFilter
from tui.terminal.input import TerminalLost, typed
from tui.terminal.output import TerminalOutput

if TYPE_CHECKING:
    from types import FrameType

    from textual.app import App
    from textual.message import Message

HANGUP_RETURN_CODE = 129
"""128 + SIGHUP: what a shell reports of a program whose terminal was closed."""

_SECONDS_TO_DRAIN = 1.0
"""How long leaving waits for a terminal that takes no more output."""

_SETTLED = 0.05
"""Seconds after which a changed size is there for all to read."""

_ENOUGH_UNDER_WAY = 8192
"""Characters not yet taken by the terminal from which on frames are left out."""


class MortalDriver(LinuxDriver):
    """Ends the app when the terminal is closed, even with SIGHUP ignored.

    Textual's own driver reads a closed terminal at full speed for ever, and its
    writer thread dies of an error. Here both tell the app, once: its method
    `terminal_lost()` if it has one, else `exit(return_code=129)`.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._output = TerminalOutput(
            cast("Any", sys.__stderr__), self._report_loss, self._output_drained
        )
        self._file = cast("Any", self._output)
        self._loss_reported = False
        # As long as the process: a suspended app closes the driver and goes on with it.
        self._woken, self._wake = os.pipe()

    def write(self, data: str) -> None:
        """Hand `data` to the writer thread; dropped once the terminal is gone."""
        if not self._output.lost:
            self._output.announce(data)
            super().write(data)

    def run_input_thread(self) -> None:
        """Turn what is typed into messages until told to stop or the terminal is gone."""
        parser = XTermParser(self._debug)
        try:
            for text in typed(self.fileno, self.exit_event.is_set, wake=self._woken):
                if text:
                    for message in parser.feed(text):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)
        except TerminalLost:
            # The end of a pipe is no loss: the terminal may be on the other side only.
            if self.input_tty:
                self._output.lost = True
                self._report_loss()
        finally:
            self._finish(parser)

    def start_application_mode(self) -> None:
        """Also look at the terminal's size once more a moment after each change of it.

        Linux tells of a new size before the slave's side of a pseudo-terminal has it
        (`pty_resize`): who asks at once may be given the old one, and is not told again.
        """
        super().start_application_mode()  # type: ignore[no-untyped-call]
        told = signal.getsignal(signal.SIGWINCH)
        if not callable(told):
            return
        loop = self._loop

        def look_again() -> None:
            if self._get_terminal_size() != tuple(self._app.size):
                told(signal.SIGWINCH, None)

        def changed(number: int, frame: FrameType | None) -> None:
            told(number, frame)
            loop.call_soon_threadsafe(loop.call_later, _SETTLED, look_again)

        signal.signal(signal.SIGWINCH, changed)

    def disable_input(self) -> None:
        """Have the input thread look whether it is to stop, and wait until it has."""
        os.write(self._wake, b".")
        super().disable_input()
        os.read(self._woken, 1)

    @staticmethod
    def _finish(parser: XTermParser) -> None:
        try:
            for _ in parser.feed(""):
                pass
        except (EOFError, ParseError):
            pass

    def resume_application_mode(self) -> None:
        """Come back from a suspension, and have the app paint everything.

        After SIGCONT Textual 8.2.8 does not by itself: it only takes note of its
        size, and an unchanged size repaints little or nothing.
        """
        super().resume_application_mode()
        self._call_in_loop(partial(self._app.refresh, layout=True))

    def close(self) -> None:
        """Let the writer thread finish, but do not wait for a terminal that is stuck."""
        stopping = Thread(target=super().close, name="terminal-close", daemon=True)
        stopping.start()
        stopping.join(_SECONDS_TO_DRAIN)

    def _output_drained(self) -> None:
        """Called in the writer thread when the terminal has taken everything."""

    def _report_loss(self) -> None:
        """Called in any thread when the terminal turns out to be gone."""
        self._call_in_loop(self._end_app)

    def _call_in_loop(self, callback: Callable[..., object], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:
            # The loop is closed: the app is gone, and with it whoever would have cared.
            return

    def _end_app(self) -> None:
        if self._loss_reported:
            return
        self._loss_reported = True
        hook = getattr(self._app, "terminal_lost", None)
        if callable(hook):
            hook()
        else:
            self._app.exit(return_code=HANGUP_RETURN_CODE)


class CellDriver(MortalDriver):
    """Sends only the cells that differ from what the terminal shows.

    While the terminal is slow to take what was sent, frames are left out; the
    newest one follows when it has caught up. So a stalled line never blocks the
    app, and shows no backlog of old frames afterwards.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._filter = CellFilter(*(size or (80, 24)), erases_in_colour=erases_in_colour())
        self._thread = get_ident()
        self._inside = False
        self._interrupted = False
        self._held = False
        self._new_size: tuple[int, int] | None = None

    def write(self, data: str) -> None:
        """Take in `data` and hand on what it changes. For any thread and for signal handlers."""
        if get_ident() != self._thread:
            # Textual's input thread enables modes that the terminal says it has. A lock
            # instead would deadlock with a signal handler that joins that thread.
            self._call_in_loop(self.write, data)
            return
        if self._inside:
            # A signal (suspend, resume) in the middle of another write: nothing can be
            # told about the picture before that one is through.
            self._interrupted = True
            super().write(data)
            return
        self._inside = True
        try:
            out = self._take_in(data)
        except Exception:  # a defect of the filter must cost bytes, not the program
            self._filter = CellFilter(*self._filter.size)  # with no assumptions any more
            out = self._filter.reset() + data
            self._call_in_loop(partial(self._app.refresh, layout=True))
        finally:
            self._inside = False
        if self._interrupted:
            self._interrupted = False
            out += self._filter.reset()
        if out:
            super().write(out)

    def redraw(self) -> None:
        """Send every cell again, for a screen that something else has written on."""
        self._filter.redraw()
        self.write("")

    def start_application_mode(self) -> None:
        """Begin on a screen that nothing is known about."""
        self._filter.reset()
        self._held = False
        super().start_application_mode()

    def process_message(self, message: Message) -> None:
        """Note a size that the terminal reports in band."""
        if isinstance(message, events.Resize):
            self._new_size = message.size.width, message.size.height
        super().process_message(message)

    def _get_terminal_size(self) -> tuple[int, int]:
        size = super()._get_terminal_size()
        self._new_size = size
        return size

    def _take_in(self, data: str) -> str:
        size, self._new_size = self._new_size, None
        if size is not None and size != self._filter.size:
            self._filter.resize(*size)
        elif size is not None:
            # There and back again: the terminal may have moved its text all the same.
            self._filter.redraw()
        out = self._filter.feed(data)
        if self._filter.in_frame:
            return out
        # Set first: if the terminal catches up right now, that must not go unnoticed.
        self._held = True
        if self._output.under_way > _ENOUGH_UNDER_WAY:
            return out
        self._held = False
        return out + self._filter.paint()

    def _output_drained(self) -> None:
        if self._held:
            self._call_in_loop(self.write, "")
