"""When will it be finished? A range, the evidence that it rests on, and how it moves.

`tui.analysis.work_left` says how it is made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import pairwise
from statistics import median, quantiles
from typing import Final

from tui.analysis.assessment import lasted
from tui.analysis.identity import folded
from tui.analysis.status import Status, is_done, status_of
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.light import dataclass

LEAST_DONE: Final = 3
"""Without earlier runs: how many tasks must have ended well before anything is said."""

LEAST_SHARE: Final = 0.5
"""With earlier runs: the share of the VMs still to finish whose duration they must know."""

SINGLE_SPREAD: Final = 0.2
"""How far a duration known from one run only is taken to vary, either way."""

_RECOVERED: Final = frozenset({Status.SUCCESS, Status.WARNING})

NOTEWORTHY: Final = timedelta(minutes=1)
"""An end of the range that moves by more is told, and taken over at once."""

NOTEWORTHY_SHARE: Final = 0.1
"""The same as a share of the time left, for long failovers; the larger of the two holds."""

EASING: Final = timedelta(seconds=20)
"""How slowly smaller moves are taken over: half the way in this time."""

NOTE_KEPT: Final = timedelta(minutes=1)
"""How long a move stays noted."""


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


@dataclass(frozen=True, slots=True)
class Range:
    """The short and the long duration that the evidence allows for."""

    low: timedelta
    high: timedelta


@dataclass(frozen=True, slots=True)
class Evidence:
    """Durations by VM (its folded name), for any other VM, and the pause between two starts.

    It comes from so many earlier runs, or without any from so many `done` VMs of this one.
    """

    earlier_runs: int
    done: int
    vms: Mapping[str, Range]
    other: Range
    pause: Range

    def of(self, vm_name: str) -> Range:
        """How long that VM takes."""
        return self.vms.get(folded(vm_name), self.other)

    def suffices_for(self, unfinished: Sequence[str]) -> bool:
        """Whether enough of these VMs are known to say anything."""
        return sum(folded(name) in self.vms for name in unfinished) >= LEAST_SHARE * len(unfinished)


def durations_by_vm(runs: Iterable[FailoverSession]) -> dict[str, list[timedelta]]:
    """How long each VM took in these runs, where it came up and both times are known.

    By the VM's folded name.
    """
    found: defaultdict[str, list[timedelta]] = defaultdict(list)
    for run in runs:
        for task in run.tasks:
            taken = took(task)
            if taken is not None:
                found[folded(task.vm_name)].append(taken)
    return dict(found)


def median_of(durations: Iterable[timedelta]) -> timedelta:
    """The median of at least one duration."""
    return timedelta(seconds=median(taken.total_seconds() for taken in durations))


def took(task: TaskSession) -> timedelta | None:
    """How long a VM took to come up; None where it did not, or a time is not known."""
    if not is_done(task.state, task.ended):
        return None
    if status_of(task.state, task.result, task.ended).status not in _RECOVERED:
        return None
    return lasted(task.created, task.ended)


def from_runs(runs: Sequence[FailoverSession]) -> Evidence | None:
    """What finished runs tell; None if no VM came up in them.

    Dear for many VMs, and the same as long as the runs are.
    """
    runs = [run for run in runs if run.tasks]
    known = durations_by_vm(runs)
    if not known:
        return None
    vms = {name: _range(taken) for name, taken in known.items()}
    everything = [taken for several in known.values() for taken in several]
    pauses = [pause for run in runs for pause in _pauses(_starts(run))]
    return Evidence(len(runs), 0, vms, _middle(everything), _middle(pauses))


def _starts(run: FailoverSession) -> list[datetime]:
    return [task.created for task in run.tasks if task.created is not None]


def from_durations(done: Sequence[timedelta], starts: Iterable[datetime]) -> Evidence | None:
    """What this run's finished tasks tell, and the starts of all; None if there are too few."""
    if len(done) < LEAST_DONE:
        return None
    return Evidence(0, len(done), {}, _middle(done), _middle(_pauses(starts)))


def _pauses(starts: Iterable[datetime]) -> list[timedelta]:
    """The time between one start and the next: plans start VMs with delays of their own."""
    return [later - sooner for sooner, later in pairwise(sorted(starts))]


def _range(taken: Sequence[timedelta]) -> Range:
    """Between the shortest and the longest run; around a single one."""
    usual = median_of(taken)
    low = min(min(taken), usual * (1 - SINGLE_SPREAD / 2))
    high = max(max(taken), usual * (1 + SINGLE_SPREAD / 2))
    return Range(low, high) if len(taken) > 1 else _around(usual)


def _around(usual: timedelta) -> Range:
    return Range(usual * (1 - SINGLE_SPREAD), usual * (1 + SINGLE_SPREAD))


def _middle(taken: Sequence[timedelta]) -> Range:
    """The middle half, so that one outlier does not widen the range; nothing is zero."""
    if not taken:
        return Range(timedelta(), timedelta())
    if len(taken) < 2:
        return _around(taken[0])
    seconds = [each.total_seconds() for each in taken]
    low, _, high = quantiles(seconds, n=4, method="inclusive")
    return Range(timedelta(seconds=low), timedelta(seconds=high))
