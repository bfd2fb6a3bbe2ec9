"""What an estimate rests on: how long VMs take, from earlier runs or from this one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
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
