"""The simulator as tests need it: its time stands still, it fails on demand, it is watched."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.support.steady import steady_tasks
from tui.simulator.clock import AcceleratedClock, Clock, system_clock
from tui.simulator.course import Run
from tui.simulator.entities import guid
from tui.simulator.exchange import Request, Response
from tui.simulator.history import points_at
from tui.simulator.logons import DEFAULT_USERS, Account
from tui.simulator.refusal import Refusal
from tui.simulator.scenario import build_world
from tui.simulator.service import IDLE_TIMEOUT, Service
from tui.simulator.wire import Api
from tui.simulator.world import World

Fault = Callable[[Request], Response | None]


class SteppedClock:
    """A server's clock that stands still until somebody moves it."""

    def __init__(self, now: datetime = datetime(2026, 3, 14, 13, 50, tzinfo=UTC)) -> None:
        self._now = now

    def __call__(self) -> datetime:
        """The present, in UTC."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`; a negative number is a server whose clock jumps back."""
        self._now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Logged:
    """A request as tests want to see it; the id of a logon session is left out."""

    method: str
    path: str
    status: int


class SimulatedServer(Service):
    """A simulated server with faults, and a record of what it was asked.

    `fault` may answer (or delay) a request in its place, `unavailable` makes it answer 503
    to everything; both may be set at any time. `log` holds the last 10,000 requests,
    `writes` counts those that were neither GET nor a logon nor a logoff of one's own.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fault: Fault | None = None
        self.unavailable = False
        self.log: deque[Logged] = deque(maxlen=10_000)
        self.writes = 0

    @property
    def featured_session(self) -> str:
        """The GUID of the session that the scenario is about."""
        return self.world.featured.uid

    @property
    def open_logons(self) -> int:
        """How many logon sessions are open."""
        with self._lock:
            return self._logons.open(self._clock())

    @property
    def logons(self) -> int:
        """How many logons have succeeded."""
        return self._logons.begun

    @property
    def logoffs(self) -> int:
        """How many logon sessions have been ended by their owner."""
        return self._logons.ended

    def forget_logons(self) -> None:
        """Forget who is logged on, as a restart of the real service does."""
        with self._lock:
            self._logons.forget_all()

    def handle(self, request: Request) -> Response:
        """As the service does, unless a fault answers."""
        faulty = self.fault(request) if self.fault else None
        with self._lock:
            response = faulty or super().handle(request)
            path = re.sub(r"(?i)(/logonSessions/).+", r"\1…", request.path)
            self.log.append(Logged(request.method, path, response.status))
            if not faulty and request.method != "GET" and response.status in {403, 405}:
                self.writes += 1
        return response

    def _dispatch(self, *arguments: Any) -> Any:
        if self.unavailable:
            raise Refusal(503, "The service is unavailable.")
        return super()._dispatch(*arguments)


def build_service(
    scenario: str = "failures",
    speed: float = 1.0,
    vms: int | None = None,
    sessions: int | None = None,
    api: Api = "v12",
    clock: Clock = system_clock,
    *,
    idle_timeout: float = IDLE_TIMEOUT,
    users: Mapping[str, Account] = DEFAULT_USERS,
    cloud_connect: bool = True,
    changing_fraction: float | None = None,
) -> SimulatedServer:
    """As the product's, with a clock, accounts and an idle timeout of the test's own.

    With `changing_fraction`, at most 0.8, all tasks of the featured session exist at once
    and this share of them changes its progress each second.
    """
    world = build_world(scenario, vms, sessions)
    return SimulatedServer(
        world if changing_fraction is None else steady(world, changing_fraction),
        clock if speed == 1 else AcceleratedClock(clock, speed),
        idle_timeout=idle_timeout * speed,
        api=api,
        users=users,
        cloud_connect=cloud_connect,
    )


def steady(world: World, fraction: float) -> World:
    """That world with a featured session whose tasks change at a steady rate."""
    featured = world.featured
    plan, start = featured.plan, featured.start
    script = partial(steady_tasks, plan.vms, fraction, points_at(plan, start), start)
    uid = guid("run", plan.uid, "steady")
    return replace(world, featured=Run(uid, plan, start, script, expected=len(plan.vms)))
