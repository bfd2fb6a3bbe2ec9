"""The table of a session's tasks."""

from __future__ import annotations

from tui.analysis.assessment import TaskView
from tui.presentation.task_layout import Fold, Group, Row, group_of
from tui.widgets.line_table import LineTable


class TaskTable(LineTable[Row]):
    """The cursor stays on a waiting VM when its task begins and gives it another key."""

    def successor(self, gone: Row) -> int | None:
        """The row of the same VM, else the fold that has it; of a fold its first row."""
        rows = list(enumerate(self._rows))
        if isinstance(gone, Fold):
            group = gone.group
            return next((at for at, row in rows if _group(row) is group), None)
        named = (at for at, row in rows if _name(row) == gone.vm_name)
        groups = (group_of(gone), Group.CALM)
        folded = (at for at, row in rows if isinstance(row, Fold) and row.group in groups)
        return next(named, next(folded, None))


def _name(row: Row) -> str | None:
    return row.vm_name if isinstance(row, TaskView) else None


def _group(row: Row) -> object:
    return row.group if isinstance(row, Fold) else group_of(row)
