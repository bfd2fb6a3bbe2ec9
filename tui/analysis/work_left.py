"""What is left to do, and so when it will be done: followed from reading to reading.

The work left is pushed through the slots in boot order, once with the short and once
with the long durations of the evidence: earlier finished runs of the same plan where
there are any, else the tasks that this run has finished. The server's own progress
takes no part: it may stay at 0 to the end, and a reading in which nothing else has changed
leaves the same work.

Durations and moments are whole microseconds here: for a thousand VMs that wait, datetimes cost
ten times as much. A task's elapsed time is in whole seconds, as it is shown.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from tui.analysis.assessment import TaskKey, TaskView, whole_second
from tui.analysis.estimate import (
    Basis,
    Estimate,
    Evidence,
    Outlook,
    Range,
    WhyNone,
    durations_by_vm,
    from_durations,
    from_runs,
    median_of,
    took,
)
from tui.analysis.identity import difference, folded
from tui.analysis.running import SLOTS
from tui.analysis.status import Status
from tui.enterprise_manager.in_time import began
from tui.enterprise_manager.resources import FailoverSession

OVERDUE_PART: Final = 4
"""A task may go on for another quarter of what it has taken: the later, the vaguer."""

IDLE_AFTER: Final = timedelta(minutes=2)
"""With nothing running for so long, VMs that have not begun may never do (skipped ones)."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_NOT_YET: Final = 1 << 62
"""Later than any moment: a task that nobody knows the start of has taken no time."""


def usual_durations(runs: Iterable[FailoverSession]) -> dict[str, timedelta]:
    """The median duration of each VM in these runs, by its folded name."""
    return {name: median_of(taken) for name, taken in durations_by_vm(runs).items()}


def estimate(
    status: Status,
    views: Sequence[TaskView],
    *,
    now: datetime,
    earlier: Sequence[FailoverSession] = (),
    plan_known: bool = True,
    stalled: Collection[TaskKey] = (),
    over: bool | None = None,
) -> Outlook:
    """Estimate the finish of a running session from its tasks and waiting VMs.

    `earlier` are finished runs of the same plan with their tasks. `over` is whether the session
    is done; by default its status decides, which knows nothing of states that a server may invent.
    """
    work = WorkLeft(earlier, from_runs(earlier))
    over = over if over is not None else not status.is_running
    return work.outlook(
        status, views, now=now, plan_known=plan_known, stalled=frozenset(stalled), over=over
    )


_Span = tuple[int, int]
"""A short and a long duration."""


