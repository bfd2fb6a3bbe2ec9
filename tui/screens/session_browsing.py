"""What a session screen does with what it shows: narrow, sort, open, copy. Asks nothing."""

from __future__ import annotations

from textual import on

from tui.analysis.assessment import TaskView
from tui.analysis.status import Status
from tui.monitor.snapshot import Snapshot
from tui.presentation.task_layout import Fold
from tui.presentation.task_order import TaskOrder
from tui.presentation.task_rows import row_text
from tui.screens.comparison import ComparisonScreen
from tui.screens.events import EventsScreen
from tui.screens.rows_in_order import RowsInOrder
from tui.screens.session_view import SessionView
from tui.screens.task import TaskScreen
from tui.widgets.filter_bar import FilterBar
from tui.widgets.line_table import LineTable


class BrowsedSession(SessionView, RowsInOrder[TaskOrder]):
    """Works the same on a session that is followed and on one that is replayed."""

    @on(LineTable.Chosen)
    def open_task(self) -> None:
        """Show one task in full."""
        row = self._table.cursor_row
        if isinstance(row, Fold):
            self._unfolded ^= {row.group}
            self.show_all()
        elif row is not None:
            self.app.push_screen(TaskScreen(self._shared, self._shown, row.key))

    def action_failures(self) -> None:
        """Failures only, then warnings too, then all."""
        assessment = self._state.assessment
        failed = bool(assessment and assessment.count(Status.FAILED))
        warned = bool(assessment and assessment.count(Status.WARNING))
        if not (failed or warned or self._order.failures_only):
            self.notify("Nothing has failed, and nothing ended with a warning.", markup=False)
            return
        self._reorder(self._order.next_narrowing(failed=failed, warned=warned))

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

    def action_back(self) -> None:
        """Clear the filter first, else go back."""
        if self._order.filter or self._order.failures_only or self._unfolded:
            self._unfolded = frozenset()
            self.query_one(FilterBar).clear()
            self._reorder(TaskOrder(self._order.sort, self._order.reverse))
            self._table.focus()
        else:
            self._leave()

    def _leave(self) -> None:
        """To the screen below."""
        self.app.pop_screen()

    def _shown(self) -> Snapshot:
        """For the screens over this one: what it would show."""
        return self._state
