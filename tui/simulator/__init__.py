"""An Enterprise Manager to rehearse against: demo, tests, training."""

from __future__ import annotations

from tui.simulator.clock import AcceleratedClock, system_clock
from tui.simulator.recorded import RecordedDrill, recorded_world
from tui.simulator.scenario import SCENARIOS, build_world
from tui.simulator.service import IDLE_TIMEOUT, Service
from tui.simulator.wire import Api

__all__ = ["SCENARIOS", "build_service"]


def build_service(
    scenario: str = "failures",
    speed: float = 1.0,
    vms: int | None = None,
    sessions: int | None = None,
    api: Api = "v12",
    recorded: RecordedDrill | None = None,
) -> Service:
    """A server on which `scenario` begins now, or what was `recorded` in place of one.

    Everything on it, its Date header included, lives `speed` times as fast as this
    computer's clock; a logon expires after 15 minutes of real time. `vms` and `sessions`:
    how many there are, the scenario's own number unless given. ValueError says what is
    wrong with an argument.
    """
    clock = system_clock if speed == 1 else AcceleratedClock(system_clock, speed)
    world = recorded_world(recorded) if recorded else build_world(scenario, vms, sessions)
    return Service(world, clock, idle_timeout=IDLE_TIMEOUT * speed, api=api)
