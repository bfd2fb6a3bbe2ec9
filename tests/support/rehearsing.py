"""A watch on a virtual clock: against the simulator, or against scripted readings."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from tests.support.fake_clock import FakeClock
from tests.support.simulated import SimulatedServer
from tests.support.wire import Wire
from tui.connecting import Connection, LogonTarget
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.presentation.event_data import Origin
from tui.presentation.glyphs import UNICODE
from tui.settings import ResolvedSettings, Targets, WatchOptions
from tui.watch.ndjson import JsonLines
from tui.watch.output import Output
from tui.watch.watching import Watch

BEGIN = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


class VirtualClock(FakeClock):
    """Jumps by itself to the next sleeper as soon as nothing else goes on."""

    def __init__(self) -> None:
        super().__init__(BEGIN, monotonic=0.0)
        self._awaited: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition, looked at between two jumps."""
        met: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._awaited.append((condition, met))
        await met

    async def drive(self) -> None:
        while True:
            for _ in range(40):
                await asyncio.sleep(0)
            for condition, met in self._awaited:
                if condition() and not met.done():
                    met.set_result(None)
                    await asyncio.sleep(0)
            self.step()


@asynccontextmanager
async def driven(clock: VirtualClock) -> AsyncIterator[None]:
    driver = asyncio.create_task(clock.drive())
    try:
        async with asyncio.timeout(60):
            yield
    finally:
        driver.cancel()
        with suppress(asyncio.CancelledError):
            await driver


@dataclass(frozen=True)
class Said:
    """One line, taken apart."""

    at: datetime
    what: str
    vm: str
    message: str
    dated: str = "seen"
    lasted: str = "-"


def lines_in(text: str) -> list[Said]:
    assert not text or text.endswith("\n")
    found = []
    for line in text.splitlines():
        stamp, what, vm, message, dated, lasted = line.split("\t")
        assert dated in ("server", "seen", "here")
        at = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        found.append(Said(at, what, vm, message, dated, lasted))
    return found


class Streams:
    """Both streams in memory."""

    def __init__(self, json_lines: JsonLines | None = None, *, quiet: bool = False) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()
        self.output = Output(self.out, self.err, UNICODE, json_lines, quiet=quiet)

    @property
    def data(self) -> list[Said]:
        return lines_in(self.out.getvalue())

    @property
    def talk(self) -> list[Said]:
        return lines_in(self.err.getvalue())

    def of(self, what: str) -> list[Said]:
        return [line for line in (*self.data, *self.talk) if line.what == what]


class Rehearsal(Streams):
    """A whole watch against a simulated server."""

    def __init__(
        self,
        service: SimulatedServer,
        clock: VirtualClock,
        *,
        session_id: str | None = None,
        password: str = "demo",
        server: str = "em01.example",
        targets: Targets | None = None,
        wait_for: str | None = None,
        watch: WatchOptions | None = None,
    ) -> None:
        watch = watch or WatchOptions()
        made = JsonLines(Origin(server), clock) if watch.output == "json" else None
        super().__init__(made, quiet=watch.quiet)
        self.service, self.clock, self.wire = service, clock, Wire(service, at_once=True)
        settings = ResolvedSettings(
            server=parse_server(server),
            user="demo",
            password=SecretStr(password),
            session_id=session_id,
            targets=targets or Targets(),
            wait_for=wait_for,
            watch=watch,
        )
        self.connection = Connection(self._connect, clock, settings)

    def _connect(self, target: LogonTarget, credentials: Credentials) -> EnterpriseManager:
        return EnterpriseManager(target.server, credentials, transport=self.wire)

    def watch(self) -> Watch:
        return Watch(self.connection, self.output, lambda: 0.5)

    async def run(self) -> int:
        async with driven(self.clock):
            code = await self.watch().run()
        self.output.end(code)
        return code

    @property
    def objects(self) -> list[dict[str, Any]]:
        """What stands on standard output, as JSON."""
        return [json.loads(line) for line in self.out.getvalue().splitlines()]
