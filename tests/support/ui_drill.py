"""Short ways to look at a screen."""

from __future__ import annotations

from typing import cast

from textual.widgets import Static

from tests.support.stage import Stage
from tui.analysis.assessment import TaskView
from tui.monitor.snapshot import Snapshot
from tui.presentation.task_layout import Fold
from tui.screens.session import SessionScreen


def tasks(stage: Stage) -> list[TaskView]:
    """The rows of the table in front, top to bottom; what is folded is left out."""
    return [row for row in stage.table._rows if isinstance(row, TaskView)]


def folds(stage: Stage) -> list[Fold]:
    """What the table in front has folded."""
    return [row for row in stage.table._rows if isinstance(row, Fold)]


def names(stage: Stage) -> list[str]:
    return [view.vm_name for view in tasks(stage)]


def under_cursor(stage: Stage) -> TaskView:
    row = stage.table.cursor_row
    assert row is not None
    return cast(TaskView, row)


def state(stage: Stage) -> Snapshot:
    return stage.showing(SessionScreen).state


def summary(stage: Stage) -> list[str]:
    return stage.painted("#summary")


def polls(stage: Stage) -> int:
    """How often the session was asked for."""
    asked = f"GET /api/cloud/failoverSessions/{stage.service.featured_session}"
    return stage.requests().count(asked)


def login_message(stage: Stage) -> str:
    """What the login screen says, as one line."""
    return " ".join(str(stage.one("#login-message", Static).render()).split())
