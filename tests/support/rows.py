"""Rows chosen and ordered at one go, as what is kept from poll to poll has to come out."""

from __future__ import annotations

from collections.abc import Iterable

from tui.analysis.assessment import TaskView
from tui.presentation.task_order import TaskContext, TaskOrder


def arranged(
    order: TaskOrder, views: Iterable[TaskView], context: TaskContext | None = None
) -> list[TaskView]:
    """The rows that pass the filter, sorted; equal ones in the server's order."""
    ordering = order.ordering(context or TaskContext())
    keyed = [(ordering.key_of(view), view) for view in views]
    kept = [(key, view) for key, view in keyed if key is not None]
    kept.sort(key=lambda each: each[1].position)
    kept.sort(key=lambda each: each[0], reverse=order.reverse)
    return [view for _, view in kept]