class _Running(NamedTuple):
    """Running tasks: how long their VMs take, and when each began, in whole seconds."""

    takes: Sequence[_Span]
    began: Sequence[int]

    def left(self, whole: int, *, late: bool) -> list[int]:
        """What is left of each at that whole second."""
        taken = [whole - began if began < whole else 0 for began in self.began]
        if not late:
            return [max(takes[0] - each, 0) for takes, each in zip(self.takes, taken, strict=True)]
        return [
            max(takes[1] - each, each // OVERDUE_PART)
            for takes, each in zip(self.takes, taken, strict=True)
        ]


class _Queue(NamedTuple):
    """What is left, as long as nothing but progress changes; or why nothing can be said of it.

    `idle_since` where nothing runs, though VMs wait.
    """

    why_none: WhyNone | None = None
    not_begun: int = 0
    basis: Basis = Basis()
    running: _Running = _Running((), ())
    waiting: Sequence[_Span] = ()
    pause: _Span = (0, 0)
    slots: int = SLOTS
    last_start: int | None = None
    idle_since: datetime | None = None

    def outlook(self, now: datetime) -> Outlook:
        """What that comes to at a moment."""
        if self.idle_since is not None and now - self.idle_since > IDLE_AFTER:
            return Outlook(None, WhyNone.NOTHING_RUNS, not_begun=self.not_begun)
        if self.why_none is WhyNone.ONLY_STALLED:
            return Outlook(None, self.why_none, not_begun=self.not_begun)
        if self.why_none is not None:
            return Outlook(None, self.why_none, gap=True)
        earliest = self._finish(now, late=False)
        latest = max(earliest, self._finish(now, late=True))
        return Outlook(
            Estimate(
                _EPOCH + timedelta(microseconds=earliest),
                _EPOCH + timedelta(microseconds=latest),
                now,
                self.basis,
            )
        )

    def _finish(self, now: datetime, *, late: bool) -> int:
        """Push it all through the slots; when the last VM is done, never before now."""
        at, whole = _moment(now), _moment(whole_second(now))
        slots = [at + left for left in self.running.left(whole, late=late)]
        finish = max(slots, default=at)
        # More running than slots: the limit is another one, take it as it is seen.
        slots += [at] * (self.slots - len(slots))
        heapq.heapify(slots)
        pause = self.pause[late]
        turn = at if self.last_start is None else max(at, self.last_start + pause)
        for takes in self.waiting:
            begin = max(turn, slots[0])
            end = begin + takes[late]
            heapq.heapreplace(slots, end)
            finish = max(finish, end)
            turn = begin + pause
        return finish


class WorkLeft:
    """The work that is left of one session. What it holds is replaced, never changed."""

    def __init__(self, runs: Iterable[FailoverSession] = (), learned: Evidence | None = None):
        """`runs` are earlier finished ones of the plan, `learned` what `from_runs` made of them."""
        self._runs = [run for run in runs if run.tasks]
        self._learned = learned
        self._views: Sequence[TaskView] = ()
        self._running: dict[int, TaskView] = {}
        self._waiting: dict[int, str] = {}
        self._starts: dict[int, datetime] = {}
        self._done: dict[int, timedelta] = {}
        self._queue: tuple[bool, Collection[TaskKey], _Queue] | None = None

    def read(self, views: Sequence[TaskView]) -> None:
        """Take a reading in: `views` in boot order as far as waiting VMs go."""
        before, self._views = self._views, views
        changed = difference(before, views).changed
        count, least = len(before), min(len(before), len(views))
        if not changed and count == len(views):
            return
        self._queue = None
        own = vars(self)
        for name in ("_running", "_waiting", "_starts", "_done"):
            own[name] = dict(own[name])
        for place in [*changed, *range(least, max(count, len(views)))]:
            for kept in (self._running, self._waiting, self._starts, self._done):
                kept.pop(place, None)
            if place < len(views):
                self._note(place, views[place])

    def _note(self, place: int, view: TaskView) -> None:
        task = view.task
        if view.status is Status.WAITING:
            self._waiting[place] = view.vm_name
        if task is None:
            return
        if view.is_running:
            self._running[place] = view
        if task.created is not None:
            self._starts[place] = task.created
        taken = took(task)
        if taken is not None:
            self._done[place] = taken

    def outlook(
        self,
        status: Status,
        views: Sequence[TaskView],
        *,
        now: datetime,
        plan_known: bool,
        stalled: Collection[TaskKey],
        over: bool,
    ) -> Outlook:
        """When these are done, which are those of the last reading as a rule.

        Without the plan (`plan_known` False) the VMs of the newest earlier run that are not
        here yet are expected; without both there is no saying what is still to come. Nobody can
        tell when a `stalled` task ends: it keeps its slot, and the estimate is for all the
        others, which its basis says.
        """
        if status is Status.STOPPING:
            return Outlook(None, WhyNone.STOPPING)
        if over:
            return Outlook(None, WhyNone.NOT_RUNNING)
        self.read(views)
        known = self._queue
        if known is None or known[:2] != (plan_known, stalled):
            known = self._queue = plan_known, stalled, self._queued(plan_known, stalled)
        return known[2].outlook(now)

    def _queued(self, plan_known: bool, stalled: Collection[TaskKey]) -> _Queue:
        waiting = self._to_come(plan_known)
        if waiting is None:
            return _Queue(WhyNone.TO_COME_UNKNOWN)
        running = [view for view in self._running.values() if view.key not in stalled]
        held = len(self._running) - len(running)
        if held and not running and (not waiting or held >= SLOTS):
            return _Queue(WhyNone.ONLY_STALLED, len(waiting))
        idle_since = self._last_moment() if waiting and not running else None
        unfinished = [*(view.vm_name for view in running), *waiting]
        evidence = self._learned
        if evidence is None or not evidence.suffices_for(unfinished):
            evidence = from_durations(list(self._done.values()), self._starts.values())
        if evidence is None:
            return _Queue(WhyNone.TOO_FEW_DONE, len(waiting), idle_since=idle_since)
        takes = [_span(evidence.of(name)) for name in unfinished]
        return _Queue(
            None,
            len(waiting),
            Basis(evidence.earlier_runs, evidence.done, held),
            _Running(takes[: len(running)], list(map(_began, running))),
            takes[len(running) :],
            _span(evidence.pause),
            max(SLOTS - held, len(running)),
            max(map(_moment, self._starts.values()), default=None),
            idle_since,
        )

    def _to_come(self, plan_known: bool) -> list[str] | None:
        """The names of the VMs that have not begun; None where nothing tells."""
        waiting = [self._waiting[place] for place in sorted(self._waiting)]
        if plan_known or waiting:
            return waiting
        if not self._runs:
            return None
        begun = {folded(view.vm_name) for view in self._views if view.status is not Status.ALREADY}
        newest = max(self._runs, key=began)
        return [task.vm_name for task in newest.tasks if folded(task.vm_name) not in begun]

    def _last_moment(self) -> datetime | None:
        """When a task began or ended last."""
        tasks = [view.task for view in self._views if view.task is not None]
        moments = (moment for task in tasks for moment in (task.created, task.ended) if moment)
        return max(moments, default=None)


def _span(between: Range) -> _Span:
    return between.low // _MICROSECOND, between.high // _MICROSECOND


def _moment(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _began(view: TaskView) -> int:
    created = view.task.created if view.task else None
    return _NOT_YET if created is None else _moment(whole_second(created))
