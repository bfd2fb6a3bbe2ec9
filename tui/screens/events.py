"""The events of a session: what changed when, and one event in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui.analysis.events import Event, EventLog
from tui.monitor.snapshot import Snapshot
from tui.presentation.event_lines import (
    EventPainter,
    EventRow,
    event_lines,
    event_rows,
    event_text,
)
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, Span, spread
from tui.screens.frame import Pane
from tui.screens.shared import Showing
from tui.widgets.key_hints import KeyHints
from tui.widgets.line_table import LineTable
from tui.widgets.painted import Painted

_COPIED = "Event copied, if the terminal allows it."


def _title_lines(left: list[Span], right: list[Span], width: int, glyphs: Glyphs) -> list[Line]:
    return [spread(left, right, width, glyphs), ((glyphs.rule * width, "rule"),)]


class EventsScreen(Pane[None]):
    """The log of a session that goes on being polled underneath, newest last.

    The cursor stays on the newest event until it is moved off it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", key_display="Esc", id="events.back",
                tooltip="Back to the session"),
        Binding("y", "copy", "Copy event", id="events.copy",
                tooltip="Copy the selected event as one line of text"),
    ]  # fmt: skip

    def __init__(self, shared: Showing, source: Callable[[], Snapshot]) -> None:
        super().__init__()
        self._shared = shared
        self._source = source
        self._shown: EventLog | None = None

    def body(self) -> ComposeResult:
        """How many on top, then the table."""
        yield Painted(id="events-title")
        yield LineTable(EventPainter(self._shared.glyphs), id="events")
        yield KeyHints(("help", "open", "events.copy"))

    def on_mount(self) -> None:
        """Moves with the arrow keys at once."""
        self._table.focus()

    def beat(self) -> None:
        """Follow the log."""
        super().beat()
        self.show_events()

    @property
    def _table(self) -> LineTable[EventRow]:
        return self.query_one("#events", LineTable)

    def show_events(self) -> None:
        """Bring the rows up to date if the log changed."""
        log, before = self._source().events, self._shown
        if log is before or not self.is_mounted or not self.size.width:
            return
        table, at = self._table, self._table.cursor_row
        newest = event_rows(before)[-1] if before is not None and before.events else None
        self._shown = log
        table.show(event_rows(log))
        if newest is None or at == newest:
            table.action_edge(1)
        self._show_title()

    @on(events.Resize)
    def lay_out(self) -> None:
        """The title is as wide as the screen; the table sees to itself."""
        if self.is_mounted:
            self.show_events()
            self._show_title()

    def _show_title(self) -> None:
        log, width = self._source().events, self.size.width
        if not width:
            return
        left: list[Span] = [(" Events", "title"), (f"  {len(log.events)}, newest last", "dim")]
        if log.dropped:
            left.append((f", {log.dropped} older ones dropped", "warning"))
        right: list[Span] = [("~ seen here, no time from the server ", "dim")] if width > 70 else []
        lines = _title_lines(left, right, width, self._shared.glyphs)
        self.query_one("#events-title", Painted).show(lines)

    @on(LineTable.Chosen)
    def open_event(self) -> None:
        """Show one event in full."""
        row = self._table.cursor_row
        if row is not None:
            self.app.push_screen(EventScreen(row.event, self._shared.glyphs))

    def action_back(self) -> None:
        """Back to the session."""
        self.app.pop_screen()

    def action_copy(self) -> None:
        """Copy the selected event."""
        row = self._table.cursor_row
        if row is not None:
            self.app.copy_to_clipboard(event_text(row.event, self._shared.glyphs))
            self.notify(_COPIED, markup=False)


class EventScreen(Pane[None]):
    """One event in full: it changes no more."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "back", "Back", key_display="Esc", id="event.back",
                tooltip="Back to the events"),
        Binding("y", "copy", "Copy event", id="event.copy",
                tooltip="Copy this event as one line of text"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="event.up", tooltip="Scroll up"),
        Binding("down,j", "scroll(1)", "Down", show=False, id="event.down",
                tooltip="Scroll down"),
    ]  # fmt: skip

    def __init__(self, event: Event, glyphs: Glyphs) -> None:
        super().__init__()
        self._event = event
        self._glyphs = glyphs

    def body(self) -> ComposeResult:
        """A title, the rest scrolls."""
        yield Painted(id="event-title")
        with VerticalScroll():
            yield Painted(id="event")
        yield KeyHints(("help", "event.copy"))

    def on_mount(self) -> None:
        """Scrolls with the arrow keys at once."""
        self.query_one(VerticalScroll).focus()

    @on(events.Resize)
    def lay_out(self) -> None:
        """Wrap the text anew."""
        width = self.size.width
        if not self.is_mounted or not width:
            return
        title = _title_lines([(" Event", "title")], [], width, self._glyphs)
        self.query_one("#event-title", Painted).show(title)
        lines = event_lines(self._event, max(20, width - 1), self._glyphs)
        self.query_one("#event", Painted).show(lines)

    def action_back(self) -> None:
        """Back to the events."""
        self.app.pop_screen()

    def action_copy(self) -> None:
        """Copy the event."""
        self.app.copy_to_clipboard(event_text(self._event, self._glyphs))
        self.notify(_COPIED, markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll a long text."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
