"""When will it be finished? A range, with the evidence that it rests on.

The work left is pushed through the slots in boot order, once with the short and once
with the long durations of the evidence: earlier finished runs of the same plan where
there are any, else the tasks that this run has finished. The server's own progress
takes no part: it may stay at 0 to the end.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from tui.analysis.assessment import TaskKey, TaskView, span
from tui.analysis.evidence import (
    Evidence,
    Range,
    durations_by_vm,
    from_runs,
    from_tasks_done,
    median_of,
)
from tui.analysis.identity import folded
from tui.analysis.running import SLOTS
from tui.analysis.status import Status
from tui.enterprise_manager.in_time import began
from tui.enterprise_manager.resources import FailoverSession
from tui.light import dataclass

NOTEWORTHY: Final = timedelta(minutes=1)
"""An end of the range that moves by more is told, and taken over at once."""

NOTEWORTHY_SHARE: Final = 0.1
"""The same as a share of the time left, for long failovers; the larger of the two holds."""

EASING: Final = timedelta(seconds=20)
"""How slowly smaller moves are taken over: half the way in this time."""

NOTE_KEPT: Final = timedelta(minutes=1)
"""How long a move stays noted."""

OVERDUE_SHARE: Final = 0.25
"""A task may go on for another quarter of what it has taken: the later, the vaguer."""

IDLE_AFTER: Final = timedelta(minutes=2)
"""With nothing running for so long, VMs that have not begun may never do (skipped ones)."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What an estimate rests on: so many earlier runs, or without any so many VMs of this one
    that are `done`; so many `stalled` ones are left out of it."""

    earlier_runs: int = 0
    done: int = 0
    stalled: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """How an estimate moved: to another kind of `basis`, an end of the range by so much (later
    is positive); None where that did not move."""

    basis: Basis | None = None
    earliest: timedelta | None = None
    latest: timedelta | None = None


class WhyNone(Enum):
    """Why there is no estimate."""

    STOPPING = auto()
    NOT_RUNNING = auto()
    TO_COME_UNKNOWN = auto()
    ONLY_STALLED = auto()
    NOTHING_RUNS = auto()
    TOO_FEW_DONE = auto()


@dataclass(frozen=True, slots=True)
class Estimate:
    """The session finishes between `earliest` and `latest`, as seen at `as_of` (UTC).

    `earliest` is never before `as_of`. `changed` says how it moved, for a minute after it
    did; the told ones are what a person was last told, against which a move is measured.
    All four are filled by `smooth`.
    """

    earliest: datetime
    latest: datetime
    as_of: datetime
    basis: Basis
    changed: Move | None = None
    changed_at: datetime | None = None
    told_earliest: datetime | None = None
    told_latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """An estimate, or why there is none.

    `gap` where only evidence is missing: nothing speaks against an earlier estimate.
    `not_begun` VMs are still to come where nothing runs.
    """

    estimate: Estimate | None
    why_none: WhyNone | None = None
    gap: bool = False
    not_begun: int = 0


def usual_durations(runs: Iterable[FailoverSession]) -> dict[str, timedelta]:
    """The median duration of each VM in these runs, by its folded name."""
    return {name: median_of(taken) for name, taken in durations_by_vm(runs).items()}


def estimate(
    status: Status,
    views: Sequence[TaskView],
    *,
    now: datetime,
    earlier: Sequence[FailoverSession] = (),
    learned: Evidence | None = None,
    plan_known: bool = True,
    stalled: Collection[TaskKey] = (),
    over: bool | None = None,
) -> Outlook:
    """Estimate the finish of a running session from its tasks and waiting VMs.

    `views` in boot order as far as waiting VMs go, without those that are known to be
    left out. `earlier` are finished runs of the same plan with their tasks, `learned` is
    what `from_runs` made of them, for whoever asks more than once. Without the plan
    (`plan_known` False) the VMs of the newest earlier run that are not here yet are
    expected; without both there is no saying what is still to come. Nobody can tell when
    a `stalled` task ends: it keeps its slot, and the estimate is for all the others,
    which its basis says. `over` is whether the session is done; by default its status decides,
    which knows nothing of states that a server may invent.
    """
    if status is Status.STOPPING:
        return Outlook(None, WhyNone.STOPPING)
    if over if over is not None else not status.is_running:
        return Outlook(None, WhyNone.NOT_RUNNING)
    runs = [run for run in earlier if run.tasks]
    waiting = _waiting(views, runs, plan_known)
    if waiting is None:
        return Outlook(None, WhyNone.TO_COME_UNKNOWN, gap=True)
    held = [view for view in views if view.is_running and view.key in stalled]
    running = [view for view in views if view.is_running and view.key not in stalled]
    why_none = _hopeless(views, running, waiting, len(held), now)
    if why_none is not None:
        return Outlook(None, why_none, not_begun=len(waiting))
    unfinished = [view.vm_name for view in running] + waiting
    evidence = learned or from_runs(runs)
    if evidence is None or not evidence.suffices_for(unfinished):
        evidence = from_tasks_done(views)
    if evidence is None:
        return Outlook(None, WhyNone.TOO_FEW_DONE, gap=True)
    push = _Push(running, waiting, evidence, now, max(SLOTS - len(held), len(running)))
    started = [view.task.created for view in views if view.task and view.task.created]
    last_start = max(started, default=None)
    earliest = push.finish(last_start, late=False)
    latest = max(earliest, push.finish(last_start, late=True))
    basis = Basis(evidence.earlier_runs, evidence.done, len(held))
    return Outlook(Estimate(earliest, latest, now, basis))


def _hopeless(
    views: Sequence[TaskView],
    running: Sequence[TaskView],
    waiting: Sequence[str],
    held: int,
    now: datetime,
) -> WhyNone | None:
    """Why no amount of evidence would help."""
    if held and not running and (not waiting or held >= SLOTS):
        return WhyNone.ONLY_STALLED
    if waiting and not running:
        tasks = [view.task for view in views if view.task is not None]
        moments = [moment for task in tasks for moment in (task.created, task.ended) if moment]
        if moments and now - max(moments) > IDLE_AFTER:
            return WhyNone.NOTHING_RUNS
    return None


def _waiting(
    views: Sequence[TaskView], runs: Sequence[FailoverSession], plan_known: bool
) -> list[str] | None:
    waiting = [view.vm_name for view in views if view.status is Status.WAITING]
    if plan_known or waiting:
        return waiting
    if not runs:
        return None
    begun = {folded(view.vm_name) for view in views}
    newest = max(runs, key=began)
    return [task.vm_name for task in newest.tasks if folded(task.vm_name) not in begun]


@dataclass(frozen=True, slots=True)
class _Push:
    """What is left, and how many slots it can use."""

    running: Sequence[TaskView]
    waiting: Sequence[str]
    evidence: Evidence
    now: datetime
    slots: int

    def finish(self, last_start: datetime | None, *, late: bool) -> datetime:
        """Push it all through the slots; when the last VM is done, never before now."""

        def chosen(between: Range) -> timedelta:
            return between.high if late else between.low

        of, now = self.evidence.of, self.now
        slots = [now + _left(view, chosen(of(view.vm_name)), now, late) for view in self.running]
        finish = max(slots, default=now)
        # More running than slots: the limit is another one, take it as it is seen.
        slots += [now] * (self.slots - len(slots))
        heapq.heapify(slots)
        pause = chosen(self.evidence.pause)
        turn = now if last_start is None else max(now, last_start + pause)
        for vm_name in self.waiting:
            begin = max(turn, heapq.heappop(slots))
            end = begin + chosen(of(vm_name))
            heapq.heappush(slots, end)
            finish = max(finish, end)
            turn = begin + pause
        return finish


def _left(view: TaskView, usual: timedelta, now: datetime, late: bool) -> timedelta:
    elapsed = span(view.task.created if view.task else None, now) or timedelta()
    rest = max(usual - elapsed, timedelta())
    return max(rest, elapsed * OVERDUE_SHARE) if late else rest


def smooth(before: Estimate | None, new: Estimate) -> Estimate:
    """The estimate to show after `before`: small moves eased, large ones told.

    A move is measured against what was last told, so that many small ones cannot add
    up unseen. Another kind of basis is always told.
    """
    if before is None or before.told_earliest is None or before.told_latest is None:
        return replace(new, told_earliest=new.earliest, told_latest=new.latest)
    now = new.as_of
    told = max(before.told_earliest, now), max(before.told_latest, now)
    note = _move(before, new, told)
    if note is not None:
        return replace(
            new,
            changed=note,
            changed_at=now,
            told_earliest=new.earliest,
            told_latest=new.latest,
        )
    passed = max(now - before.as_of, timedelta())
    weight = passed / (passed + EASING)
    kept = before.changed_at is not None and now - before.changed_at < NOTE_KEPT
    return replace(
        new,
        earliest=_eased(max(before.earliest, now), new.earliest, weight),
        latest=_eased(max(before.latest, now), new.latest, weight),
        changed=before.changed if kept else None,
        changed_at=before.changed_at if kept else None,
        told_earliest=told[0],
        told_latest=told[1],
    )


def kept(before: Estimate | None, outlook: Outlook, now: datetime) -> Outlook:
    """The outlook to show after `before`: smoothed, or `before` through a gap of evidence.

    What an answer left out did not become wrong: an estimate that vanishes for one poll
    and jumps back tells nothing. One whose latest end has gone by was wrong.
    """
    if outlook.estimate is not None:
        return replace(outlook, estimate=smooth(before, outlook.estimate))
    if before is None or not outlook.gap or before.latest <= now:
        return outlook
    return Outlook(replace(before, earliest=max(before.earliest, now), as_of=now))


def _eased(before: datetime, new: datetime, weight: float) -> datetime:
    return before + (new - before) * weight


def _move(before: Estimate, new: Estimate, told: tuple[datetime, datetime]) -> Move | None:
    """Another kind of basis, or a range that moved by more than is left unsaid."""
    bound = max(NOTEWORTHY, (new.latest - new.as_of) * NOTEWORTHY_SHARE)
    ends = [new.earliest - told[0], new.latest - told[1]]
    earliest, latest = (moved if abs(moved) > bound else None for moved in ends)
    other = bool(new.basis.earlier_runs) != bool(before.basis.earlier_runs)
    move = Move(new.basis if other else None, earliest, latest)
    return None if move == Move() else move
