"""How a front end gets its client: over the network, or from the built-in simulator."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tui.enterprise_manager.address import ServerAddress, parse_server
from tui.errors import InvalidInput
from tui.light import dataclass
from tui.monitor.clock import Clock, SystemClock
from tui.secret import SecretStr
from tui.settings.resolved import (
    LONGEST_INTERVAL,
    Accept,
    DemoOptions,
    Note,
    PlanTarget,
    ResolvedSettings,
    SavedProfile,
    Targets,
)

if TYPE_CHECKING:
    from tui.enterprise_manager.client import EnterpriseManager
    from tui.enterprise_manager.credentials import Credentials
    from tui.enterprise_manager.known_servers import KnownServers
    from tui.enterprise_manager.request_log import OnRequest
    from tui.monitor.kept import Keeper

DEMO_SERVER = "vbem01"
DEMO_USER = "demo"
DEMO_RTO = timedelta(minutes=5)
DEMO_RPO = timedelta(hours=4)
"""What is promised in a rehearsal, unless somebody promises something else."""

TEST_INTERVAL = "FAILOVER_MONITOR_TEST_INTERVAL"
"""Environment variable with seconds between two polls, below the floor that people are held to.

Only `tests/benchmarks` sets it, to measure at one poll a second and faster.
"""

_SHORTEST_TEST_INTERVAL = 0.05

_LOGOFF_SECONDS = 2.0


@dataclass(frozen=True)
class LogonTarget:
    """A server and everything about reaching it but the account."""

    server: ServerAddress
    ca_file: Path | None = None
    fingerprint: str | None = None
    proxy: str | None = None
    accept: Accept = "json"

    @classmethod
    def of(cls, server: ServerAddress, source: ResolvedSettings | SavedProfile) -> LogonTarget:
        """That server with the settings, or with a profile's."""
        return cls(server, source.ca_file, source.fingerprint, source.proxy, source.accept)


if TYPE_CHECKING:
    Connect = Callable[[LogonTarget, Credentials], EnterpriseManager]


@dataclass(frozen=True)
class Connection:
    """How to connect, which clock to live by, and the settings to start with."""

    connect: Connect
    clock: Clock
    settings: ResolvedSettings
    known_servers: KnownServers | None = None
    note: Note = lambda level, text: None
    """Takes what the log is to hold besides exchanges with the server."""

    rehearsal: str | None = None
    """What tells one run of a demo from another; None for real servers."""

    def keepers(self, target: LogonTarget) -> Callable[[str], Keeper | None]:
        """What gives the journal of each session of that server.

        Each demo begins anew, with the session IDs of the last one: it is a server of its own.
        """
        if self.settings.journal is None:
            return lambda _: None
        from tui.journal.keeping import keepers

        def fingerprint() -> str | None:
            return target.fingerprint or self._pinned(target.server)

        server = self.rehearsal or target.server.label
        return keepers(self.settings.journal, server, fingerprint)

    def _pinned(self, server: ServerAddress) -> str | None:
        """The certificate that a person accepted; reads a file."""
        if self.known_servers is None or server.is_plain_http:
            return None
        found, _ = self.known_servers.find(server.host, server.port)
        return found.fingerprint if found is not None else None


async def log_off(client: EnterpriseManager) -> None:
    """Log off and let go; ends within two seconds, whatever the server does."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LOGOFF_SECONDS):
            await client.aclose()


def over_network(settings: ResolvedSettings, on_request: OnRequest | None = None) -> Connection:
    """Real servers."""
    settings = _with_test_interval(settings, os.environ)
    # The HTTP library is loaded when somebody logs on: the login screen comes first.
    from tui.enterprise_manager.known_servers import KnownServers

    known = KnownServers(settings.known_servers) if settings.known_servers else None

    def connect(target: LogonTarget, credentials: Credentials) -> EnterpriseManager:
        from tui.enterprise_manager.client import EnterpriseManager
        from tui.enterprise_manager.trust import ServerTrust

        trust = ServerTrust(target.ca_file, target.fingerprint, known)
        return EnterpriseManager(
            target.server,
            credentials,
            trust=trust,
            accept=target.accept,
            proxy=target.proxy,
            on_request=on_request,
        )

    return Connection(connect, SystemClock(), settings, known)


def _with_test_interval(settings: ResolvedSettings, environ: Mapping[str, str]) -> ResolvedSettings:
    given = environ.get(TEST_INTERVAL)
    if not given:
        return settings
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not _SHORTEST_TEST_INTERVAL <= seconds <= LONGEST_INTERVAL:
        raise InvalidInput(
            f"{TEST_INTERVAL} is not a number of seconds from {_SHORTEST_TEST_INTERVAL}"
            f" to {LONGEST_INTERVAL:.0f}.",
            "It is for measuring only: unset it.",
        )
    return replace(settings, interval=seconds)


class _ServerTime(SystemClock):
    """A demo that runs faster takes the simulated server's wall clock for its own."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now

    def now(self) -> datetime:
        """The simulated present."""
        return self._now()


def _demo_targets(configured: Targets) -> Targets:
    """A rehearsal without targets would not show what targets are for."""
    every = (configured.default, *configured.plans.values())
    default = PlanTarget(
        rto=configured.default.rto if any(each.rto for each in every) else DEMO_RTO,
        rpo=configured.default.rpo if any(each.rpo for each in every) else DEMO_RPO,
    )
    return replace(configured, default=default)


def to_simulator(
    settings: ResolvedSettings, demo: DemoOptions, on_request: OnRequest | None = None
) -> Connection:
    """The built-in simulator, inside this process; it opens on its running failover."""
    from tui.simulator import SCENARIOS, build_service
    from tui.simulator.in_process import ServiceTransport

    service = build_service(
        demo.scenario or next(iter(SCENARIOS)),
        speed=demo.speed,
        vms=demo.vms,
        sessions=demo.sessions,
        api=demo.api,
    )

    def connect(target: LogonTarget, credentials: Credentials) -> EnterpriseManager:
        from tui.enterprise_manager.client import EnterpriseManager

        return EnterpriseManager(
            target.server,
            credentials,
            accept=target.accept,
            transport=ServiceTransport(service),
            on_request=on_request,
        )

    featured = service.world.featured
    begun = featured.start <= 0  # second 0 of the simulated world is now
    wait_for = settings.wait_for or (None if begun or settings.session_id else featured.plan.name)
    prefilled = replace(
        settings,
        server=parse_server(DEMO_SERVER),
        user=DEMO_USER,
        password=SecretStr("demo"),
        session_id=settings.session_id or (None if wait_for else featured.uid),
        wait_for=wait_for,
        targets=_demo_targets(settings.targets),
        profile="DEMO",
        banner="blue",
        profiles=(),
    )
    rehearsal = f"demo {service.begin:%Y-%m-%d %H:%M:%S} {os.getpid()}"
    return Connection(connect, _ServerTime(service.now), prefilled, rehearsal=rehearsal)
