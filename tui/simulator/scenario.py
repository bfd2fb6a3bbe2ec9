"""The scenarios by name: each builds the world that the server speaks about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from tui.light import dataclass
from tui.simulator import hostile
from tui.simulator.course import Run, TaskScript
from tui.simulator.entities import Plan, Result, chance, guid
from tui.simulator.history import earlier_runs, other_runs, points_at
from tui.simulator.invented_names import (
    CANCELLED,
    DISK_FULL,
    FAILURES,
    HEARTBEAT,
    NO_NETWORK,
    OTHER_PLANS,
    RE_IP,
    WARNINGS,
    crew,
    featured_plan,
    message,
    namesake_plan,
)
from tui.simulator.schedule import Fate, lay_out, stop
from tui.simulator.world import World, newest_point

LEAD: Final = 100.0
"""Seconds that the featured failover has been running when the scenario begins."""

STOPPED_AT: Final = 35.0
DRILL_AT: Final = 20.0

Fates = Mapping[str, Fate]


@dataclass(frozen=True)
class Options:
    """What may be set. `sessions` counts all sessions, running ones included."""

    vms: int
    sessions: int


@dataclass(frozen=True)
class Scenario:
    """A name's meaning: one line for people, how to build it, and its usual size."""

    description: str
    build: Callable[[Options], World]
    vms: int = 14
    sessions: int = 25


def build_world(name: str, vms: int | None = None, sessions: int | None = None) -> World:
    """The world of a scenario; ValueError for an unknown name or a senseless number."""
    scenario = SCENARIOS.get(name)
    if scenario is None:
        raise ValueError(f"unknown scenario {name!r}; there are: {', '.join(SCENARIOS)}")
    vms = scenario.vms if vms is None else vms
    sessions = scenario.sessions if sessions is None else sessions
    if vms < 1 or sessions < 1:
        raise ValueError("a scenario needs at least one VM and one session")
    return scenario.build(Options(vms, sessions))


def _run(
    plan: Plan,
    fates: Fates,
    start: float = -LEAD,
    vms: tuple[str, ...] | None = None,
    name: str = "featured",
    anchor: float | None = None,
) -> Run:
    """A run of `plan`; `vms` are those that get a task, the others are skipped.

    `anchor`: when replication ended, if that was before this run.
    """
    uid = guid("run", plan.uid, name)
    point_of = points_at(plan, start if anchor is None else anchor)
    script = partial(lay_out, plan, start, point_of, fates, vms, uid)
    return Run(uid, plan, start, script, expected=len(plan.vms if vms is None else vms))


def _world(
    options: Options,
    featured: Run,
    others: tuple[Run, ...] = (),
    skipped: tuple[str, ...] = (),
) -> World:
    """Fills up with history to `options.sessions`; `skipped` VMs run already."""
    plan = featured.plan
    others = others[: max(0, options.sessions - 1)]
    room = options.sessions - 1 - len(others)
    mine = earlier_runs(plan, room)
    return World(
        featured=featured,
        others=others,
        past=(*mine, *other_runs(max(0, room - len(mine)))),
        plans=(plan, *OTHER_PLANS),
        skipped=tuple(newest_point(plan, vm, featured.start) for vm in skipped),
    )


def _neighbour() -> Run:
    """Another tenant's failover, begun before the featured one and soon over."""
    plan = OTHER_PLANS[1]
    fates = {"ad-pacs": Fate(Result.WARNING, message(HEARTBEAT, "ad-pacs"))}
    return _run(plan, fates, -LEAD - 6, name="neighbour")


def _pick(vms: tuple[str, ...], *positions: int) -> list[str]:
    """The VMs at these positions; the last VM when the plan is shorter."""
    return [vms[min(position, len(vms) - 1)] for position in positions]


def _failing(vms: tuple[str, ...]) -> Fates:
    """Three failures of two causes and two warnings; in a big plan, more by chance."""
    early, network, late, beat, re_ip = _pick(vms, 4, 7, 12, 9, 10)
    fates: dict[str, Fate] = {}
    for vm in vms[14:]:
        roll = chance("fate", vm)
        if roll < 0.04:
            text = FAILURES[int(roll / 0.04 * len(FAILURES))]
            fates[vm] = Fate(Result.FAILED, message(text, vm), reaches=int(10 + roll * 2000))
        elif roll < 0.08:
            fates[vm] = Fate(Result.WARNING, message(WARNINGS[int(roll * 1000) % 2], vm))
    fates[beat] = Fate(Result.WARNING, message(HEARTBEAT, beat))
    fates[re_ip] = Fate(Result.WARNING, message(RE_IP, re_ip))
    fates[late] = Fate(Result.FAILED, message(DISK_FULL, late), reaches=55)
    fates[network] = Fate(Result.FAILED, NO_NETWORK, reaches=71, at=66.0)
    fates[early] = Fate(Result.FAILED, message(DISK_FULL, early), reaches=38, at=27.0)
    return fates


