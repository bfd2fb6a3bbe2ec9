"""Rows that a person narrows and sorts: the filter, clicks and keys alike for VMs and sessions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Generic, TypeVar

from textual import on

from tui.presentation.session_order import SessionOrder
from tui.presentation.task_order import TaskOrder
from tui.screens.shared import MayLogOnAgain
from tui.widgets.filter_bar import FilterBar
from tui.widgets.line_table import LineTable

OrderT = TypeVar("OrderT", TaskOrder, SessionOrder)


class RowsInOrder(MayLogOnAgain, Generic[OrderT]):
    """A screen with a filter bar over a table; what it shows, it shows in `_order`."""

    _order: OrderT

    @property
    def _table(self) -> LineTable[Any]:
        """The rows."""
        raise NotImplementedError

    def show_all(self) -> None:
        """Bring every part up to date."""
        raise NotImplementedError

    def _reorder(self, order: OrderT) -> None:
        self._order = order
        self._table.repaint()
        self.show_all()

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

    def action_filter(self) -> None:
        """Type a filter."""
        self.query_one(FilterBar).open()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self._reorder(self._order.next_sort())

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._reorder(self._order.sorted_by(self._order.sort))
