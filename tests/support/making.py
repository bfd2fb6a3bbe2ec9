"""Resources made short, for tests of what they mean."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.support.fake_clock import START
from tui.enterprise_manager.resources import (
    FailoverPlan,
    FailoverSession,
    PlanVm,
    ReplicaPoint,
    ReplicaPointReference,
    TaskSession,
)

SESSION_ID = "4347c445-0000-4000-8000-000000000001"
TASK_RUNS = timedelta(minutes=2)


def at(minutes: float) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minutes)


def task(
    vm: str = "web01",
    state: str = "Working",
    result: str = "None",
    *,
    progress: int | None = 0,
    point: str | None = "",
    created: datetime | None = START,
    ended: datetime | None = None,
    message: str | None = None,
) -> TaskSession:
    """A task session; its replica point is named after the VM unless given."""
    point_id = f"point-{vm}" if point == "" else point
    reference = point_id and ReplicaPointReference(id=point_id, name=f"{vm}@2026-11-23 13:00:00")
    if ended is None and state == "Stopped" and created is not None:
        ended = created + TASK_RUNS
    return TaskSession(
        vm_name=vm,
        replica_point=reference or None,
        created=created,
        ended=ended,
        state=state,
        result=result,
        progress=progress,
        failure_message=message,
    )


def done(vm: str, result: str = "Success", message: str | None = None) -> TaskSession:
    """A task that is over."""
    return task(vm, "Stopped", result, progress=100, message=message)


def session(
    *tasks: TaskSession,
    state: str = "Working",
    result: str = "None",
    progress: int | None = 0,
    ended: datetime | None = None,
    created: datetime | None = START,
    session_id: str = SESSION_ID,
    plan: str = "ABC Company Failover Plan",
    server: str | None = "vbr01",
    message: str | None = None,
) -> FailoverSession:
    """A cloud failover session, running unless said otherwise."""
    return FailoverSession(
        id=session_id,
        name=plan,
        plan_name=plan,
        backup_server=server,
        created=created,
        ended=ended,
        state=state,
        result=result,
        progress=progress,
        failure_message=message,
        tasks=tasks,
    )


def stopped(*tasks: TaskSession, result: str = "Success", progress: int = 100) -> FailoverSession:
    """A cloud failover session that ended after ten minutes."""
    return session(*tasks, state="Stopped", result=result, progress=progress, ended=at(10))


def plan(
    *vms: str, plan_id: str = "plan-1", server: str | None = "vbr01", name: str = "ABC"
) -> FailoverPlan:
    """A cloud failover plan with these VMs in boot order."""
    ordered = tuple(PlanVm(name=vm, order=order) for order, vm in enumerate(vms))
    return FailoverPlan(id=plan_id, name=name, backup_server=server, vms=ordered)


def point(point_id: str, created: datetime | None = None) -> ReplicaPoint:
    """A VM replica point, an hour older than the session unless said otherwise."""
    return ReplicaPoint(id=point_id, name=f"{point_id}@…", created=created or at(-60))