def _clean(options: Options) -> World:
    return _world(options, _run(featured_plan(crew(options.vms)), {}))


def _warnings(options: Options) -> World:
    vms = crew(options.vms)
    first, second, third = _pick(vms, 2, 6, 9)
    fates = {
        vm: Fate(Result.WARNING, message(text, vm))
        for vm, text in ((first, HEARTBEAT), (second, RE_IP), (third, HEARTBEAT))
    }
    return _world(options, _run(featured_plan(vms), fates), (_neighbour(),))


def _failures(options: Options) -> World:
    vms = crew(options.vms)
    return _world(options, _run(featured_plan(vms), _failing(vms)), (_neighbour(),))


def _large(options: Options) -> World:
    vms = crew(options.vms)
    plan = featured_plan(vms)
    return _world(options, _run(plan, _failing(vms), -5.0 * len(vms)))


def _stall(options: Options) -> World:
    vms = crew(options.vms)
    (stuck,) = _pick(vms, 6)
    fates = {stuck: Fate(stalls=True, reaches=43)}
    return _world(options, _run(featured_plan(vms), fates), (_neighbour(),))


def _stopped(options: Options) -> World:
    plan = featured_plan(crew(options.vms))
    whole = _run(plan, {})

    def script() -> tuple[TaskScript, ...]:
        return stop(whole.tasks, STOPPED_AT, CANCELLED)

    run = replace(whole, script=script, stopping=STOPPED_AT, stop_message=CANCELLED)
    return _world(options, run)


def _retry(options: Options) -> World:
    vms = crew(options.vms)
    plan = featured_plan(vms)
    fates = {
        vm: Fate(Result.FAILED, message(DISK_FULL, vm), reaches=31 + 9 * number)
        for number, vm in enumerate(_pick(vms, 3, 4, 7, 11))
    }
    first = _run(plan, fates, -1500.0, name="first")
    again = tuple(vm for vm in vms if vm in fates)
    stubborn = _pick(again, 1)[0]
    fate = Fate(Result.FAILED, NO_NETWORK, reaches=71)
    second = _run(plan, {stubborn: fate}, -40.0, again, "second", anchor=first.start)
    return _world(options, second, others=(first,))


def _skipped(options: Options) -> World:
    vms = crew(options.vms)
    skipped = (_pick(vms, 1)[0],) if len(vms) > 1 else ()
    others = tuple(vm for vm in vms if vm not in skipped)
    run = _run(featured_plan(vms), {}, vms=others)
    return _world(options, run, skipped=skipped)


def _tenants(options: Options) -> World:
    """Another tenant's VMs and job have the same names, on the same backup server.

    Two of theirs are failed over; those of ours are the last of their plan to begin.
    """
    vms = crew(options.vms)
    job = "Webserver replication"
    plan = replace(featured_plan(vms), replication=job)
    world = _world(options, _run(plan, {}))
    theirs = namesake_plan(tuple(vm.upper() for vm in vms[-6:]), job)
    points = tuple(newest_point(theirs, vm, 0.0) for vm in theirs.vms[-2:])
    return replace(world, plans=(*world.plans, theirs), skipped=points)


def _drill(options: Options) -> World:
    vms = crew(options.vms)
    return _world(options, _run(featured_plan(vms), _failing(vms), DRILL_AT))


def _hostile(options: Options) -> World:
    vms = hostile.NAMES if options.vms == len(hostile.NAMES) else _repeated(options.vms)
    fates = {
        vm: Fate((Result.FAILED, Result.WARNING)[number % 2], text, 40 if number % 2 == 0 else 100)
        for number, (vm, text) in enumerate(zip(vms, hostile.MESSAGES, strict=False))
    }
    return _world(options, _run(featured_plan(vms, hostile.PLAN), fates))


def _repeated(count: int) -> tuple[str, ...]:
    names = hostile.NAMES
    return tuple(
        names[number % len(names)] + (f" #{number}" if number >= len(names) else "")
        for number in range(count)
    )


SCENARIOS: Final[dict[str, Scenario]] = {
    "failures": Scenario("some VMs fail, some end with warnings", _failures),
    "clean": Scenario("every VM is failed over", _clean),
    "warnings": Scenario("every VM is failed over, some with warnings", _warnings),
    "large": Scenario("a thousand VMs, ten at once, half way through", _large, vms=1000),
    "stall": Scenario("one VM stops moving and the session never ends", _stall),
    "stopped": Scenario("somebody stops the session after half a minute", _stopped),
    "retry": Scenario("a second run for the VMs that failed in the first", _retry),
    "skipped": Scenario("one VM runs at the provider already and is skipped", _skipped),
    "tenants": Scenario("another tenant's VMs have the same names, some failed over", _tenants),
    "drill": Scenario("nothing runs; a failover begins after twenty seconds", _drill),
    "hostile": Scenario("names and messages made to break a screen", _hostile, len(hostile.NAMES)),
}
"""All scenarios by name, the default one first."""
