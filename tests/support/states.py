"""Monitor states made short, for tests of how they are shown."""

from __future__ import annotations

from tests.support.making import SESSION_ID
from tui.analysis.assessment import assess
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, ReplicaPoint
from tui.monitor.details import Details
from tui.monitor.poll_state import Trouble
from tui.monitor.state import MonitorState
from tui.presentation.line import Line

EMPTY = MonitorState(SESSION_ID)


def state(
    of: FailoverSession,
    *,
    plan: FailoverPlan | None = None,
    points: dict[str, ReplicaPoint | None] | None = None,
    trouble: Trouble | None = None,
    note: str | None = None,
) -> MonitorState:
    """A state right after a poll that brought this session."""
    return MonitorState(
        of.id,
        of,
        assess(of, plan=plan),
        Details(points or {}, plan, note),
        trouble=trouble,
        fetched_at=0.0,
    )


def plain(line: Line) -> str:
    """The text of a line without its styles."""
    return "".join(text for text, _ in line)
