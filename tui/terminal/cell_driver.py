"""The driver that sends a terminal only the cells that differ from what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from threading import get_ident
from typing import TYPE_CHECKING, Any

from tui.terminal.capabilities import erases_in_colour
from tui.terminal.driver import MortalDriver
from tui.terminal.filter import CellFilter
from tui.terminal.runs import Run, as_written

if TYPE_CHECKING:
    from textual.app import App

_ENOUGH_UNDER_WAY = 8192
"""Characters not yet taken by the terminal from which on frames are left out."""


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
        self._filter = CellFilter(*self.terminal_size(), erases_in_colour=erases_in_colour())
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
            self.call_in_loop(self.write, data)
            return
        self._hand_on(data)

    def write_runs(self, runs: Sequence[Run]) -> None:
        """Take in cells that are known already, which need not be read from a stream again."""
        self._hand_on("", runs)

    def _hand_on(self, data: str, runs: Sequence[Run] = ()) -> None:
        if self._inside:
            # A signal (suspend, resume) in the middle of another write: nothing can be
            # told about the picture before that one is through.
            self._interrupted = True
            super().write(data + as_written(runs))
            return
        self._inside = True
        try:
            out = self._take_in(data, runs)
        except Exception:  # a defect of the filter must cost bytes, not the program
            self._filter = CellFilter(*self._filter.size)  # with no assumptions any more
            out = self._filter.reset() + data + as_written(runs)
            self.call_in_loop(self.paint_all)
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

    def tell_size(self, width: int, height: int) -> None:
        """The app is told of a size: what it writes from now on is for that one."""
        self._new_size = width, height
        super().tell_size(width, height)

    def _take_in(self, data: str, runs: Sequence[Run] = ()) -> str:
        size, self._new_size = self._new_size, None
        if size is not None and size != self._filter.size:
            self._filter.resize(*size)
            # Textual lays out a moment after the last of several sizes. Where that is the one
            # it had, it paints nothing: what was written in between has lost the rest.
            self.paint_all_once_settled()
        elif size is not None:
            # There and back again: the terminal may have moved its text all the same.
            self._filter.redraw()
        out = self._filter.feed(data)
        if runs and not self._filter.lay(runs):
            out += self._filter.feed(as_written(runs))
        if self._filter.in_frame:
            return out
        # Set first: if the terminal catches up right now, that must not go unnoticed.
        self._held = True
        if self.output.under_way > _ENOUGH_UNDER_WAY:
            return out
        self._held = False
        return out + self._filter.paint()

    def output_drained(self) -> None:
        """The terminal has caught up: the frame that was left out is due."""
        if self._held:
            self.call_in_loop(self.write, "")
