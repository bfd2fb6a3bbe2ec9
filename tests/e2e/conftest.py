"""A home of its own, a simulated server and real terminals for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.home import environment_of
from tests.support.simulated import SimulatedServer, build_service, serve
from tests.support.terminal import Terminal
from tui.simulator.clock import system_clock
from tui.simulator.logons import Account
from tui.simulator.server import Serving

USER, PASSWORD = "jdoe", "Tr0ub4dor-zebra-staple"
SESSION_TITLE = "Harbour Logistics"

Start = Callable[..., Terminal]


class JumpingClock:
    """The present, some seconds of which a test may skip."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return system_clock() + self._ahead

    def skip(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """All that a started process inherits; its files are under `tmp_path`."""
    return {**environment_of(tmp_path), "COLORTERM": "truecolor"}


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Starts `failover-monitor ARGUMENTS` in a terminal; `env` adds to the environment."""
    with ExitStack() as stack:

        def begin(*arguments: str, env: dict[str, str] | None = None, **options: Any) -> Terminal:
            surroundings = {**environment, **(env or {})}
            terminal = Terminal(["-m", "tui", *arguments], surroundings, **options)
            return stack.enter_context(terminal)

        yield begin


@pytest.fixture
def clock() -> JumpingClock:
    return JumpingClock()


@pytest.fixture
def service(clock: JumpingClock) -> SimulatedServer:
    """A server with one user, inside the test process: its log can be looked at."""
    return build_service(clock=clock, users={USER: Account(PASSWORD)})


@pytest.fixture
def server(service: SimulatedServer) -> Iterator[Serving]:
    with serve(service) as serving:
        yield serving


@pytest.fixture
def logged_on(start: Start, server: Serving, service: SimulatedServer) -> Start:
    """Starts the command on the running session; everything but ARGUMENTS is known to it."""

    def begin(*arguments: str, env: dict[str, str] | None = None, **options: Any) -> Terminal:
        known = {
            "FAILOVER_MONITOR_SERVER": server.url,
            "FAILOVER_MONITOR_USER": USER,
            "FAILOVER_MONITOR_PASSWORD": PASSWORD,
        }
        terminal = start(
            service.featured_session, *arguments, env={**known, **(env or {})}, **options
        )
        terminal.wait_for("of 14", "Filter", "dc01")
        return terminal

    return begin
