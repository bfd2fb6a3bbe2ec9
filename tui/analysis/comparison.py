"""How does this run compare with an earlier one of the same plan?

The plan is told by its name and backup server: a session has no link to its plan.
What kind of run it was (failover, test, undo) the server does not tell either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from tui.analysis.assessment import TaskView, lasted
from tui.analysis.identity import folded, may_be_runs_of_one_plan, may_share_server
from tui.analysis.status import Status, is_done, status_of
from tui.enterprise_manager.in_time import began
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.light import dataclass


def same_plan(one: FailoverSession, other: FailoverSession) -> bool:
    """Whether both may be runs of one plan, as far as can be told.

    Several backup servers may have plans of one name, and several tenants of one server:
    these are told apart by the VMs, where both sessions list some. Where a session does not
    tell its backup server, the rest decides alone.
    """
    if one.plan_name != other.plan_name or not may_share_server(one, other):
        return False
    return may_be_runs_of_one_plan(
        (task.vm_name for task in one.tasks), (task.vm_name for task in other.tasks)
    )


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The sessions of the same plan just before and just after one."""

    older: FailoverSession | None = None
    newer: FailoverSession | None = None


def neighbours(sessions: Iterable[FailoverSession], current: FailoverSession) -> Neighbours:
    """Where `[` (older) and `]` (newer) lead; `sessions` in any order, doubles allowed.

    A session without a start time has no place in the row.
    """
    if current.created is None:
        return Neighbours()
    here = _place(current)
    row = {_place(session): session for session in sessions if _in_row(session, current)}
    return Neighbours(
        row[max(older)] if (older := [place for place in row if place < here]) else None,
        row[min(newer)] if (newer := [place for place in row if place > here]) else None,
    )


def earlier_finished(
    sessions: Iterable[FailoverSession], current: FailoverSession
) -> tuple[FailoverSession, ...]:
    """The finished runs of the same plan that began before this one, newest first."""
    if current.created is None:
        return ()
    here = _place(current)
    row = {
        _place(session): session
        for session in sessions
        if _in_row(session, current) and is_done(session.state, session.ended)
    }
    return tuple(row[place] for place in sorted(row, reverse=True) if place < here)


def _in_row(session: FailoverSession, current: FailoverSession) -> bool:
    return session.created is not None and same_plan(session, current)


def _place(session: FailoverSession) -> tuple[float, str]:
    """Its place in time; the id makes the order of simultaneous ones definite."""
    return (began(session), session.id)


class Presence(Enum):
    """Which of the two runs had the VM; the value is the word for it."""

    BOTH = "both"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class VmComparison:
    """One VM then and now. A time is None where it did not come up, or is not known.

    `slower_by` is now minus then (negative: faster), None unless both are known.
    """

    vm_name: str
    presence: Presence
    then: timedelta | None
    now: timedelta | None
    failed_then: bool
    failed_now: bool

    @property
    def slower_by(self) -> timedelta | None:
        """Now minus then."""
        return _difference(self.then, self.now)


@dataclass(frozen=True, slots=True)
class Comparison:
    """This run against an earlier one, each VM of either, in this run's order.

    `tasks_then` and `tasks_now` are False where the server lists no tasks for a
    finished run: then VMs are neither added nor gone, they are not known. `over` is
    False while this run goes on: all that is said of it is so far only.
    """

    earlier_id: str
    earlier_created: datetime | None
    vms: tuple[VmComparison, ...]
    then: timedelta | None
    now: timedelta | None
    tasks_then: bool
    tasks_now: bool
    over: bool = True

    @property
    def slower_by(self) -> timedelta | None:
        """The whole run: now minus then, None while it runs."""
        return _difference(self.then, self.now)

    @property
    def failed_then(self) -> int:
        """How many VMs failed in the earlier run."""
        return sum(vm.failed_then for vm in self.vms)

    @property
    def failed_now(self) -> int:
        """How many VMs have failed in this run."""
        return sum(vm.failed_now for vm in self.vms)

    def present(self, presence: Presence) -> tuple[VmComparison, ...]:
        """The VMs of one or the other run, or of both."""
        return tuple(vm for vm in self.vms if vm.presence is presence)


def _difference(then: timedelta | None, now: timedelta | None) -> timedelta | None:
    return None if then is None or now is None else now - then


@dataclass(frozen=True, slots=True)
class _Outcome:
    took: timedelta | None
    failed: bool


_UNKNOWN = _Outcome(None, failed=False)


def compare(
    session: FailoverSession,
    views: Sequence[TaskView],
    earlier: FailoverSession,
    *,
    plan_known: bool = False,
) -> Comparison:
    """Compare a run, running or over, with an earlier finished one read with its tasks.

    `views` of this run, waiting VMs included if the plan is known. While this run goes
    on, a VM without a task is gone only if the plan does not have it either. Of
    several tasks of one VM (a retry) the last one counts.
    """
    now = {folded(view.vm_name): _UNKNOWN for view in views}
    now.update(_outcomes(view.task for view in views if view.task is not None))
    then = _outcomes(earlier.tasks)
    names = {folded(task.vm_name): task.vm_name for task in earlier.tasks}
    names.update((folded(view.vm_name), view.vm_name) for view in views)
    over = is_done(session.state, session.ended)
    complete = bool(views) and (over or plan_known)
    rows = [_row(name, then, now, bool(then), complete) for name in now]
    rows += [_row(name, then, now, bool(then), complete) for name in then if name not in now]
    return Comparison(
        earlier.id,
        earlier.created,
        tuple(replace(row, vm_name=names[row.vm_name]) for row in rows),
        lasted(earlier.created, earlier.ended),
        lasted(session.created, session.ended) if over else None,
        bool(then),
        bool(views),
        over,
    )


def basis(
    session: FailoverSession,
    views: Sequence[TaskView],
    earlier: FailoverSession,
    *,
    plan_known: bool = False,
) -> tuple[object, ...]:
    """What `compare` of the same rests on: where it is equal, so is the comparison.

    How far a task is does not matter, only when it began and how it ended.
    """
    return (
        earlier,
        (session.created, session.ended, session.state),
        plan_known,
        [(view.vm_name, None if view.task is None else _terms(view.task)) for view in views],
    )


def _terms(task: TaskSession) -> tuple[object, ...]:
    return task.vm_name, task.state, task.result, task.created, task.ended


def _row(
    name: str,
    then: dict[str, _Outcome],
    now: dict[str, _Outcome],
    then_complete: bool,
    now_complete: bool,
) -> VmComparison:
    presence = Presence.BOTH
    if then_complete and name not in then:
        presence = Presence.ADDED
    elif now_complete and name not in now:
        presence = Presence.GONE
    before, after = then.get(name, _UNKNOWN), now.get(name, _UNKNOWN)
    return VmComparison(name, presence, before.took, after.took, before.failed, after.failed)


def _outcomes(tasks: Iterable[TaskSession]) -> dict[str, _Outcome]:
    """How each VM fared, by its folded name, its last task counting."""
    return {folded(task.vm_name): _outcome(task) for task in sorted(tasks, key=began)}


def _outcome(task: TaskSession) -> _Outcome:
    status = status_of(task.state, task.result, task.ended).status
    up = status in (Status.SUCCESS, Status.WARNING)
    return _Outcome(lasted(task.created, task.ended) if up else None, status is Status.FAILED)
