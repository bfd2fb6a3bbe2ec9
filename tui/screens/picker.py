"""The session picker: a pasted session ID, or one of the sessions, newest first."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from tui.errors import AmbiguousSession, FailoverMonitorError
from tui.messages import HistoryPublished, SessionRequested, TitleChanged
from tui.monitor.selecting import Selector, parse_selection
from tui.monitor.session_list import SessionListState
from tui.presentation.header_lines import PollStatus, header_line, trouble_lines
from tui.presentation.line import Line
from tui.presentation.session_names import sought_text
from tui.presentation.session_order import (
    WHAT_TO_TYPE,
    SessionOrder,
    SessionRow,
    SessionRows,
    list_title,
    nothing_listed,
)
from tui.presentation.session_rows import SessionPainter
from tui.screens import picker_keys
from tui.screens.rows_in_order import RowsInOrder
from tui.screens.shared import Shared
from tui.screens.standby import StandbyScreen
from tui.screens.start_check import StartCheckScreen
from tui.widgets.field import Field
from tui.widgets.filter_bar import FilterBar
from tui.widgets.key_hints import KeyHints
from tui.widgets.line_table import LineTable
from tui.widgets.painted import Painted


class PickerScreen(RowsInOrder[SessionOrder]):
    """Lists sessions; opens the chosen or the pasted one."""

    BINDINGS: ClassVar[list[BindingType]] = picker_keys.BINDINGS

    def __init__(self, shared: Shared, wanted: Selector | None = None) -> None:
        """`wanted` is looked for and opened at once, where it is one session."""
        super().__init__()
        self._shared = shared
        self._wanted = wanted
        self._list = shared.site.sessions
        self._state = self._list.state
        self._order = SessionOrder()
        self._painter = SessionPainter(
            shared.glyphs, shared.site.targets, shared.site.followed.seen
        )
        self._rows = SessionRows()
        self._resting = False
        self._wants_to_type = False

    @property
    def state(self) -> SessionListState:
        """The state shown."""
        return self._state

    def compose(self) -> ComposeResult:
        """Header, the session ID field, filter, table, keys."""
        yield Painted(id="head")
        yield Field(placeholder=WHAT_TO_TYPE, id="session-id")
        yield Static("", id="id-error", markup=False)
        yield Painted(id="list-title")
        yield FilterBar()
        yield LineTable(self._painter, id="sessions")
        yield Static(nothing_listed(cloud_connect=None), id="empty", markup=False)
        yield KeyHints(picker_keys.HINTS)

    def on_mount(self) -> None:
        """Start reading; the screen is painted before the first request."""
        self._table.focus()
        self.run_worker(
            self._list.run(self._publish),
            name="session list",
            group="session list",
            description="reads the session list",
        )
        if self._wanted is not None:
            self._look_up(self._wanted)

    @on(events.ScreenSuspend)
    def rest(self) -> None:
        """A session is in front: one request a poll is enough. Behind a dialog it goes on."""
        if not self.app.screen.is_modal:
            self._resting = True
            self._list.pause()

    @on(events.ScreenResume)
    def go_on(self) -> None:
        """In front again: refresh. The first time the list is being read anyway."""
        if self._resting:
            self._resting = False
            self._list.resume()
            self.post_message(TitleChanged(""))
        self.show_all()

    @property
    def _table(self) -> LineTable[SessionRow]:
        return self.query_one("#sessions", LineTable)

    def _publish(self, state: SessionListState) -> None:
        self.post_message(HistoryPublished(state))

    @on(HistoryPublished)
    def show_state(self, message: HistoryPublished) -> None:
        """Take the newest list in."""
        message.stop()
        self._state = message.state
        self.show_all()

    @on(events.Resize)
    def show_all(self) -> None:
        """Bring every part up to date, unless another screen covers them.

        Each repaints only what differs.
        """
        if not self.is_mounted or not self.size.width or not self.is_current:
            return
        state, clock = self._state, self._shared.site.clock
        self.take_in(state.trouble)
        now = clock.monotonic()
        self._painter.as_of = (
            state.server_clock.now(state.fetched_at)
            if state.server_clock and state.fetched_at is not None
            else clock.now()
        )
        self._painter.order = self._order
        self._show_head()
        rows = self._painter.arranged(self._rows.of(state.sessions, state.tenants))
        self._painter.measure(rows)
        self._table.show(rows)
        title = list_title(state, self._order, len(rows), self.size.width, self._shared.glyphs)
        self.query_one("#list-title", Painted).show([title])
        self._show_empty(state.pages is not None and not state.sessions)
        self.set_class(state.freshness(now).stale and bool(state.sessions), "-stale")

    def _show_empty(self, empty: bool) -> None:
        """The explanation in place of the table; the table's focus comes back with it."""
        if empty is self.has_class("-empty"):
            return
        self.set_class(empty, "-empty")
        said = nothing_listed(cloud_connect=self._state.cloud_connect)
        self.query_one("#empty", Static).update(said)
        typing = self._wants_to_type or bool(self.query_one("#session-id", Input).value)
        if not empty and not typing:
            self.call_after_refresh(self._table.focus)

    def beat(self) -> None:
        """The clocks of the head go on."""
        if self.is_mounted and self.size.width:
            self._show_head()

    def safety_line(self, width: int) -> Line:
        """The line on top, here and over every dialog that covers this screen."""
        shared, state = self._shared, self._state
        now = shared.site.clock.monotonic()
        server_now = state.server_now(now, shared.site.clock.now())
        return header_line(
            shared.place, server_now, PollStatus.of(state, now), width, shared.glyphs
        )

    def _show_head(self) -> None:
        clock, glyphs, width = self._shared.site.clock, self._shared.glyphs, self.size.width
        poll = PollStatus.of(self._state, clock.monotonic())
        lines = [
            self.safety_line(width),
            *trouble_lines(poll, width, glyphs),
            ((glyphs.rule * width, "rule"),),
        ]
        self.query_one("#head", Painted).show(lines)

    @on(Input.Submitted, "#session-id")
    async def open_typed(self, event: Input.Submitted) -> None:
        """Open what was typed, or say in place why not."""
        event.stop()
        try:
            wanted = parse_selection(event.value)
        except FailoverMonitorError as error:
            self._say(error.full_text)
            return
        self._look_up(wanted)

    def _look_up(self, wanted: str | Selector) -> None:
        self._note(f"Asking for {sought_text(wanted)} ...")
        self.run_worker(
            self._open_existing(wanted),
            name="look up",
            group="look up",
            description="looks one session up",
            exclusive=True,
        )

    async def _open_existing(self, wanted: str | Selector) -> None:
        try:
            session_id = await self._shared.site.find(wanted)
        except AmbiguousSession as error:
            self._say(error.sentence)
            if isinstance(wanted, Selector) and wanted.text:
                self._reorder(replace(self._order, filter=wanted.text))
            return
        except FailoverMonitorError as error:
            # What to type into a shell is no advice to somebody who has the list in sight.
            self._say(error.full_text if isinstance(wanted, str) else error.sentence)
            return
        self._note("")
        self.query_one("#session-id", Input).value = ""
        self._table.focus()
        self.post_message(SessionRequested(session_id))

    def _say(self, text: str) -> None:
        self._note(text)
        self.query_one("#session-id", Input).focus()

    @on(Input.Changed, "#session-id")
    def forget_note(self) -> None:
        """What was said belongs to the text that was there."""
        self._note("")

    def _note(self, text: str) -> None:
        self.query_one("#id-error", Static).update(self._shared.glyphs.clean(text))
        self.set_class(bool(text), "-noted")

    @on(LineTable.Chosen)
    def open_selected(self, message: LineTable.Chosen) -> None:
        """Open the selected session."""
        self.post_message(SessionRequested(str(message.key)))

    @on(LineTable.EndReached)
    def read_more(self) -> None:
        """Whoever goes to the end of the list gets what lies below it."""
        if self._list.read_more():
            self._state = self._list.state
            self.show_all()

    def action_id(self) -> None:
        """Go to the session ID field."""
        self._wants_to_type = True
        self.query_one("#session-id", Input).focus()

    def action_failures(self) -> None:
        """Show failed sessions only, or all."""
        self._reorder(replace(self._order, failures_only=not self._order.failures_only))

    def action_poll(self) -> None:
        """Refresh at once."""
        self._list.poll_now()

    def action_wait(self) -> None:
        """Stand by for the next session of the selected session's plan."""
        row = self._table.cursor_row
        if row is not None:
            self.app.push_screen(StandbyScreen(self._shared, *_plan_of(row)))

    def action_check(self) -> None:
        """Check the selected session's plan before a drill."""
        row = self._table.cursor_row
        if row is not None:
            self.app.push_screen(StartCheckScreen(self._shared, *_plan_of(row), row.session.id))

    def action_copy(self) -> None:
        """Copy the selected session's ID."""
        key = self._table.cursor_key
        if key is not None:
            self.app.copy_to_clipboard(str(key))
            self.notify("Session ID copied, if the terminal allows it.", markup=False)

    def action_back(self) -> None:
        """Clear the filter; leave the session ID field."""
        if self._order.filter or self._order.failures_only:
            self.query_one(FilterBar).clear()
            self._reorder(SessionOrder(self._order.sort, self._order.reverse))
        self._wants_to_type = False
        self._table.focus()


def _plan_of(row: SessionRow) -> tuple[str, str | None]:
    """Several backup servers may have a plan of that name."""
    return row.session.plan_name, row.session.backup_server
