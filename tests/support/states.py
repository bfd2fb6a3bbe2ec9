"""Monitor states made short, for tests of how they are shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.support import making
from tests.support.making import SESSION_ID
from tui.analysis.assessing import assess
from tui.analysis.drill import Drill, DrillView, Goals, Known
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, ReplicaPoint
from tui.monitor.details import Details
from tui.monitor.snapshot import Snapshot
from tui.monitor.trouble import Trouble
from tui.presentation.line import Line

EMPTY = Snapshot(SESSION_ID)


def state(
    of: FailoverSession,
    *,
    plan: FailoverPlan | None = None,
    points: dict[str, ReplicaPoint | None] | None = None,
    trouble: Trouble | None = None,
    note: str | None = None,
) -> Snapshot:
    """A state right after a poll that brought this session."""
    return Snapshot(
        of.id,
        of,
        assess(of, plan=plan),
        Details(points or {}, plan, note),
        trouble=trouble,
        fetched_at=0.0,
    )


RUNNING = state(
    making.session(
        making.done("dc01"),
        making.done("sql02", "Failed", "No space"),
        making.task("web01"),
        making.task("x", "Odd"),
        progress=46,
    ),
    plan=making.plan("dc01", "sql02", "web01", "x", "app03", "app04"),
)
"""One of each: up, failed, running, in a state that nobody knows; two wait."""


def plain(line: Line) -> str:
    """The text of a line without its styles."""
    return "".join(text for text, _ in line)


def judged(
    of: Snapshot,
    now: datetime,
    goals: Goals | None = None,
    *,
    drill: Drill | None = None,
    settled: bool = True,
) -> DrillView:
    """The drill at that moment, from data that has just come; by `drill` if it goes on."""
    assert of.session is not None
    assert of.assessment is not None
    drill = drill or Drill(timedelta(minutes=10))
    drill.read(of.assessment, now)
    known = Known(
        session=of.session,
        assessment=of.assessment,
        points=of.details.points,
        plan_known=of.details.plan is not None,
        settled=settled,
    )
    return drill.judge(known, goals or Goals(), now=now, as_of=now, stale=False)
