"""The real app over the real client and real sockets; only the clocks and the names are ours."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from pydantic import SecretStr
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from tests.faults.gate import Gate
from tests.faults.names import HOST, Names
from tests.support.fake_clock import FakeClock
from tests.support.listening import backlog_full
from tests.support.simulated import SimulatedServer, build_service, serve
from tests.support.stage import plain
from tui.app import MonitorApp
from tui.connecting import Connection, over_network
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.request_log import RequestRecord
from tui.enterprise_manager.transport import Transport
from tui.monitor.snapshot import Snapshot
from tui.screens.login import LoginScreen
from tui.screens.session import SessionScreen
from tui.settings.resolved import ResolvedSettings
from tui.simulator.exchange import Request, Response
from tui.simulator.logons import Account
from tui.widgets.line_table import LineTable
from tui.widgets.painted import Painted

USER = r"NOC\jdoe"
PASSWORD = "Corr3ct-Horse-Battery"
INTO_THE_FAILOVER = 60.0
"""Seconds after its start at which a scene opens: some VMs done, some failed, some to come."""

PATIENT = httpx.Timeout(10.0)
PATIENT_DEADLINE = 20.0
_QUICK = 0.3
Phase = Literal["connecting", "reading", "all"]
QUICK: dict[Phase, tuple[httpx.Timeout, float]] = {
    "connecting": (httpx.Timeout(10.0, connect=_QUICK), PATIENT_DEADLINE),
    "reading": (httpx.Timeout(10.0, read=_QUICK), PATIENT_DEADLINE),
    "all": (PATIENT, 1.5),
}
"""Time-outs and deadline where one phase of an exchange may not take long; a busy machine takes
its time for the others."""

Fault = Callable[[Request], Response | None]


class Patience:
    """Makes the client's transports, and says how long they wait."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._made: list[Transport] = []
        self._timeout, self._deadline = PATIENT, PATIENT_DEADLINE

    def transport(self, *args: Any, **more: Any) -> Transport:
        """Stands in for `Transport` where the client makes one."""
        made = Transport(*args, timeout=self._timeout, deadline=self._deadline, **more)
        self._made.append(made)
        return made

    def wait(self, timeout: httpx.Timeout, deadline: float) -> None:
        """From now on; both in seconds."""
        self._timeout, self._deadline = timeout, deadline
        self._patch.setattr("tui.enterprise_manager.probe.PROBE_SECONDS", timeout.connect)
        for made in self._made:
            made._timeout, made._deadline = timeout, deadline
            if made._http is not None:
                made._http.timeout = timeout


@dataclass
class Scene:
    """What a test holds."""

    app: MonitorApp
    pilot: Pilot[int]
    service: SimulatedServer
    gate: Gate
    clock: FakeClock
    names: Names
    asked: list[Request]
    records: list[RequestRecord]
    patience: Patience
    fault: Fault | None = None
    seen: list[str] = field(default_factory=list)
    _full: AsyncExitStack | None = None

    @property
    def screen(self) -> SessionScreen:
        screen = self.app.screen
        assert isinstance(screen, SessionScreen), f"{screen} is in front"
        return screen

    @property
    def state(self) -> Snapshot:
        """What the session screen has taken in."""
        return self.screen.state

    @property
    def text(self) -> str:
        """The screen as a terminal shows it."""
        strips = self.app.screen._compositor.render_strips()
        shown = "\n".join(strip.text.rstrip() for strip in strips)
        self.seen.append(shown)
        return shown

    @property
    def header(self) -> str:
        return self._summary[0]

    @property
    def reason(self) -> str:
        """All that is said below the header until the plan's line, in one line."""
        said = []
        for line in self._summary[1:]:
            if not line.startswith((" ✘", " ⚠", "   ")):
                break
            said.append(line.strip())
        return self._without_port(" ".join(said))

    def _without_port(self, text: str) -> str:
        return " ".join(text.replace(str(self.gate.port), "PORT").split())

    @property
    def _summary(self) -> list[str]:
        assert self.text
        return plain(self.screen.query_one("#summary", Painted))

    @property
    def table(self) -> LineTable[Any]:
        return self.app.screen.query_one(LineTable)

    @property
    def rows(self) -> list[str]:
        """Symbol, name and status of the tasks shown."""
        strips = [self.table.render_line(y).text for y in range(1, self.table.size.height)]
        return [text[:24] for text in strips if text.strip()]

    @property
    def login_message(self) -> str:
        assert isinstance(self.app.screen, LoginScreen)
        assert self.text
        return self._without_port(str(self.app.screen.query_one("#login-message", Static).content))

    @property
    def is_refused(self) -> bool:
        """Whether the login screen says why not."""
        front = self.app.screen
        return isinstance(front, LoginScreen) and front.query("#login-message").first().has_class(
            "-failed"
        )

    def sent(self, method: str) -> list[str]:
        """The paths the server was asked for with that method."""
        return [request.path for request in self.asked if request.method == method]

    @property
    def secrets(self) -> set[str]:
        """Whatever must show nowhere: the password, its Basic form, every token and its id."""
        pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        tokens = {request.header("x-restsvcsessionid") for request in self.asked} - {""}
        ids = {base64.b64decode(token).decode() for token in tokens}
        return {PASSWORD, pair, *tokens, *ids}

    def answer_to(self, path: str, request: Request) -> Response:
        """What the server says to another path, asked with the same headers."""
        return self.service._answer(Request("GET", path, request.query, request.headers))

    async def until(self, condition: Callable[[], bool], within: float = 8.0) -> None:
        """Wait for a condition in real time, without letting the scene's time pass."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while not condition():
            assert loop.time() < end, f"never came to pass; the screen:\n{self.text}"
            await asyncio.sleep(0.002)
        await self.pilot.pause()

    async def quiet(self) -> None:
        """Give requests that are under way a moment to end."""
        for _ in range(50):
            if len(self.asked) == sum(bool(record.method) for record in self.records):
                return
            await asyncio.sleep(0.005)

    async def advance(self, seconds: float) -> None:
        """Let time pass on both sides of the wire, and the screens' clocks tick."""
        await self.clock.run_for(seconds)
        self.app.call_later(self.app.beat)
        await self.pilot.pause()

    async def poll(self) -> None:
        """Let time pass to the next poll, and wait for its end."""
        polls, due = self.state.polls, self.state.next_poll_at
        await self.advance(0.0 if due is None else max(0.0, due - self.clock.monotonic()))
        await self.until(lambda: self.state.polls > polls)

    async def recovered(self) -> None:
        """Poll until all is well: at most three times, for a machine that is very busy."""
        for _ in range(3):
            if self.state.trouble is None:
                return
            await self.poll()
        assert self.state.trouble is None, self.text

    async def fill_backlog(self) -> None:
        """Connections to the server's port are neither made nor refused."""
        await self.gate.shut()
        self._full = AsyncExitStack()
        self._full.enter_context(backlog_full(self.gate.port))

    async def type_password(self, password: str = PASSWORD) -> None:
        """Type it where the focus is, and submit."""
        self.app.post_message(events.Paste(password))
        await self.pilot.press("enter")

    def hurry(self, phase: Phase) -> None:
        """From now on wait for a moment only while that goes on, until `mend`."""
        self.patience.wait(*QUICK[phase])

    async def mend(self) -> None:
        """The fault ends."""
        self.fault = None
        self.patience.wait(PATIENT, PATIENT_DEADLINE)
        self.names.failure = None
        if self._full is not None:
            await self._full.aclose()
            self._full = None
        await self.gate.behave(None)
        await self.gate.open()

    def hear(self, request: Request) -> Response | None:
        """Hung into the service: remembers every request, and may answer it."""
        self.asked.append(request)
        return self.fault(request) if self.fault else None


