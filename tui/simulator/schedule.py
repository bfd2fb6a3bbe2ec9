"""Lays a plan out in time: ten VMs at once, in boot order, each with its own pace."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from tui.light import dataclass
from tui.simulator.course import TaskScript, finishing
from tui.simulator.entities import Plan, ReplicaPoint, Result, between

SLOTS: Final = 10
"""How many VMs a backup server fails over at once."""


@dataclass(frozen=True, slots=True)
class Fate:
    """How a VM ends. `reaches`: the per cent at which it does; `stalls`: it never ends.

    `at`: the second (since the scenario's begin) at which it is to end; its pace follows.
    """

    result: Result = Result.SUCCESS
    message: str | None = None
    reaches: int = 100
    stalls: bool = False
    at: float | None = None


PointOf = Callable[[str], ReplicaPoint]
USUAL: Final = Fate()


def usual_work(vm: str) -> float:
    """Seconds that a VM usually takes from 0 to 100 per cent: the same in every run."""
    return between(55, 130, "work", vm)


def lay_out(
    plan: Plan,
    start: float,
    point_of: PointOf,
    fates: Mapping[str, Fate] | None = None,
    vms: Sequence[str] | None = None,
    run: object = 0,
) -> tuple[TaskScript, ...]:
    """The tasks of a run that begins at `start`; `run` names it, for its own jitter."""
    fates = fates or {}
    free = [start + 4.0] * SLOTS
    heapq.heapify(free)
    turn = start + 4.0
    scripts = []
    for vm in plan.vms if vms is None else vms:
        begin = max(turn, heapq.heappop(free))
        script = _course(vm, begin, point_of(vm), fates.get(vm, USUAL), run)
        heapq.heappush(free, script.end)
        scripts.append(script)
        turn = begin + between(6, 14, "delay", vm, run)
    return tuple(scripts)


def _course(vm: str, begin: float, point: ReplicaPoint, fate: Fate, run: object) -> TaskScript:
    starting = between(2, 6, "starting", vm, run)
    work = usual_work(vm) * between(0.85, 1.2, "pace", vm, run)
    if fate.at is not None and fate.at - begin - starting > 20:
        work = (fate.at - begin - starting) * 100 / fate.reaches
    script = TaskScript(
        vm=vm,
        point=point,
        start=begin,
        work=work,
        starting=starting,
        reaches=fate.reaches,
        ripple=between(0, 0.04, "ripple", vm),
    )
    return script if fate.stalls else finishing(script, fate.result, fate.message, fate.reaches)


def stop(scripts: Iterable[TaskScript], moment: float, message: str) -> tuple[TaskScript, ...]:
    """The tasks of a run that somebody stops at `moment`: what has not begun never does."""
    stopped = []
    for script in scripts:
        if script.end <= moment:
            stopped.append(script)
        elif script.start < moment:
            halt = between(4, 20, "halt", script.vm)
            stopped.append(script.stopped_at(moment, halt, message))
    return tuple(stopped)
