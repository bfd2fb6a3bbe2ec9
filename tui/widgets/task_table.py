"""The table of a session's tasks."""

from __future__ import annotations

from tui.analysis.assessment import TaskView
from tui.widgets.line_table import LineTable


class TaskTable(LineTable[TaskView]):
    """The cursor stays on a waiting VM when its task begins and gives it another key."""

    def successor(self, gone: TaskView) -> int | None:
        """The row of the same VM."""
        return next(
            (place for place, row in enumerate(self._rows) if row.vm_name == gone.vm_name), None
        )

    def on_show(self) -> None:
        """Take back the focus that Textual took from a table that was not shown.

        Here and not where the screen is resized: between two quick resizes, the loss
        of the focus still waits in this widget's queue, in front of this event.
        """
        if self.screen.focused is None:
            self.screen.set_focus(self)
