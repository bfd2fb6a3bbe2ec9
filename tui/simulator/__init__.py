"""An Enterprise Manager to rehearse against: demo, tests, training."""

from __future__ import annotations

from collections.abc import Mapping

from tui.simulator.clock import AcceleratedClock, Clock, system_clock
from tui.simulator.logons import DEFAULT_USERS, Account
from tui.simulator.quirks import USUAL, Quirks
from tui.simulator.scenario import SCENARIOS, build_world
from tui.simulator.service import IDLE_TIMEOUT, Service
from tui.simulator.wire import Api

__all__ = ["SCENARIOS", "Account", "Quirks", "Service", "build_service"]


def build_service(
    scenario: str = "failures",
    speed: float = 1.0,
    vms: int | None = None,
    sessions: int | None = None,
    api: Api = "v12",
    clock: Clock = system_clock,
    *,
    idle_timeout: float | None = None,
    users: Mapping[str, Account] = DEFAULT_USERS,
    quirks: Quirks = USUAL,
    changing_fraction: float | None = None,
    tasks_vanish: bool = False,
) -> Service:
    """A server on which `scenario` begins now.

    Everything on it, its Date header included, lives `speed` times as fast as `clock`.
    `vms` and `sessions`: how many there are, the scenario's own number unless given.
    `idle_timeout`: seconds until a logon expires, in real time; 15 minutes unless given.
    `changing_fraction`, `tasks_vanish`: see `tui.simulator.scenario.Options`.
    ValueError says what is wrong with an argument.
    """
    world = build_world(scenario, vms, sessions, changing_fraction, tasks_vanish)
    idle = IDLE_TIMEOUT if idle_timeout is None else idle_timeout
    return Service(
        world,
        clock if speed == 1 else AcceleratedClock(clock, speed),
        idle_timeout=idle * speed,
        api=api,
        users=users,
        quirks=quirks,
    )
