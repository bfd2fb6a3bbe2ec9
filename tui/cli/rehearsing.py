"""`simulate --journal FILE`: a journal as plain data for the simulator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tui.cli.replaying import read_readable
from tui.enterprise_manager.resources import FailoverSession, ReplicaPoint, TaskSession
from tui.errors import InvalidInput
from tui.monitor.details import Details
from tui.monitor.observations import DetailsRead, Observation, Reading, RunsRead
from tui.simulator.recorded import RecordedDrill, RecordedSession, RecordedTask, Seen


def recorded_drill(path: Path) -> RecordedDrill:
    """What the journal holds of the failover. Raises InvalidInput where that is nothing."""
    observations = read_readable(path).observations
    readings = [each for each in observations if isinstance(each, Reading)]
    if not readings:
        raise InvalidInput(f"{path} holds no answer of a server, so there is nothing to serve.")
    zero = readings[0].server_time or readings[0].seen_at
    details, runs = _known(observations)
    last, plan = readings[-1].session, details.plan
    tasks = tuple(dict.fromkeys(task.vm_name for task in last.tasks))
    return RecordedDrill(
        last.plan_name,
        _session(readings, zero, details),
        tuple(vm.name for vm in plan.vms) if plan is not None and plan.vms else tasks,
        plan_uid=plan.id if plan is not None else None,
        tenant=(plan.tenant if plan is not None else None) or "",
        server=last.backup_server or "",
        earlier=tuple(_finished(run, zero) for run in runs),
    )


def _known(observations: Sequence[Observation]) -> tuple[Details, tuple[FailoverSession, ...]]:
    details = Details()
    runs: tuple[FailoverSession, ...] = ()
    for each in observations:
        if isinstance(each, DetailsRead):
            details = each.added_to(details)
        elif isinstance(each, RunsRead):
            runs = each.runs
    return details, runs


def _finished(run: FailoverSession, zero: datetime) -> RecordedSession:
    """A run that was over when it was read: as it was then, all along."""
    begun = run.created or zero
    read = Reading(seen_at=begun, monotonic=0.0, session=run, asked_at=0.0)
    return _session([read], zero, Details())


def _session(readings: Sequence[Reading], zero: datetime, details: Details) -> RecordedSession:
    session, tasks = readings[-1].session, readings[-1].session.tasks
    seen: list[Seen] = []
    of_tasks: list[list[Seen]] = [[] for _ in tasks]
    for reading in readings:
        at = _seconds(reading.server_time or reading.seen_at, zero)
        _add(seen, _seen(reading.session, at, zero))
        for place, task in enumerate(reading.session.tasks[: len(tasks)]):
            _add(of_tasks[place], _seen(task, at, zero))
    return RecordedSession(
        session.id,
        _seconds(session.created or zero, zero),
        tuple(seen),
        tuple(
            RecordedTask(
                task.vm_name,
                _seconds(task.created or session.created or zero, zero),
                tuple(said),
                _point(task, details, zero),
            )
            for task, said in zip(tasks, of_tasks, strict=True)
        ),
    )


def _seen(of: FailoverSession | TaskSession, at: float, zero: datetime) -> Seen:
    ended = _seconds(of.ended, zero) if of.ended is not None else None
    return Seen(at, of.state, of.result, of.progress, ended, of.failure_message)


def _add(seen: list[Seen], new: Seen) -> None:
    """What says the same as before is not said again; time never goes back."""
    if seen and new.at < seen[-1].at:
        new = replace(new, at=seen[-1].at)
    if not seen or replace(new, at=seen[-1].at) != seen[-1]:
        seen.append(new)


def _point(task: TaskSession, details: Details, zero: datetime) -> float | None:
    reference = task.replica_point
    point: ReplicaPoint | None = None
    if reference is not None and reference.id is not None:
        point = details.points.get(reference.id)
    return _seconds(point.created, zero) if point is not None and point.created else None


def _seconds(moment: datetime, zero: datetime) -> float:
    return (moment - zero).total_seconds()
