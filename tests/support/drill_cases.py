"""Tasks and sessions for the arithmetic of a drill, by hand and drawn at random."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from tests.support.fake_clock import START
from tests.support.making import at, session
from tests.support.making import plan as plan_of
from tests.support.making import task as make_task
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment, TaskView
from tui.enterprise_manager.resources import FailoverSession, TaskSession


def finished(
    vm: str, begin: float, end: float, result: str = "Success", message: str | None = None
) -> TaskSession:
    """A task that ran between two minutes after the start."""
    return make_task(
        vm, "Stopped", result, progress=100, created=at(begin), ended=at(end), message=message
    )


def working(vm: str, begin: float, progress: int = 10) -> TaskSession:
    """A running task that began so many minutes after the start."""
    return make_task(vm, progress=progress, created=at(begin))


def assessed(*tasks: TaskSession, waiting: tuple[str, ...] = ()) -> Assessment:
    """A running session with these tasks and VMs still to come."""
    plan = plan_of(*(task.vm_name for task in tasks), *waiting) if waiting else None
    return assess(session(*tasks), plan=plan)


def views_of(*tasks: TaskSession, waiting: tuple[str, ...] = ()) -> tuple[TaskView, ...]:
    """The same, its rows only."""
    return assessed(*tasks, waiting=waiting).tasks


def earlier_run(
    *tasks: TaskSession,
    days: float = 7,
    minutes: float = 10,
    plan: str = "ABC Company Failover Plan",
    server: str | None = "vbr01",
    result: str = "Success",
    name: str | None = None,
) -> FailoverSession:
    """A finished run of the same plan, so many days ago."""
    began = START - timedelta(days=days)
    return session(
        *tasks,
        state="Stopped",
        result=result,
        created=began,
        ended=began + timedelta(minutes=minutes),
        plan=plan,
        server=server,
        session_id=name or f"run-{days}",
    )


MINUTES = st.floats(min_value=0, max_value=600, allow_nan=False)


@st.composite
def any_tasks(draw: st.DrawFn, most: int = 15) -> tuple[TaskSession, ...]:
    """Tasks in any condition a server may show: also without times, ended before begun."""
    names = draw(st.lists(st.sampled_from([f"vm{n:02}" for n in range(12)]), max_size=most))
    return tuple(
        make_task(
            name,
            draw(st.sampled_from(["Starting", "Working", "Stopping", "Stopped", "Odd", ""])),
            draw(st.sampled_from(["None", "Success", "Warning", "Failed", "Odd", ""])),
            progress=draw(st.none() | st.integers(0, 100)),
            created=draw(st.none() | MINUTES.map(at)),
            ended=draw(st.none() | MINUTES.map(at)),
            message=draw(st.none() | st.text(max_size=20)),
        )
        for name in names
    )
