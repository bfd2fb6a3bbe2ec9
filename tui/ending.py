"""Signals that end the program are obeyed within two seconds, whatever it is doing.

The event loop hears of a signal only between two of its callbacks. One that does not
come back (a defect, or work that a server made large) would keep the program running,
and its logon session open, until somebody finds SIGKILL.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

HEARD_SECONDS: Final = 0.5
"""How long the event loop may take to hear of a signal before it is interrupted."""

LEFT_SECONDS: Final = 1.4
"""How long leaving may take from then on, logoff included, before the process just ends."""

GRACE_SECONDS: Final = 1.0
"""What is added where the loop did hear of it, and leaves by its own, shorter limits."""


def _named(*names: str) -> tuple[signal.Signals, ...]:
    """Those of them that this system knows: Windows has no SIGHUP."""
    return tuple(signal.Signals[name] for name in names if name in signal.Signals.__members__)


ENDING: Final = _named("SIGTERM", "SIGHUP", "SIGINT")


@contextmanager
def called_before_the_end(call: Callable[[int], object]) -> Iterator[None]:
    """While entered, a signal that ends the process at once calls `call` with its number first.

    Not SIGINT, which is an exception, and none that is ignored or heard otherwise.
    """

    def heard(number: int, _: object) -> None:
        call(number)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    taken = [
        each
        for each in ENDING
        if each is not signal.SIGINT and signal.getsignal(each) == signal.SIG_DFL
    ]
    for each in taken:
        signal.signal(each, heard)
    try:
        yield
    finally:
        for each in taken:
            signal.signal(each, signal.SIG_DFL)


class EndingSignals:
    """While entered, SIGTERM, SIGHUP and SIGINT call `leave` with their number.

    Not through the loop's own handlers: those run when the loop comes to it. The first
    signal begins the leaving, later ones change nothing. Where the loop does not hear of
    it in time, what it is doing is ended by `SystemExit`, so that everything is cleaned
    up as at any other end; where that hangs too, `last_resort` is called and the process
    ends. One that was ignored from outside (nohup, a shell's background job) stays so.
    """

    def __init__(
        self,
        leave: Callable[[int], object],
        *,
        at_once: Callable[[int], object] = lambda number: None,
        last_resort: Callable[[], object] = lambda: None,
    ) -> None:
        """`leave` is called by the loop, `at_once` by the signal's handler."""
        # Not for whoever only wants to know which signals there are.
        import asyncio

        self._leave = leave
        self._at_once = at_once
        self._last_resort = last_resort
        self._loop = asyncio.get_running_loop()
        self._number: int | None = None
        self._heard = False
        self._interrupted = False
        self._left = threading.Event()
        self._before: dict[signal.Signals, object] = {}
        self._alarm = _Alarm(self._not_heard)
        self._end = threading.Timer(HEARD_SECONDS + LEFT_SECONDS, self._not_left)
        self._end.daemon = True

    def __enter__(self) -> EndingSignals:
        """Listen from now on."""
        for number in ENDING:
            before = signal.getsignal(number)
            if before is not signal.SIG_IGN:
                self._before[number] = before
                signal.signal(number, self._signalled)
        return self

    def __exit__(self, *_: object) -> None:
        """Whoever listened before does so again."""
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]
        self.done()

    def done(self) -> None:
        """Everything is cleaned up: nothing has to be forced any more."""
        self._left.set()
        self._alarm.off()
        self._end.cancel()

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        if self._number is not None:
            return
        self._number = number
        self._at_once(number)
        self._alarm.on(HEARD_SECONDS)
        self._end.start()
        self._loop.call_soon_threadsafe(self._hear, number)

    def _hear(self, number: int) -> None:
        if not self._interrupted:
            self._heard = True
            self._leave(number)

    def _not_heard(self) -> None:
        if not self._heard:
            self._interrupted = True  # what is cleaned up from here on must not be told to leave
            raise SystemExit(128 + (self._number or 0))

    def _not_left(self) -> None:
        """On a thread of its own: the main thread may be anywhere."""
        if self._heard and self._left.wait(GRACE_SECONDS):
            return
        self._last_resort()
        os._exit(128 + (self._number or 0))


class _Alarm:
    """Calls back once, on the main thread, between any two of its steps.

    By SIGALRM; on systems without it, not at all, and the process just ends later.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._set = False

    def on(self, seconds: float) -> None:
        if not hasattr(signal, "setitimer"):
            return
        self._set = True
        signal.signal(signal.SIGALRM, self._rung)
        signal.setitimer(signal.ITIMER_REAL, seconds)

    def off(self) -> None:
        if self._set:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _rung(self, _number: int, _frame: FrameType | None) -> None:
        self._ring()
