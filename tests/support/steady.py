"""A session whose tasks change at a steady rate: something to measure painting with."""

from __future__ import annotations

from tui.simulator.course import TaskScript
from tui.simulator.entities import ReplicaPoint, Result
from tui.simulator.schedule import PointOf

WORKING_SHARE = 0.8
"""Share of the tasks that work; the others have ended before the scenario begins."""


def steady_tasks(
    vms: tuple[str, ...], fraction: float, point_of: PointOf, start: float
) -> tuple[TaskScript, ...]:
    """One task per VM, all listed from the begin on.

    Of the working ones, `fraction` of all VMs gain one per cent in any second, evenly
    spread, for at least 75 such gains each (10 minutes at a tenth). More than ten work at
    once, which no backup server does: this is a load, not a rehearsal.
    """
    period = WORKING_SHARE / fraction
    return tuple(_task(index, vm, period, point_of(vm), start) for index, vm in enumerate(vms))


def _task(index: int, vm: str, period: float, point: ReplicaPoint, start: float) -> TaskScript:
    if index % 5 == 4:
        return _ended(index, vm, point, start)
    # The golden ratio spreads the moments of change evenly over the period, for any count.
    offset = (index * 0.6180339887 % 1 + index * 7 % 20) * period
    work = period * 100
    begin = -offset
    return TaskScript(vm, point, begin, work, starting=0.0, end=begin + work)


def _ended(index: int, vm: str, point: ReplicaPoint, start: float) -> TaskScript:
    begin = start + 4 + index * 0.01
    end = begin + 60 + index % 50
    if index % 100 == 4:
        text = f"Failed to power on VM {vm}: the operation timed out after 180 seconds"
        return TaskScript(
            vm, point, begin, 90.0, end=end, reaches=62, result=Result.FAILED, message=text
        )
    return TaskScript(vm, point, begin, 90.0, end=end)
