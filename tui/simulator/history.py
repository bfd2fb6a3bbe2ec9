"""Sessions of the past: earlier runs of the featured plan, and those of other plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from tui.simulator.course import Run, TaskScript
from tui.simulator.entities import (
    Plan,
    ReplicaPoint,
    Result,
    SessionStanding,
    State,
    between,
    chance,
    guid,
)
from tui.simulator.invented_names import HEARTBEAT, LOCKED, OTHER_PLANS, POWER_ON, message
from tui.simulator.schedule import Fate, lay_out
from tui.simulator.world import DAY, newest_point

FILLED: Final = 60
"""How many of the newest sessions of other plans may still list their tasks."""

EARLIER_AGES: Final = (7.2, 35.4, 91.1, 182.3)
"""Days since the earlier runs of the featured plan."""

LONGEST: Final = 700 * DAY
"""How far back the history reaches, however many sessions it has."""


def points_at(plan: Plan, start: float, run: object = "live") -> partial[ReplicaPoint]:
    """Gives each VM its newest point at `start`."""
    return partial(_point_at, plan, start, run)


def _point_at(plan: Plan, start: float, run: object, vm: str) -> ReplicaPoint:
    return newest_point(plan, vm, start, run)


def earlier_runs(plan: Plan, count: int) -> list[Run]:
    """Up to four finished runs of `plan`: a warning, a failure, then two that were clean.

    The oldest is from before the last two VMs joined the plan and one left it.
    """
    runs = []
    for number, age in enumerate(EARLIER_AGES[: max(0, count)]):
        start = -age * DAY
        then = plan
        if number == 3 and len(plan.vms) > 4:
            then = replace(plan, vms=(*plan.vms[:-2], "legacy-fax01"))
        run = guid("earlier", plan.uid, number)
        script = partial(
            lay_out, then, start, points_at(then, start, run), _fates(then, number), None, run
        )
        runs.append(Run(run, plan, start, script, expected=len(then.vms)))
    return runs


def _fates(plan: Plan, number: int) -> Mapping[str, Fate]:
    if number == 0:
        vm = plan.vms[-3 % len(plan.vms)]
        return {vm: Fate(Result.WARNING, message(HEARTBEAT, vm))}
    if number == 1:
        vm = plan.vms[len(plan.vms) // 3]
        return {vm: Fate(Result.FAILED, message(LOCKED, vm), reaches=12)}
    return {}


def other_runs(count: int) -> Iterator[Run]:
    """`count` finished sessions of other plans, newest first.

    Every second one, and all the old ones, have an empty task list, as both documented
    finished sessions do.
    """
    spacing = min(1.7 * DAY, LONGEST / max(1, count))
    for number in range(count):
        start = -(0.3 * DAY + (number + chance("when", number)) * spacing)
        plan = OTHER_PLANS[int(chance("which", number) * len(OTHER_PLANS))]
        uid = guid("other", number)
        if number % 2 == 0 or number > FILLED:
            yield _emptied(uid, plan, start, number)
            continue
        script = partial(_filled, plan, start, uid, number)
        yield Run(uid, plan, start, script, expected=len(plan.vms))


def _roll(number: int) -> Result:
    roll = chance("result", number)
    if roll < 0.12:
        return Result.FAILED
    return Result.WARNING if roll < 0.3 else Result.SUCCESS


def _emptied(uid: str, plan: Plan, start: float, number: int) -> Run:
    ended = start + between(90, 420, "took", number)
    standing = SessionStanding(State.STOPPED, _roll(number), 100, ended, None)
    return Run(
        uid,
        plan,
        start,
        tuple,
        expected=len(plan.vms),
        lists_tasks=False,
        settled=standing,
    )


def _filled(plan: Plan, start: float, uid: str, number: int) -> tuple[TaskScript, ...]:
    vm = plan.vms[number % len(plan.vms)]
    result = _roll(number)
    fates: dict[str, Fate] = {}
    if result is Result.FAILED:
        fates[vm] = Fate(result, message(POWER_ON, vm), reaches=70)
    elif result is Result.WARNING:
        fates[vm] = Fate(result, message(HEARTBEAT, vm))
    return lay_out(plan, start, points_at(plan, start, uid), fates, run=uid)
