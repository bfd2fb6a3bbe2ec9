"""How the VMs of an outage fare, which may be several runs: one tries those of another again.

The server does not say so; it is inferred from the plan, the time between, and the VMs:
who came up is not failed over again. Pure functions of the resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tui.analysis.assessment import Assessment, TaskView, lasted, span
from tui.analysis.comparison import same_plan
from tui.analysis.identity import difference, folded
from tui.analysis.status import Status, is_done, status_of
from tui.analysis.targets import Recovery, Undecided
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.light import dataclass

LONGEST_PAUSE: Final = timedelta(hours=24)
"""A run that began longer after the end of the one before is another outage."""

_UP: Final = frozenset({Status.SUCCESS, Status.WARNING, Status.ALREADY})
_RUNNING: Final = (Status.RUNNING, Status.STARTING, Status.STOPPING)


@dataclass(frozen=True, slots=True)
class OutageRun:
    """One of its runs: when, and how many of its VMs did not come up. `ended` None: it runs."""

    session_id: str
    began: datetime
    ended: datetime | None
    vms: int
    failed: int


@dataclass(frozen=True, slots=True)
class Outage:
    """Two or more runs, oldest first, that are inferred to be one outage.

    It counts from `began`, the first run's start, or the declared moment where that is
    earlier (`declared`). Each VM counts once, as its newest attempt left it: `up` of `total`
    are up; `down` have failed or never began, and nothing tries them; the rest runs or
    waits. `took` is until now, or until the end of the last run.
    """

    runs: tuple[OutageRun, ...]
    began: datetime
    declared: bool
    total: int
    up: int
    failed: int
    down: tuple[str, ...]
    over: bool
    took: timedelta | None

    @property
    def first_began(self) -> datetime:
        """When its first run began."""
        return self.runs[0].began


@dataclass(frozen=True, slots=True)
class _Vm:
    name: str
    status: Status


_Chain = list[tuple[FailoverSession, dict[str, _Vm]]]


def outage_of(
    session: FailoverSession,
    assessment: Assessment,
    earlier: Iterable[FailoverSession],
    *,
    now: datetime,
    declared: datetime | None = None,
) -> Outage | None:
    """The outage that this run belongs to; None where it stands alone, or nothing tells.

    `earlier` are finished runs of the same plan with their tasks, in any order.
    """
    return Outages(earlier).of(session, assessment, now=now, declared=declared)


class Outages:
    """The same from reading to reading: made anew when more than time and progress has changed.

    What it holds is replaced, never changed.
    """

    def __init__(self, earlier: Iterable[FailoverSession] = ()) -> None:
        self._runs = sorted(earlier, key=_began, reverse=True)
        self._outcomes: dict[str, dict[str, _Vm]] = {}
        self._tasks: Sequence[TaskView] = ()
        self._found: tuple[tuple[object, ...], Outage | None] | None = None

    def read(self, tasks: Sequence[TaskView]) -> None:
        """Take the rows of a reading in."""
        before, self._tasks = self._tasks, tasks
        if len(before) != len(tasks) or difference(before, tasks).changed:
            self._found = None

    def of(
        self,
        session: FailoverSession,
        assessment: Assessment,
        *,
        now: datetime,
        declared: datetime | None = None,
    ) -> Outage | None:
        """The outage at that moment."""
        # Before any VM is looked at: it is asked at each judging, and mostly stands alone.
        if session.created is None or not (self._runs and _is_soon_after(self._runs[0], session)):
            return None
        self.read(assessment.tasks)
        over = is_done(session.state, session.ended)
        basis = (session.id, session.created, session.ended, over, declared)
        if self._found is None or self._found[0] != basis:
            chain = self._chain(session, assessment)
            found = _outage(chain, session, assessment, over, declared) if chain else None
            self._found = basis, found
        outage = self._found[1]
        if outage is None:
            return None
        took = lasted(outage.began, session.ended) if over else span(outage.began, now)
        return replace(outage, took=took)

    def _chain(self, session: FailoverSession, assessment: Assessment) -> _Chain:
        """The runs that this one goes on with, oldest first, and how their VMs fared."""
        begun = {folded(view.vm_name) for view in assessment.tasks if view.task is not None}
        chain: _Chain = []
        later = session
        for run in self._runs if begun else ():
            if not _is_soon_after(run, later):
                break
            outcome = self._outcome(run)
            if not _is_tried_again(run, outcome, begun):
                break
            chain.insert(0, (run, outcome))
            later, begun = run, set(outcome)
        return chain

    def _outcome(self, run: FailoverSession) -> dict[str, _Vm]:
        """It does not change any more."""
        known = self._outcomes.get(run.id)
        if known is None:
            known = _outcome(run.tasks)
            self._outcomes = {**self._outcomes, run.id: known}
        return known


def _outage(
    chain: _Chain,
    session: FailoverSession,
    assessment: Assessment,
    over: bool,
    declared: datetime | None,
) -> Outage:
    vms = _vms([outcome for _, outcome in chain], assessment, over=over)
    runs = [_run(run, outcome) for run, outcome in chain]
    runs.append(_this(session, assessment, over=over))
    first = runs[0].began
    began = first if declared is None else min(first, declared)
    return Outage(
        tuple(runs),
        began,
        declared is not None and declared < first,
        len(vms),
        sum(vm.status in _UP for vm in vms.values()),
        sum(vm.status is Status.FAILED for vm in vms.values()),
        tuple(vm.name for vm in vms.values() if _is_down(vm.status, over=over)),
        over,
        took=None,
    )


def gone_on_by(
    session: FailoverSession, siblings: Iterable[FailoverSession]
) -> FailoverSession | None:
    """The newest run that may go on with what this one left undone; None where it is the last.

    `siblings` are known sessions of its plan, without their tasks: whether it tries the same
    VMs is not known, so this is inferred from the plan and the time alone.
    """
    if session.created is None or not is_done(session.state, session.ended):
        return None
    if session.result.lower() in ("success", "warning"):
        return None
    newest = session
    for run in sorted(siblings, key=_began):
        if run.id != newest.id and same_plan(run, session) and _is_soon_after(newest, run):
            newest = run
    return None if newest is session else newest


def _began(run: FailoverSession) -> float:
    return run.created.timestamp() if run.created else 0.0


def _outcome(tasks: Iterable[TaskSession]) -> dict[str, _Vm]:
    """How each VM fared, its newest attempt counting."""
    in_time = sorted(tasks, key=lambda task: task.created.timestamp() if task.created else 0.0)
    return {
        folded(task.vm_name): _Vm(
            task.vm_name, status_of(task.state, task.result, task.ended).status
        )
        for task in in_time
    }


def _is_soon_after(run: FailoverSession, later: FailoverSession) -> bool:
    if run.created is None or run.ended is None or later.created is None:
        return False
    return timedelta() <= later.created - run.ended <= LONGEST_PAUSE


def _is_tried_again(run: FailoverSession, outcome: Mapping[str, _Vm], begun: set[str]) -> bool:
    """Whether a run that began these VMs goes on where `run` left off."""
    if not outcome:
        return False
    came_up = {name for name, vm in outcome.items() if vm.status in _UP}
    all_up = len(came_up) == len(outcome) and run.result.lower() in ("success", "warning")
    return not all_up and not begun & came_up


def _vms(
    before: Sequence[Mapping[str, _Vm]], assessment: Assessment, *, over: bool
) -> dict[str, _Vm]:
    """Every VM once. One that failed before and has no task yet waits, while this run goes on."""
    vms: dict[str, _Vm] = {}
    for outcome in before:
        vms.update(outcome)
    tried = {folded(view.vm_name): view for view in assessment.tasks}
    for name, vm in list(vms.items()):
        if not over and name not in tried and vm.status not in _UP:
            vms[name] = _Vm(vm.name, Status.WAITING)
    for name, view in tried.items():
        known = vms.get(name)
        if view.task is None and known is not None and known.status in _UP:
            continue
        if view.task is None and over and known is not None:
            continue
        vms[name] = _Vm(view.vm_name, view.status)
    return vms


def _is_down(status: Status, *, over: bool) -> bool:
    if status is Status.FAILED:
        return True
    return over and status not in _UP


def _run(run: FailoverSession, outcome: Mapping[str, _Vm]) -> OutageRun:
    assert run.created is not None  # noqa: S101  # or it would be no part of the chain
    lost = sum(vm.status not in _UP for vm in outcome.values())
    return OutageRun(run.id, run.created, run.ended, len(outcome), lost)


def _this(session: FailoverSession, assessment: Assessment, *, over: bool) -> OutageRun:
    assert session.created is not None  # noqa: S101  # or it would have no place in a chain
    views = [view for view in assessment.tasks if view.task is not None]
    lost = sum(_is_down(view.status, over=over) for view in views)
    return OutageRun(session.id, session.created, session.ended, len(views), lost)


def recovery_of(assessment: Assessment, outage: Outage | None = None, *, over: bool) -> Recovery:
    """Count them. Nobody knows what became of a VM that works on, or cannot be read.

    In an `outage` of several runs those count too that only earlier runs had.
    """
    count = assessment.count
    failed = count(Status.FAILED)
    times = [view.task.ended for view in assessment.failures if view.task and view.task.ended]
    not_up = failed + count(Status.WAITING) if over else assessment.total - count(*_UP)
    total = assessment.total
    if outage is not None:
        total, failed = outage.total, outage.failed
        not_up = len(outage.down) if over else total - outage.up
    return Recovery(
        total,
        not_up,
        failed,
        min(times, default=None),
        assessment.status in (Status.FAILED, Status.RUNNING_WITH_ERRORS),
        assessment.status is Status.STOPPING,
        *(_undecided(assessment) if over else (None, 0)),
    )


def _undecided(assessment: Assessment) -> tuple[Undecided | None, int]:
    count = assessment.count
    for number, why in (
        (count(*_RUNNING), Undecided.STILL_WORKING),
        (count(Status.UNKNOWN), Undecided.WITHOUT_A_RESULT),
        (assessment.unreadable, Undecided.UNREADABLE),
    ):
        if number:
            return why, number
    if assessment.status is Status.UNKNOWN:
        return Undecided.SESSION_WITHOUT_A_RESULT, 0
    return None, 0
