"""The real app on a stage: simulated server, injected clock, nothing waits in real time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from textual import events
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tests.support.fake_clock import FakeClock
from tests.support.simulated import SimulatedServer
from tests.support.wire import Wire
from tui.app import MonitorApp
from tui.connecting import Connection, LogonTarget
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.enterprise_manager.known_servers import KnownServers
from tui.messages import LogonAgainRequested
from tui.monitor.recording import Recording
from tui.screens.password import PasswordScreen
from tui.settings.resolved import ResolvedSettings
from tui.simulator.exchange import Request, Response
from tui.widgets.line_table import LineTable
from tui.widgets.painted import Painted

BEGIN = datetime(2026, 3, 14, 13, 50, tzinfo=UTC)
SERVER = parse_server("vbem01")
Found = TypeVar("Found", bound=Widget)
Kind = TypeVar("Kind", bound=Screen[Any])


def plain(block: Painted) -> list[str]:
    """The lines it shows, without blanks at their ends."""
    return ["".join(text for text, _ in line).rstrip() for line in block._lines]


class StagedApp(MonitorApp):
    """The app, which also remembers what it said and how often it rang."""

    def __init__(self, connection: Connection, recording: Recording | None = None) -> None:
        super().__init__(connection, recording)
        self.rung = 0
        self.said: list[str] = []

    def bell(self) -> None:
        self.rung += 1
        super().bell()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        self.said.append(message)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)


@dataclass
class Stage:
    """What a test holds: the app, its pilot, the server behind it, the clock of both."""

    app: StagedApp
    pilot: Pilot[int]
    service: SimulatedServer
    wire: Wire
    clock: FakeClock
    messages: list[Message] = field(default_factory=list, repr=False)

    @property
    def screen(self) -> Screen[Any]:
        return self.app.screen

    def showing(self, kind: type[Kind]) -> Kind:
        """The screen in front, which must be of that kind."""
        screen = self.app.screen
        assert isinstance(screen, kind), f"{screen} is in front:\n{self.text}"
        return screen

    def one(self, selector: str, kind: type[Found]) -> Found:
        return self.screen.query_one(selector, kind)

    def painted(self, selector: str) -> list[str]:
        """The lines of a `Painted`, without blanks at their ends."""
        return plain(self.one(selector, Painted))

    @property
    def table(self) -> LineTable[object]:
        return self.screen.query_one(LineTable)

    @property
    def rows(self) -> list[str]:
        """The lines of the table in front as painted, header first, blank ones left out."""
        strips = [self.table.render_line(y) for y in range(self.table.size.height)]
        return [strip.text.rstrip() for strip in strips if strip.text.strip()]

    @property
    def under_cursor(self) -> list[str]:
        """Of those lines the ones on the cursor's ground; none while it is out of view."""
        table = self.table
        ground, plain = (table.token_style("", highlighted=on).bgcolor for on in (True, False))
        assert ground != plain, "the cursor is not to be seen"
        strips = [table.render_line(y) for y in range(table.size.height)]
        return [
            strip.text.rstrip()
            for strip in strips
            if any(segment.style and segment.style.bgcolor == ground for segment in strip)
        ]

    @property
    def lines(self) -> list[str]:
        """The screen as a terminal shows it."""
        return [strip.text.rstrip() for strip in self.strips]

    @property
    def strips(self) -> list[Strip]:
        return self.screen._compositor.render_strips()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def posted(self, kind: type[Message]) -> list[Message]:
        """The messages of a kind, each once, in the order they arrived."""
        return list(dict.fromkeys(message for message in self.messages if type(message) is kind))

    def requests(self, *methods: str) -> list[str]:
        """What the server was asked so far: `GET /api/…`."""
        return [
            f"{logged.method} {logged.path}"
            for logged in self.service.log
            if not methods or logged.method in methods
        ]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def paste(self, text: str) -> None:
        """Paste a text where the focus is: key by key would take long."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def click(self, selector: str, at: tuple[int, int] = (0, 0)) -> None:
        assert await self.pilot.click(selector, offset=at)
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)

        def is_painted() -> bool:
            widths = {strip.cell_length for strip in self.strips}
            return self.screen.size == (width, height) == (*widths, len(self.strips))

        await self.until(is_painted)
        await self.settle()

    async def settle(self) -> None:
        """Let everything run, paint included, that can run without time passing."""
        await self._drain()
        while self.clock.step(self.clock.monotonic()):
            await self._drain()
        await self.pilot.pause()
        while self.wire.in_flight:
            await self._drain()
            await self.pilot.pause()

    async def until(self, condition: Callable[[], bool], within: float = 15.0) -> None:
        """Wait for a condition in real time, without letting the stage's time pass."""
        async with asyncio.timeout(within) as limit:
            while not condition():
                when = limit.when()
                loop = asyncio.get_running_loop()
                if when is not None and loop.time() > when - 0.5:
                    raise AssertionError(f"never came to pass; the screen:\n{self.text}")
                await self.settle()

    async def until_posted(self, kind: type[Message]) -> None:
        """Wait for a message, with a request perhaps under way that hangs."""
        async with asyncio.timeout(15):
            while not self.posted(kind):
                await self.pilot.pause()
            await self.pilot.pause()

    async def until_hanging(self) -> None:
        """Wait for a request to be under way that is answered later."""
        async with asyncio.timeout(15):
            while not self.wire.in_flight:
                await self.pilot.pause()

    async def advance(self, seconds: float) -> None:
        """Let that much time pass on both sides of the wire, the screens' clocks ticking."""
        end = self.clock.monotonic() + seconds
        await self._drain()
        while self.clock.step(end):
            await self._drain()
        self._tick()
        await self.settle()

    async def advance_until(self, condition: Callable[[], bool], limit: float = 600.0) -> None:
        """Let time pass second by second until a condition holds."""
        end = self.clock.elapsed + limit
        while not condition():
            assert self.clock.elapsed < end, f"not within {limit:g} s; the screen:\n{self.text}"
            await self.advance(1.0)

    def _tick(self) -> None:
        """What the app's timer does once a second: it runs in real time by itself."""
        self.app.call_later(self.app.beat)

    async def _drain(self) -> None:
        """Until only timers are left; requests are answered on threads."""
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
        while True:
            await asyncio.sleep(0.001 if self.wire.in_flight else 0)
            if not ready and not self.wire.in_flight:
                return

    async def refuse_the_account(self) -> None:
        """As if its password had been changed: until the screen in front knows it."""

        def refused(_: Request) -> Response:
            return Response(401, {"WWW-Authenticate": "Basic Realm=RestSvc"})

        self.service.forget_logons()
        self.service.fault = refused
        await self.advance_until(lambda: self.screen.check_action("log_on", ()) is True, 120)

    async def ask_the_password(self) -> None:
        """The dialog that asks for it again, over what is in front, with a healthy logon."""
        self.app.post_message(LogonAgainRequested())
        await self.settle()
        self.showing(PasswordScreen)

    async def log_on(self) -> None:
        """Through the login screen, as a person with the demo account."""
        await self.paste("demo")
        await self.press("enter")


@asynccontextmanager
async def staged(
    service: SimulatedServer,
    clock: FakeClock,
    settings: ResolvedSettings,
    size: tuple[int, int],
    known_servers: KnownServers | None = None,
    recording: Recording | None = None,
) -> AsyncIterator[Stage]:
    """The app running on `settings` against `service`; logged off at the end."""
    wire = Wire(service)

    def connect(target: LogonTarget, credentials: Credentials) -> EnterpriseManager:
        return EnterpriseManager(target.server, credentials, accept=target.accept, transport=wire)

    app = StagedApp(Connection(connect, clock, settings, known_servers), recording)
    messages: list[Message] = []
    try:
        async with app.run_test(size=size, message_hook=messages.append) as pilot:
            stage = Stage(app, pilot, service, wire, clock, messages)
            await stage.settle()
            yield stage
    finally:
        wire.mend()
        await app.log_off()