class Wall:
    """The server's wall clock: the scene's time, `off` seconds wrong."""

    def __init__(self, clock: FakeClock) -> None:
        self._began = clock.now() - timedelta(seconds=clock.monotonic())
        self._clock = clock
        self.off = 0.0

    def __call__(self) -> datetime:
        return self._began + timedelta(seconds=self._clock.monotonic() + self.off)


@dataclass(frozen=True)
class Opening:
    """How a scene begins. `at` is the screen; `cert` a PEM file with certificate and key."""

    at: str = "session"
    cert: Path | None = None
    known_servers: Path | None = None
    fingerprint: str | None = None
    server_off: float = 0.0


def _settings(service: SimulatedServer, gate: Gate, opening: Opening) -> ResolvedSettings:
    scheme = "https" if opening.cert else "http"
    return ResolvedSettings(
        server=parse_server(f"{scheme}://{HOST}:{gate.port}"),
        user=USER,
        password=None if opening.at == "login" else SecretStr(PASSWORD),
        session_id=service.featured_session if opening.at == "session" else None,
        known_servers=opening.known_servers,
        fingerprint=opening.fingerprint,
    )


@asynccontextmanager
async def opened(names: Names, opening: Opening = Opening()) -> AsyncIterator[Scene]:
    """The app, running; at the end logged off, with nothing but GET, logon and logoff sent."""
    clock = FakeClock()
    wall = Wall(clock)
    wall.off = opening.server_off
    users = {"jdoe": Account(PASSWORD)}
    service = build_service(clock=wall, users=users)
    clock.advance(INTO_THE_FAILOVER)
    asked: list[Request] = []
    records: list[RequestRecord] = []
    async with AsyncExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patience = Patience(patch)
        patch.setattr("tui.enterprise_manager.client.Transport", patience.transport)
        behind = stack.enter_context(serve(service, cert=opening.cert))
        gate = Gate(behind.port)
        await gate.open()
        stack.push_async_callback(gate.shut)
        network = over_network(_settings(service, gate, opening), records.append)
        connection = Connection(network.connect, clock, network.settings, network.known_servers)
        app = MonitorApp(connection)
        stack.push_async_callback(app.log_off)
        async with app.run_test(size=(80, 24)) as pilot:
            scene = Scene(app, pilot, service, gate, clock, names, asked, records, patience)
            service.fault = scene.hear
            if opening.at == "session":
                await _settle_session(scene)
            yield scene
            await scene.mend()
        await app.log_off()
        check_conduct(scene)


async def _settle_session(scene: Scene) -> None:
    """Until nothing but the poll is asked for: plan and replica points are there."""
    await scene.until(lambda: isinstance(scene.app.screen, SessionScreen))
    await scene.until(lambda: scene.state.session is not None and bool(scene.rows))
    for _ in range(30):
        before = len(scene.asked)
        await scene.clock.run_for(1.0)
        await scene.quiet()
        others = [request for request in scene.asked[before:] if "failoverS" not in request.path]
        if not others and scene.state.details.plan is not None:
            break
    await scene.poll()


def check_conduct(scene: Scene) -> None:
    """Read-only, logged off, and no secret anywhere."""
    assert {request.method for request in scene.asked} <= {"GET", "POST", "DELETE"}
    assert set(scene.sent("POST")) <= {"/api/sessionMngr/"}
    assert all(path.startswith("/api/logonSessions/") for path in scene.sent("DELETE"))
    assert scene.service.writes == 0
    assert scene.service.open_logons == 0
    written = "\n".join([*scene.seen, *map(repr, scene.records), repr(scene.app)])
    assert not [secret for secret in scene.secrets if secret in written]
