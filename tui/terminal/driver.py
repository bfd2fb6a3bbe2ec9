"""A driver for POSIX terminals, on Textual's public base: mortal with its terminal.

Not Textual's own driver, which paints on standard error whatever that leads to, reads a
closed terminal for ever, lets COLUMNS beat the terminal's size, presses the letters of
sequences that it does not know, and stops for ever where it is continued in the background.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from textual import constants, events
from textual.driver import Driver
from textual.geometry import Size

from tui.terminal import background, modes, opening
from tui.terminal.capabilities import mouse_costs_esc, painted_on
from tui.terminal.input import TerminalLost, typed
from tui.terminal.messages import BackgroundTold
from tui.terminal.output import TerminalOutput, WriterThread
from tui.terminal.reader import InputReader
from tui.terminal.runs import Run, as_written
from tui.terminal.sequences import ESCAPE_SECONDS

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

HANGUP_RETURN_CODE = 129
"""128 + SIGHUP: what a shell reports of a program whose terminal was closed."""

_SECONDS_TO_DRAIN = 1.0
"""How long leaving waits for a terminal that takes no more output."""

_SETTLED = 0.05
"""Seconds after which a changed size is there for all to read."""

_SECONDS_TO_LEAVE_UNSEEN = 0.2
"""How long a process continued in the background waits for a reason to end, before it stops."""

_USUAL_SIZE = (80, 24)


class MortalDriver(Driver):
    """Ends the app when the terminal is closed, even with SIGHUP ignored.

    Reading and writing tell the app so, once: its method `terminal_lost()` if it has
    one, else `exit(return_code=129)`. An app that has a method `terminal_opened()` is
    given `write` and `write_runs` as soon as there is a driver.
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
        stream = painted_on()
        if stream is None:
            raise RuntimeError("neither standard output nor standard error is a terminal")
        self.app = app
        self._event_loop = asyncio.get_running_loop()
        self.output = TerminalOutput(stream, self._report_loss, self.output_drained)
        self.input_tty = os.isatty(modes.KEYBOARD)
        self._with_mouse = mouse and not mouse_costs_esc()
        self._events_to = app.call_later
        self._line = modes.LineDiscipline()
        self._writer: WriterThread | None = None
        self._input: Thread | None = None
        self._stop_reading = Event()
        self._title = ""
        self._restarts = True
        self._tell_of_resuming = False
        self._loss_reported = False
        self._asked_for_background: float | None = None
        # As long as the process: a suspended app closes the driver and goes on with it.
        self._woken, self._wake = os.pipe()
        signal.signal(signal.SIGTSTP, self._stopped_by_terminal)
        signal.signal(signal.SIGCONT, self._continued)
        opened = getattr(app, "terminal_opened", None)
        if callable(opened):
            opened(self.write, self.write_runs)

    @property
    def can_suspend(self) -> bool:
        """Textual asks before ctrl+z."""
        return True

    def write(self, data: str) -> None:
        """Hand `data` to the writer thread; dropped once the terminal is gone or given back.

        A title has to come by itself. It goes while the app is suspended, and with its end.
        """
        if data.startswith(modes.TITLE):
            self._title = data
        if self._writer is not None and not self.output.lost:
            self._writer.put(data)

    def write_runs(self, runs: Sequence[Run]) -> None:
        """Paint cells whose place, text and style are known. Called in the event loop only."""
        self.write(as_written(runs))

    def start_application_mode(self) -> None:
        """Take the terminal, or stop until it may be taken: a shell has it in the background."""
        if not modes.in_foreground():
            self._stop_process()
            return
        self._writer = WriterThread(self.output)
        self._writer.start()
        signal.signal(signal.SIGWINCH, self._resized)
        self.tell_size(*self.terminal_size())
        leave_line, line_again = self._take_over()
        entering = modes.enter(mouse=self._with_mouse, kitty_keys=not constants.DISABLE_KITTY_KEY)
        self.write(leave_line + entering)
        if line_again:
            self.write(line_again)
        if self._title:
            self.write(self._title)
        self._line.make_raw()
        self._stop_reading.clear()
        self._input = Thread(target=self._read, name="terminal-input")
        self._input.start()
        self._ask()
        if self._tell_of_resuming:
            self._tell_of_resuming = False
            self.send_message(self.SignalResume())

    def _take_over(self) -> tuple[str, str]:
        """From the line that the start has shown, if it has: what removes it, and shows it."""
        keyboard, removes, shows = opening.taken_over()
        if removes:
            self._line = keyboard
        return removes, shows

    def _ask(self) -> None:
        """What the terminal can do and how it looks. Answers may come late, or never."""
        if not self.input_tty:
            return
        # Apple's terminal shows the last letter of this question.
        if os.environ.get("TERM_PROGRAM") != "Apple_Terminal":
            self.write(modes.SYNCHRONIZED_OUTPUT_QUERY)
        if background.asked(os.environ):
            self._asked_for_background = time.monotonic()
            self.write(background.QUERY)

    def disable_input(self) -> None:
        """Read no more keys, and tell of no more sizes."""
        if self._input is None:
            return
        signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        self._stop_reading.set()
        os.write(self._wake, b".")
        self._input.join()
        os.read(self._woken, 1)
        self._input = None

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        if self._writer is None:
            return
        self.disable_input()
        self._line.restore()
        self.write(modes.LEAVE + (modes.NO_TITLE if self._title else ""))

    def close(self) -> None:
        """Let the writer thread finish, but do not wait for a terminal that is stuck."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        stopping = Thread(target=writer.stop, name="terminal-close", daemon=True)
        stopping.start()
        stopping.join(_SECONDS_TO_DRAIN)

    def resume_application_mode(self) -> None:
        """Come back from a suspension, and have the app paint everything."""
        super().resume_application_mode()
        # An unchanged size alone would repaint little or nothing.
        self.call_in_loop(self.paint_all)

    @contextmanager
    def no_automatic_restart(self) -> Iterator[None]:
        """While entered, whoever suspended the app resumes it, and no signal does."""
        before, self._restarts = self._restarts, False
        try:
            yield
        finally:
            self._restarts = before

    def terminal_size(self) -> tuple[int, int]:
        """Columns and lines, as the terminal itself says."""
        try:
            width, height = os.get_terminal_size(self.output.fileno())
        except OSError:
            width = height = 0
        return width or _USUAL_SIZE[0], height or _USUAL_SIZE[1]

    def process_message(self, message: Message) -> None:
        """Send on what the terminal said; an answer that comes too late is dropped."""
        if isinstance(message, BackgroundTold):
            asked, self._asked_for_background = self._asked_for_background, None
            if asked is None or time.monotonic() > asked + background.PATIENCE:
                return
        super().process_message(message)

    def _read(self) -> None:
        """The input thread: turn what comes into messages until told to stop."""
        try:
            # ESCDELAY, in milliseconds, is what ncurses and Textual call it.
            asked = constants.ESCAPE_DELAY if os.environ.get("ESCDELAY") else ESCAPE_SECONDS
            self._read_messages(InputReader(asked))
        except TerminalLost:
            # The end of a pipe is no loss: the terminal may be on the other side only.
            if self.input_tty:
                self.output.lost = True
                self._report_loss()
        except Exception:
            from rich.traceback import Traceback

            self._events_to(self.app.panic, Traceback())

    def _read_messages(self, reader: InputReader) -> None:
        texts = typed(
            modes.KEYBOARD,
            self._stop_reading.is_set,
            wake=self._woken,
            encoding=self.output.encoding,
        )
        for text in texts:
            if text:
                for message in reader.feed(text, time.monotonic()):
                    self.process_message(message)
            if reader.waits:
                for message in reader.tick(time.monotonic()):
                    self.process_message(message)

    def _resized(self, *_: object) -> None:
        """SIGWINCH: also look once more a moment after each change.

        Linux tells of a new size before the slave's side of a pseudo-terminal has it
        (`pty_resize`): who asks at once may be given the old one, and is not told again.
        """
        self.tell_size(*self.terminal_size())
        self.call_in_loop(self._call_later, _SETTLED, self._look_again)

    def _look_again(self) -> None:
        if self.terminal_size() != tuple(self.app.size):
            self.tell_size(*self.terminal_size())

    def tell_size(self, width: int, height: int) -> None:
        """Tell the app of the terminal's size."""
        size = Size(width, height)
        self.send_message(events.Resize(size, size))

    def _stopped_by_terminal(self, *_: object) -> None:
        """SIGTSTP: give the terminal back, then really stop."""
        if self._restarts:
            self.suspend_application_mode()
            self._tell_of_resuming = True
        self._stop_process()

    def _stop_process(self) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)

    def _continued(self, *_: object) -> None:
        """SIGCONT: take the terminal again, if it is ours to take."""
        if not self._restarts:
            return
        if modes.in_foreground():
            if self._writer is None:
                self.resume_application_mode()
            else:  # stopped by somebody else, who may have changed everything
                self._line.make_raw()
                self.call_in_loop(self.paint_all)
        else:
            # A process that was told to end while it was stopped is continued where it
            # stands. It can do without the terminal; whoever touches it would stop again.
            self.call_in_loop(self._call_later, _SECONDS_TO_LEAVE_UNSEEN, self._stay_stopped)

    def _stay_stopped(self) -> None:
        if self.app.return_code is not None:
            return
        if modes.in_foreground():
            self._continued()
        else:
            self._stop_process()

    def paint_all(self) -> None:
        """Have the app lay out and paint everything anew."""
        self.app.refresh(layout=True)

    def paint_all_once_settled(self) -> None:
        """The same a moment later, unless the terminal has been given back by then."""
        self.call_in_loop(self._call_later, _SETTLED, self._paint_settled)

    def _paint_settled(self) -> None:
        if self.app.return_code is None and self._writer is not None:
            self.paint_all()

    def output_drained(self) -> None:
        """Called in the writer thread when the terminal has taken everything."""

    def _report_loss(self) -> None:
        """Called in any thread when the terminal turns out to be gone."""
        self.call_in_loop(self._end_app)

    def _call_later(self, seconds: float, callback: Callable[[], object]) -> None:
        self._event_loop.call_later(seconds, callback)

    def call_in_loop(self, callback: Callable[..., object], *arguments: object) -> None:
        """Have the event loop call back, from any thread and from signal handlers."""
        try:
            self._event_loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:
            # The loop is closed: the app is gone, and with it whoever would have cared.
            return

    def _end_app(self) -> None:
        if self._loss_reported:
            return
        self._loss_reported = True
        hook = getattr(self.app, "terminal_lost", None)
        if callable(hook):
            hook()
        else:
            self.app.exit(return_code=HANGUP_RETURN_CODE)
