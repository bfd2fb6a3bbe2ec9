"""The session screen: what the product is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType

from tui.analysis.assessment import TaskView
from tui.analysis.drill import Goals
from tui.analysis.status import Status
from tui.messages import LogonAgainRequested, SessionRequested
from tui.monitor.snapshot import Snapshot
from tui.presentation.farewell import farewell_lines
from tui.presentation.task_layout import Fold
from tui.presentation.task_rows import TaskOrder, row_text
from tui.presentation.text import clean
from tui.screens import session_keys
from tui.screens.comparison import ComparisonScreen
from tui.screens.events import EventsScreen
from tui.screens.note import NoteScreen
from tui.screens.session_view import SessionView
from tui.screens.targets import TargetsScreen
from tui.screens.task import TaskScreen
from tui.widgets.filter_bar import FilterBar
from tui.widgets.line_table import LineTable

INTERVALS = (2.0, 5.0, 10.0, 15.0, 30.0, 60.0)


class SessionScreen(SessionView):
    """One session, with its keys."""

    BINDINGS: ClassVar[list[BindingType]] = session_keys.BINDINGS

    @on(FilterBar.Changed)
    def filter_rows(self, message: FilterBar.Changed) -> None:
        """Narrow the rows while the filter is typed."""
        self._order = replace(self._order, filter=message.text)
        self.show_all()

    @on(FilterBar.Left)
    def leave_filter(self) -> None:
        """Back to the rows; the filter stays."""
        self._table.focus()

    @on(LineTable.HeaderClicked)
    def sort_by_header(self, message: LineTable.HeaderClicked) -> None:
        """Sort by the clicked column."""
        self._reorder(self._order.sorted_by(message.column_id))

    @on(LineTable.Chosen)
    def open_task(self) -> None:
        """Show one task in full."""
        row = self._table.cursor_row
        if isinstance(row, Fold):
            self._unfolded ^= {row.group}
            self.show_all()
        elif row is not None:
            self.app.push_screen(TaskScreen(self._shared, self._shown, row.key))

    def _reorder(self, order: TaskOrder) -> None:
        self._order = order
        self._painter.order = order
        self._table.repaint()
        self.show_all()

    def action_filter(self) -> None:
        """Type a filter."""
        self.query_one(FilterBar).open()

    def action_failures(self) -> None:
        """Failures only, then warnings too, then all."""
        assessment = self._state.assessment
        failed = bool(assessment and assessment.count(Status.FAILED))
        warned = bool(assessment and assessment.count(Status.WARNING))
        if not (failed or warned or self._order.failures_only):
            self.notify("Nothing has failed, and nothing ended with a warning.", markup=False)
            return
        self._reorder(self._order.next_narrowing(failed=failed, warned=warned))

    def action_sort(self) -> None:
        """Sort by the next column."""
        self._reorder(self._order.next_sort())

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._reorder(self._order.sorted_by(self._order.sort))

    def action_pause(self) -> None:
        """Stop polling, or go on."""
        self._state = self._followed.toggle_pause()
        self.show_all()

    def action_poll(self) -> None:
        """Poll at once."""
        self._followed.poll_now()

    def action_interval(self, step: int) -> None:
        """A longer or shorter interval."""
        now = self._state.wanted_interval
        longer = [value for value in INTERVALS if value > now]
        shorter = [value for value in INTERVALS if value < now]
        chosen = (longer[:1] if step > 0 else shorter[-1:]) or [now]
        self._state = self._followed.set_interval(chosen[0])
        self.show_all()

    def action_timeline(self) -> None:
        """The same tasks as bars over time, and back."""
        self._as_timeline = not self._as_timeline
        self.show_all()

    def action_events(self) -> None:
        """What changed when."""
        self.app.push_screen(EventsScreen(self._shared, self._shown))

    def action_compare(self) -> None:
        """Against the previous finished session of the plan."""
        self.app.push_screen(ComparisonScreen(self._shared, self._shown))

    def action_note(self) -> None:
        """Add a note to the events."""
        self.app.push_screen(NoteScreen(), self._take_note)

    def _take_note(self, text: str | None) -> None:
        if text:
            self._state = self._followed.note(text, self._shared.author)
            self.notify("Noted; e shows the events.", markup=False)

    def action_acknowledge(self) -> None:
        """Take note of the selected failure."""
        view = self._table.cursor_row
        if not isinstance(view, TaskView) or view.status is not Status.FAILED:
            self.notify("Select a failed VM: a takes note of its failure.", markup=False)
            return
        self._acknowledge([view])

    def action_acknowledge_all(self) -> None:
        """Take note of every failure that there is."""
        self._acknowledge(self._state.unacknowledged)

    def _acknowledge(self, failures: Sequence[TaskView]) -> None:
        open_ones = [view for view in failures if view.key not in self._state.acknowledged]
        for view in open_ones:
            self._state = self._followed.acknowledge(view.key, self._shared.author)
        self.show_all()
        if not open_ones:
            self.notify("There is no failure that nobody has acknowledged.", markup=False)
        elif len(open_ones) == 1:
            self.notify(f"Acknowledged: {clean(open_ones[0].vm_name)}.", markup=False)
        else:
            self.notify(f"Acknowledged: {len(open_ones)} failures.", markup=False)

    async def action_targets(self) -> None:
        """Set the targets and the moment of declaration."""
        session = self._state.session
        if session is None:
            return
        screen = TargetsScreen(self._state.goals, session.created, self._server_now())
        self.app.push_screen(screen, self._take_goals)

    def _take_goals(self, goals: Goals | None) -> None:
        if goals is not None:
            self._state = self._followed.set_goals(goals, self._shared.author)
            self.show_all()

    @work(exclusive=True, group="step", name="step", description="asks for the plan's sessions")
    async def action_step(self, direction: int) -> None:
        """The plan's session before or after this one."""
        session = self._state.session
        if session is None:
            return
        self._state = await self._followed.look_for_siblings()
        around = self._state.neighbours
        found = around.older if direction < 0 else around.newer
        if found is None:
            way = "older" if direction < 0 else "newer"
            self.notify(f"No {way} session of this plan is known.", markup=False)
            return
        self.post_message(SessionRequested(found.id, replaces=True))

    def action_copy_row(self) -> None:
        """Copy the selected row as text."""
        view = self._table.cursor_row
        if isinstance(view, TaskView):
            self.app.copy_to_clipboard(row_text(view, self._painter.context, self._shared.glyphs))
            self.notify("Row copied, if the terminal allows it.", markup=False)

    def action_copy_message(self) -> None:
        """Copy the selected task's full message, the session's, or the session ID."""
        view = self._table.cursor_row
        session = self._state.session
        own = view.message if isinstance(view, TaskView) else None
        whole = session.failure_message if session else None
        self.app.copy_to_clipboard(own or whole or self._state.session_id)
        what = "Message" if own else "The session's message" if whole else "Session ID"
        self.notify(f"{what} copied, if the terminal allows it.", markup=False)

    def action_bell(self) -> None:
        """Ring at new failures, or not."""
        self._bell = not self._bell
        self.notify(f"Bell {'on' if self._bell else 'off'}.", markup=False)

    def action_log_on(self) -> None:
        """Ask for the password again."""
        self.post_message(LogonAgainRequested())

    def action_back(self) -> None:
        """Clear the filter first, else go back."""
        if self._order.filter or self._order.failures_only or self._unfolded:
            self._unfolded = frozenset()
            self.query_one(FilterBar).clear()
            self._reorder(TaskOrder(self._order.sort, self._order.reverse))
            self._table.focus()
        else:
            self.app.pop_screen()

    def farewell(self) -> list[str]:
        """The final state as plain lines, for the scrollback."""
        freshness = self._state.freshness(self._shared.site.clock.monotonic())
        return farewell_lines(self._state, self._server_now(), freshness, self._view)

    def _shown(self) -> Snapshot:
        """For the screens over this one: what it would show."""
        return self._state
