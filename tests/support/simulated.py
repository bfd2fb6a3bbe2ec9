"""The simulator as tests need it: its time stands still, it fails on demand, it is watched."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests.support.steady import steady_tasks
from tui.simulator.clock import AcceleratedClock, Clock, system_clock
from tui.simulator.course import Run
from tui.simulator.documents import Documents
from tui.simulator.entities import guid
from tui.simulator.exchange import Request, Response
from tui.simulator.history import points_at
from tui.simulator.logons import DEFAULT_USERS, Account, Logons, LogonSession
from tui.simulator.refusal import Refusal
from tui.simulator.scenario import build_world
from tui.simulator.server import Serving, bound
from tui.simulator.service import BASE, IDLE_TIMEOUT, Service
from tui.simulator.wire import Api, Node
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


class CountedLogons(Logons):
    """Logon sessions that are counted, and may be forgotten all at once."""

    def __init__(self, users: Mapping[str, Account], idle_timeout: float) -> None:
        super().__init__(users, idle_timeout)
        self.begun = 0
        self.ended = 0

    def begin(self, user: str, account: Account, now: datetime) -> LogonSession:
        self.begun += 1
        return super().begin(user, account, now)

    def end(self, session: LogonSession) -> None:
        self.ended += session.token in self._by_token
        super().end(session)

    def open(self, now: datetime) -> int:
        """How many are logged on."""
        self._expire(now)
        return len(self._by_token)

    def forget_all(self) -> None:
        """Nobody is logged on any more."""
        self._by_token.clear()


class DocumentsWithoutCloud(Documents):
    """Those of a server without a licence for Cloud Connect."""

    def _ways_on(self) -> list[Node]:
        return super()._ways_on()[:-1]


class SimulatedServer(Service):
    """A simulated server with faults, and a record of what it was asked.

    `fault` may answer (or delay) a request in its place, `unavailable` makes it answer 503
    to everything; both may be set at any time. `log` holds the last 10,000 requests,
    `writes` counts those that were neither GET nor a logon nor a logoff of one's own.
    `cloud_connect` is False for a server without a licence for it.
    """

    def __init__(
        self,
        world: World,
        clock: Clock = system_clock,
        *,
        idle_timeout: float = IDLE_TIMEOUT,
        api: Api = "v12",
        users: Mapping[str, Account] = DEFAULT_USERS,
        cloud_connect: bool = True,
    ) -> None:
        super().__init__(world, clock, api=api)
        self._logons = self._counted = CountedLogons(users, idle_timeout)
        self._cloud_connect = cloud_connect
        if not cloud_connect:
            self._documents = DocumentsWithoutCloud(BASE, self.begin, api)
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
            return self._counted.open(self._clock())

    @property
    def logons(self) -> int:
        """How many logons have succeeded."""
        return self._counted.begun

    @property
    def logoffs(self) -> int:
        """How many logon sessions have been ended by their owner."""
        return self._counted.ended

    def forget_logons(self) -> None:
        """Forget who is logged on, as a restart of the real service does."""
        with self._lock:
            self._counted.forget_all()

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

    def _read(self, request: Request, below: list[str], *more: Any) -> Node:
        if not self._cloud_connect and below[0] in {"cloud", "query"}:
            raise Refusal(404, "Cloud Connect is not available on this server")
        return super()._read(request, below, *more)


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


@contextmanager
def serve(
    service: Service,
    host: str = "127.0.0.1",
    port: int = 0,
    cert: Path | None = None,
    key: Path | None = None,
) -> Iterator[Serving]:
    """Serve on a thread while the context lasts; the arguments are those of `bound`."""
    server, serving = bound(service, host, port, cert, key)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    try:
        yield serving
    finally:
        server.shutdown()
        thread.join()
        server.close()
